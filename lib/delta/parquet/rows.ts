/** Rows of the Parquet files that belong to a log, checkpoints and what they point to, with columns of any type. */
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { arrowValues } from "./arrow_values.ts";
import { checkLogFile } from "./check_log_file.ts";
import { withoutArrowSchema } from "./footer.ts";
import { rowGroups } from "./row_groups.ts";

type ParquetRow = Readonly<Record<string, unknown>>;

/**
 * Reads the rows of a Parquet file, one row group at a time, as `JSON.parse` would give them, without their nulls;
 * integers above 2^53 as bigints. The bytes must belong to the caller.
 *
 * @throws {Error} when the bytes are no whole Parquet file, or one that says far more than its size allows
 */
export function* readParquetRows(bytes: Uint8Array): Generator<readonly ParquetRow[]> {
  checkLogFile(bytes);
  const file = withoutArrowSchema(bytes);
  for (const group of rowGroups(file)) yield groupRows(group.bytes);
}

function groupRows(bytes: Uint8Array): readonly ParquetRow[] {
  // nodejs-polars takes a Buffer only; this one is a view, not a copy.
  const frame = pl.readParquet(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const table = arrow.tableFromIPC(frame.writeIPC());
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
