/**
 * A run as a tag of the data file that has it alone, so that the log says it: opening a file for every run of the trend
 * costs more than all else of a report.
 */
import type { Add, Row, RowValue } from "../delta/mod.ts";
import { RUNS_SCHEMA } from "./run_record.ts";

const TAG = "ratalake.run";

/** The tag for a data file with this row of the runs table, and no other row. */
export function runTag(row: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const stored = Object.entries(row).filter(([, value]) => value !== null);
  return { [TAG]: JSON.stringify(Object.fromEntries(stored)) };
}

/** The row as reading the file would give it; null when the file carries none, or may not be what it was. */
export function rowOfTag({ tags, deletionVector }: Add): Row | null {
  const tag = tags?.[TAG];
  if (tag === null || tag === undefined || deletionVector !== undefined) return null;
  try {
    const stored: Readonly<Record<string, unknown>> = JSON.parse(tag);
    if (typeof stored.run_id !== "string") return null;
    return Object.fromEntries(
      RUNS_SCHEMA.fields.map(({ name, type }) => [name, valueOf(stored[name] ?? null, type)]),
    );
  } catch {
    // Another writer may have written anything.
    return null;
  }
}

function valueOf(value: unknown, type: typeof RUNS_SCHEMA.fields[number]["type"]): RowValue {
  if (value === null) return null;
  if (typeof type !== "string") {
    return new Map(Object.entries(Object(value)).map(([name, count]) => [name, whole(count)]));
  }
  if (type === "timestamp") return BigInt(Date.parse(String(value))) * 1000n;
  return type === "long" ? whole(value) : String(value);
}

/** @throws {RangeError} when it is no whole number */
function whole(value: unknown): bigint {
  if (typeof value !== "number") throw new RangeError("no number");
  return BigInt(value);
}
