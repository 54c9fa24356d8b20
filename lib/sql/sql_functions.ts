/** Functions that questions about delays need and SQLite does not have, under the names that DuckDB gives them. */
import type { AggregateOptions, DatabaseSync, SQLInputValue } from "node:sqlite";

/** What one group of rows has given so far. */
interface Gathered {
  readonly values: number[];
  /** The second argument, of those that have one. */
  share: number;
}

/** Adds them: median, quantile_cont, stddev, and helsinki, which gives a time as the clock in Finland shows it. */
export function addFunctions(database: DatabaseSync, onFault: (fault: string) => void): void {
  const plain = { useBigIntArguments: true, deterministic: true };
  database.function("helsinki", plain, helsinki);
  // SQLite's own know no letters but those of ASCII, and half of Finland has an ä.
  database.function("upper", plain, (text) => text === null ? null : String(text).toUpperCase());
  database.function("lower", plain, (text) => text === null ? null : String(text).toLowerCase());
  addAggregate(database, "median", ({ values }) => quantile(values, 0.5));
  addAggregate(database, "stddev", ({ values }) => deviation(values));
  addAggregate(database, "quantile_cont", ({ values, share }) => {
    if (share >= 0 && share <= 1 || values.length === 0) return quantile(values, share);
    // Not thrown: Deno 2.9.6 would call this for ever.
    onFault(`found quantile_cont(..., ${share}), expected a share from 0 to 1`);
    return null;
  });
}

function addAggregate(
  database: DatabaseSync,
  name: string,
  result: (gathered: Gathered) => number | null,
): void {
  // The types of Node.js allow only values of SQL between the steps; any object will do.
  const options = {
    start: (): Gathered => ({ values: [], share: NaN }),
    step: name === "quantile_cont" ? gatherShare : gather,
    result,
    useBigIntArguments: true,
  };
  database.aggregate(name, options as unknown as AggregateOptions);
}

// The number of parameters is that of arguments which SQL then demands.
function gatherShare(gathered: Gathered, value: SQLInputValue, share: SQLInputValue): Gathered {
  if (share !== null) gathered.share = Number(share);
  return gather(gathered, value);
}

function gather(gathered: Gathered, value: SQLInputValue): Gathered {
  if (value !== null) gathered.values.push(Number(value));
  return gathered;
}

/** Between the two nearest values in proportion, as SQL's PERCENTILE_CONT. */
function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const [below = 0, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place - Math.floor(place));
}

/** Of a sample. */
function deviation(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

const MS_PER_HOUR = 3_600_000;
const offsets = new Map<number, number>();
let clock: Intl.DateTimeFormat | undefined;

/** A stored time (UTC) as the clock in Finland shows it, without a zone; null of what is no time. */
function helsinki(time: SQLInputValue): string | null {
  const ms = typeof time === "string" ? Date.parse(time.replace(/\.(\d{3})\d*Z$/, ".$1Z")) : NaN;
  if (Number.isNaN(ms)) return null;
  return new Date(ms + offsetAt(Math.floor(ms / MS_PER_HOUR))).toISOString().slice(0, 19);
}

// Clocks change at whole hours; a format costs 2 µs, and most times of a question share few hours.
function offsetAt(hour: number): number {
  const known = offsets.get(hour);
  if (known !== undefined) return known;
  clock ??= new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Europe/Helsinki",
    dateStyle: "short",
    timeStyle: "medium",
  });
  const shown = Date.parse(`${clock.format(hour * MS_PER_HOUR).replace(" ", "T")}Z`);
  const offset = shown - hour * MS_PER_HOUR;
  offsets.set(hour, offset);
  return offset;
}
