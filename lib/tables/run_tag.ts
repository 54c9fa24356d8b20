/**
 * The newest runs of a data file as a tag of it, so that the log says them: opening a file for every run of the trend,
 * or one with all runs of a year, costs more than all else of a report.
 */
import type { Add, DataType, Frame, Row, RowValue } from "../delta/mod.ts";
import { frameRows, statsRows } from "../delta/reading.ts";
import { RUNS_SCHEMA } from "./run_record.ts";

/** Runs as the log has them, the newest first. */
export interface TaggedRuns {
  readonly rows: readonly Row[];
  /** Whether the file has no others; else all others are older. */
  readonly isWhole: boolean;
}

const TAG = "ratalake.runs";
const TIME = "data_quality_generation_time";
/** A trend of 20 runs, and the 50 before it; 1.5 kB each. */
const RUNS_KEPT = 70;
const FIELDS = RUNS_SCHEMA.fields;

/** The tag for a data file with these rows of the runs table, and no others. */
export function runsTag(
  rows: readonly Readonly<Record<string, unknown>>[],
): Readonly<Record<string, string>> {
  const stored = rows.map((row) =>
    Object.fromEntries(
      FIELDS.map(({ name }) => [name, jsonOf(row[name])]).filter(([, value]) => value !== null),
    )
  );
  const newest = stored.sort((a, b) => compareRuns(b, a)).slice(0, RUNS_KEPT);
  return { [TAG]: JSON.stringify(newest) };
}

/** The same of rows that are joined. */
export function runsTagOf(rows: Frame): Readonly<Record<string, string>> {
  const fields = FIELDS.filter(({ name }) => rows.columns.includes(name));
  return runsTag([...frameRows(rows.sort([TIME, "run_id"]).tail(RUNS_KEPT), fields)]);
}

/** Below 0 when the run a is older than b; runs of one moment have an order too, which joining files does not change. */
export function compareRuns(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): number {
  const [timeA, timeB] = [timeOf(a), timeOf(b)];
  if (timeA !== timeB) return timeA < timeB ? -1 : 1;
  return String(a.run_id) < String(b.run_id) ? -1 : 1;
}

/** Microseconds; a row without a time is older than all others. */
function timeOf(row: Readonly<Record<string, unknown>>): number {
  const time = row[TIME];
  return typeof time === "bigint" || typeof time === "number" ? Number(time) : -Infinity;
}

/** The rows as reading the file would give them; null when it carries none, or may not be what it was. */
export function runsOfTag(add: Add): TaggedRuns | null {
  const tag = add.tags?.[TAG];
  if (tag === null || tag === undefined || add.deletionVector !== undefined) return null;
  try {
    const stored: unknown = JSON.parse(tag);
    if (!Array.isArray(stored) || stored.length === 0) return null;
    const rows = stored.map(rowOf);
    return { rows, isWhole: statsRows(add) === rows.length };
  } catch {
    // Another writer may have written anything.
    return null;
  }
}

/** @throws {TypeError} when it is no run */
function rowOf(stored: Readonly<Record<string, unknown>>): Row {
  if (typeof stored.run_id !== "string") throw new TypeError("no run");
  return Object.fromEntries(FIELDS.map(({ name, type }) => [name, valueOf(stored[name] ?? null, type)]));
}

function valueOf(value: unknown, type: DataType): RowValue {
  if (value === null) return null;
  if (typeof type !== "string") {
    if (type.type !== "map") throw new TypeError("no column of a run");
    const { valueType } = type;
    return new Map(Object.entries(Object(value)).map(([name, each]) => [name, valueOf(each, valueType)]));
  }
  return type === "long" || type === "timestamp" ? whole(value) : String(value);
}

/** @throws {TypeError} when it is no whole number */
function whole(value: unknown): bigint {
  if (!Number.isSafeInteger(value)) throw new TypeError("no whole number");
  return BigInt(Number(value));
}

/** A value of a row, or of a run that is to become one, as JSON can hold it. */
function jsonOf(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.getTime() * 1000;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([name, each]) => [name, jsonOf(each)]));
  }
  return value;
}
