/** Rows as one Parquet file that belongs to no table, written group by group. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { ByteWriter, ParquetWriter } from "../../packages/hyparquet_writer.ts";
import { parquetSchema } from "../parquet/schema.ts";
import type { Row } from "../schema/row_value.ts";
import type { StructType } from "../schema/schema.ts";
import { columnsOfRows, storeRow } from "./stage_rows.ts";

/**
 * Writes each batch of rows, as `frameRows` gives them, as a row group, and hands on its bytes: in memory is one batch.
 * Maps are maps. `notes` go into the key-value metadata of the file.
 *
 * @throws {TypeError} naming the column and both types when a value does not fit
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableSchema, writeParquet } from "../mod.ts";
 *
 * async function* batches() {
 *   yield [{ name: "HKI", track: 4 }, { name: "TPE", track: null }];
 *   yield [{ name: "OL", track: 1 }];
 * }
 * const schema = tableSchema({ name: "string", track: "double" });
 * const pieces = await Array.fromAsync(writeParquet(batches(), schema, { licence: "CC BY 4.0" }));
 * const text = new TextDecoder().decode(new Uint8Array(await new Blob(pieces).arrayBuffer()));
 * assertEquals([text.slice(0, 4), text.slice(-4), text.includes("CC BY 4.0")], ["PAR1", "PAR1", true]);
 * ```
 */
export async function* writeParquet(
  batches: AsyncIterable<readonly Row[]>,
  schema: StructType,
  notes: Readonly<Record<string, string>> = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  checkArguments("writeParquet", { batches, schema, notes }, {
    batches: KIND.rowBatches,
    schema: KIND.schema,
    notes: KIND.object,
  });
  const { fields } = schema;
  const writer = new ByteWriter();
  const kvMetadata = Object.entries(notes).map(([key, value]) => ({ key, value }));
  const file = new ParquetWriter({ writer, schema: parquetSchema(fields), kvMetadata });
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    const stored = rows.map((row) => storeRow(row, fields, "the file"));
    file.write({ columnData: columnsOfRows(stored, fields), rowGroupSize: rows.length });
    yield drained(writer);
  }
  file.finish();
  yield drained(writer);
}

/** What was written since the last time; offsets in the file go on. */
function drained(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const bytes = Uint8Array.from(writer.getBytes());
  writer.index = 0;
  return bytes;
}
