/** Frames without rows; a file of its own, since it takes a Parquet writer to make one, and reading needs none. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { Buffer } from "node:buffer";
import { parquetWriteBuffer } from "../../packages/hyparquet_writer.ts";
import { pl } from "../../packages/polars.ts";
import { parquetSchema } from "../parquet/schema.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { StructField } from "../schema/schema.ts";

/**
 * A frame of no rows with the columns and types of the fields; nodejs-polars cannot name all of them itself.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { emptyFrame, tableSchema } from "../mod.ts";
 *
 * const frame = emptyFrame(tableSchema({ id: "long", bytes: "binary" }).fields);
 * assertEquals([frame.columns, frame.height], [["id", "bytes"], 0]);
 * ```
 */
export function emptyFrame(fields: readonly StructField[]): Frame {
  checkArguments("emptyFrame", { fields }, { fields: KIND.fields });
  const columnData = fields.map(({ name }) => ({ name, data: [] }));
  return pl.readParquet(Buffer.from(parquetWriteBuffer({ schema: parquetSchema(fields), columnData })));
}
