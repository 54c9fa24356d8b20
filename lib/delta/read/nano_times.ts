/** Times that a file holds in nanoseconds or INT96: polars has 64 bits for them, which end in 1677 and 2262. */

import { arrow } from "../../packages/arrow.ts";
import type { DataType as ArrowType } from "apache-arrow";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { parseTime } from "../schema/calendar.ts";
import { readParquetColumn } from "../parquet/column.ts";
import { boundsOf } from "../stats/bounds.ts";
import type { FileStats } from "../stats/file_stats.ts";
import type { Series } from "../schema/polars_type.ts";
import type { DataType } from "../schema/schema.ts";

const FIRST = parseTime("1678-01-01")?.micros ?? 0n;
const LAST = parseTime("2262-01-01")?.micros ?? 0n;

/** True when a type has nanoseconds somewhere in it. */
export function hasNanos(found: ArrowType): boolean {
  if (found.typeId === arrow.Type.Timestamp) return String(found).includes("NANOSECOND");
  return (found.children ?? []).some(({ type }) => hasNanos(type));
}

/** True when statistics show that all times of a column are within what polars can hold. */
export function areNanosSafe(
  stats: FileStats,
  path: readonly string[],
  type: DataType,
): boolean {
  const { lower, upper, hasValues } = boundsOf(stats, path, type);
  if (hasValues === false) return true;
  return typeof lower === "bigint" && typeof upper === "bigint" && lower > FIRST && upper < LAST;
}

/** Reads a column of times exactly, in microseconds; it has its own name and is without a zone. */
export async function readNanoColumn(file: Uint8Array, column: string, rows: number): Promise<Series> {
  const values = new BigInt64Array(rows);
  const nullBitmap = new Uint8Array(Math.ceil(rows / 8));
  await readParquetColumn(file, column, { timestampFromNanoseconds: toMicros }, (chunk, rowStart) => {
    for (let index = 0; index < chunk.length; index++) {
      const value = chunk[index];
      const row = rowStart + index;
      if (typeof value !== "bigint") continue;
      values[row] = value;
      nullBitmap[row >> 3] = (nullBitmap[row >> 3] ?? 0) | (1 << (row & 7));
    }
  });
  const data = arrow.makeData({
    type: new arrow.TimestampMicrosecond(),
    length: rows,
    nullBitmap,
    data: values,
  });
  const table = new arrow.Table({ [column]: new arrow.Vector([data]) });
  return pl.readIPC(Buffer.from(arrow.tableToIPC(table, "file"))).getColumn(column);
}

/**
 * Throws unless all times inside a nested column are within what polars can hold.
 *
 * @throws {TypeError} when one is not
 */
export async function assertNanosSafe(file: Uint8Array, column: string): Promise<void> {
  const check = (nanos: bigint): bigint => {
    const micros = toMicros(nanos);
    if (micros > FIRST && micros < LAST) return micros;
    throw new TypeError(
      `Cannot read the column "${column}": found a time inside a value before 1678 or after 2261, expected one between them`,
    );
  };
  await readParquetColumn(file, column, { timestampFromNanoseconds: check }, () => {});
}

function toMicros(nanos: bigint): bigint {
  const micros = nanos / 1000n;
  return nanos < 0n && micros * 1000n !== nanos ? micros - 1n : micros;
}
