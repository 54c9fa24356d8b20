/** Rows of the Parquet files that belong to a log: checkpoints and what they point to. */
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { arrowValues } from "./arrow_values.ts";
import { checkFooter } from "./check_footer.ts";
import { decodedSizes } from "./decoded_size.ts";
import { withoutArrowSchema } from "./footer.ts";
import { rowGroups } from "./row_groups.ts";

type ParquetRow = Readonly<Record<string, unknown>>;

/** Every action names something that no other does: so many of them do not fit into a byte. */
const MAX_ROWS_PER_BYTE = 4;
/** No compression of paths and statistics saves more. */
const MAX_RATIO = 500;
/** Files that stay below both are read whatever they say of themselves. */
const HARMLESS_ROWS = 1_000_000;
const HARMLESS_BYTES = 2 ** 29;

/**
 * Reads the rows of a Parquet file, one row group at a time, as `JSON.parse` would give them, without their nulls;
 * integers above 2^53 as bigints. The bytes must belong to the caller.
 *
 * @throws {Error} when the bytes are no whole Parquet file, or one that says far more than its size allows
 */
export function* readParquetRows(bytes: Uint8Array): Generator<readonly ParquetRow[]> {
  checkFooter(bytes);
  assertPlausible(bytes);
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

// A few kilobytes may say millions of actions, or gigabytes of text: no log is like that.
function assertPlausible(bytes: Uint8Array): void {
  const sizes = decodedSizes(bytes, undefined, HARMLESS_BYTES);
  const rows = sizes.reduce((sum, size) => sum + size.rows, 0);
  if (rows > Math.max(HARMLESS_ROWS, MAX_ROWS_PER_BYTE * bytes.length)) {
    throw new RangeError(
      `found ${rows} actions in ${bytes.length} bytes, expected at most ${MAX_ROWS_PER_BYTE} in a byte`,
    );
  }
  const stored = sizes.reduce((sum, size) => sum + size.storedBytes, 0);
  if (stored > Math.max(HARMLESS_BYTES, MAX_RATIO * bytes.length)) {
    throw new RangeError(
      `found ${stored} bytes of actions in ${bytes.length} bytes, expected at most ${MAX_RATIO} times as many`,
    );
  }
}
