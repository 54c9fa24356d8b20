import { parquetWriteBuffer } from "hyparquet-writer";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { parquetSchema } from "./schema.ts";
import type { StructField } from "../schema/schema.ts";

/** A frame of no rows with the columns and types of the fields; nodejs-polars cannot name all of them itself. */
export function emptyFrame(fields: readonly StructField[]): pl.DataFrame {
  const columnData = fields.map(({ name }) => ({ name, data: [] }));
  return pl.readParquet(Buffer.from(parquetWriteBuffer({ schema: parquetSchema(fields), columnData })));
}
