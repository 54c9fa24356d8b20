/** hyparquet-writer, imported in this one place; zod.ts says why. */
export { parquetWriteBuffer } from "hyparquet-writer";
