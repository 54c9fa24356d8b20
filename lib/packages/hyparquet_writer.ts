/** hyparquet-writer, imported in this one place; zod.ts says why. */
export { ByteWriter, parquetWriteBuffer, ParquetWriter } from "hyparquet-writer";
export type { ColumnSource } from "hyparquet-writer";
