/** Rows of the Parquet files that belong to a log: checkpoints and what they point to. */
import { tableFromIPC } from "apache-arrow";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { arrowValues } from "./arrow_values.ts";

/**
 * Reads all rows of a Parquet file as `JSON.parse` would give them, without their nulls; integers above 2^53 as bigints.
 *
 * @throws {Error} when the bytes are no whole Parquet file
 */
export function readParquetRows(bytes: Uint8Array): readonly Readonly<Record<string, unknown>>[] {
  // nodejs-polars takes a Buffer only; this one is a view, not a copy.
  const frame = pl.readParquet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const table = tableFromIPC(frame.writeIPC());
  const rows = Array.from({ length: table.numRows }, (): Record<string, unknown> => ({}));
  for (const { name } of table.schema.fields) {
    const column = table.getChild(name)?.data.flatMap((data) => arrowValues(data)) ?? [];
    for (const [index, value] of column.entries()) {
      const row = rows[index];
      if (row !== undefined && value !== null) row[name] = value;
    }
  }
  return rows;
}
