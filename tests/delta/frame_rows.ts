/** Exact values of a small frame, through Arrow: polars' own `toRecords` loses digits. */

import { tableFromIPC, Type, type Vector } from "apache-arrow";
import type pl from "nodejs-polars";

/** The rows of a frame: bigint for long, microseconds for timestamp, `YYYY-MM-DD` for date, digits for decimal. */
export function frameRows(frame: pl.DataFrame): readonly Readonly<Record<string, unknown>>[] {
  const table = tableFromIPC(frame.writeIPC());
  // Arrow makes a vector anew each time it is asked for a column.
  const columns = table.schema.fields.map(({ name }) => [name, table.getChild(name)] as const);
  return Array.from(
    { length: table.numRows },
    (_, row) => Object.fromEntries(columns.map(([name, vector]) => [name, valueAt(vector, row)])),
  );
}

function valueAt(vector: Vector | null, row: number): unknown {
  const value: unknown = vector?.get(row) ?? null;
  if (vector === null || value === null) return null;
  const { type } = vector;
  if (type.typeId === Type.Date) return new Date(Number(value)).toISOString().slice(0, 10);
  if (type.typeId === Type.Timestamp) return exactMicros(vector, row);
  if (value instanceof Uint8Array) return [...value];
  return isRow(value) ? JSON.parse(JSON.stringify(value, bigintText)) : value;
}

// Arrow gives milliseconds as a number.
function exactMicros(vector: Vector, row: number): bigint {
  const [data] = vector.data;
  const values: unknown = data?.values;
  if (values instanceof BigInt64Array) return values[row] ?? 0n;
  throw new TypeError("a timestamp column has no 64-bit values");
}

function isRow(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
