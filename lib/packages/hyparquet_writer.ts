/** hyparquet-writer and the parts of it that write headers and footers, imported in this one place; zod.ts says why. */
export { ByteWriter, parquetWriteBuffer, ParquetWriter } from "hyparquet-writer";
export { writePageHeader } from "hyparquet-writer/src/datapage.js";
export { writeMetadata } from "hyparquet-writer/src/metadata.js";
export type { ColumnSource } from "hyparquet-writer";
