/** What the statistics of a file say about one column, widened where writers round. */

import { parseDate, parseTime } from "../schema/calendar.ts";
import { type DataType, decimalOf } from "../schema/schema.ts";
import type { FileStats } from "./file_stats.ts";

/**
 * The form in which values of a type are compared: bigint for byte to long, for decimals (in their smallest unit) and
 * for times (microseconds since 1970 UTC), number for float, double, date (days since 1970) and boolean (0, 1).
 */
export type Comparable = string | number | bigint;

/** What is known of the values of a column in a file; absent means that nothing is. */
export interface ColumnBounds {
  /** No value is below it. Of times 999 µs below what the statistics say, since some writers cut to milliseconds. */
  readonly lower?: Comparable | undefined;
  /** No value is above it, NaN apart. Of times 999 µs above: `upper / 1000n` is the millisecond they say. */
  readonly upper?: Comparable | undefined;
  /** True when every value that starts with `upper` is possible too. */
  readonly isUpperPrefix?: boolean;
  /** False when there is certainly no null. */
  readonly hasNulls: boolean | undefined;
  /** False when every value is null. */
  readonly hasValues: boolean | undefined;
}

const FIRST_GREGORIAN_DAY = parseDate("1583-01-01") ?? 0;
const FIRST_GREGORIAN_MICROS = parseTime("1583-01-01")?.micros ?? 0n;
const MAX_EXACT_LENGTH = 31;
// Beyond these digits some writers go through a double, whose error is below one in 2^52.
const EXACT_DIGITS = 15;

/** What is known of the column with these physical names. */
export function boundsOf(stats: FileStats, path: readonly string[], type: DataType): ColumnBounds {
  const nulls = valueAt(stats.nullCount, path);
  const { numRecords } = stats;
  const isCounted = typeof nulls === "number" && typeof numRecords === "number";
  const upper = valueAt(stats.maxValues, path);
  return {
    lower: readBound(valueAt(stats.minValues, path), type, "lower"),
    upper: readBound(upper, type, "upper"),
    isUpperPrefix: type === "string" && String(upper).length > MAX_EXACT_LENGTH,
    // Of files with deletion vectors only these two counts are exact.
    hasNulls: nulls === 0 ? false : undefined,
    hasValues: isCounted && nulls === numRecords ? false : undefined,
  };
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, name)
        ? (value as Readonly<Record<string, unknown>>)[name]
        : undefined,
    values,
  );
}

function readBound(value: unknown, type: DataType, side: "lower" | "upper"): Comparable | undefined {
  if (value === undefined || value === null || typeof type !== "string") return undefined;
  const decimal = decimalOf(type);
  if (decimal !== undefined) return decimalBound(value, decimal.precision, decimal.scale, side);
  switch (type) {
    case "string":
      return typeof value === "string" ? textBound(value, side) : undefined;
    case "boolean":
      return typeof value === "boolean" ? Number(value) : undefined;
    case "date":
      return dateBound(value);
    case "float":
    case "double":
      return floatBound(value, type, side);
    case "binary":
      return undefined;
    case "byte":
    case "short":
    case "integer":
    case "long":
      return integerBound(value);
    case "timestamp":
    case "timestamp_ntz":
      return timeBound(value, type, side);
    default:
      return undefined;
  }
}

// A cut text may end with a character that some readers take for the highest one.
function textBound(value: string, side: "lower" | "upper"): string {
  const isCut = side === "upper" && value.length > MAX_EXACT_LENGTH;
  return isCut ? value.replace(/[\u007f\ufffd\u{10ffff}]+$/u, "") : value;
}

function integerBound(value: unknown): bigint | undefined {
  const isInteger = typeof value === "string" ? /^-?\d+$/.test(value) : Number.isSafeInteger(value);
  return isInteger ? BigInt(value as string | number) : undefined;
}

function decimalBound(
  value: unknown,
  precision: number,
  scale: number,
  side: "lower" | "upper",
): bigint | undefined {
  const unscaled = typeof value === "number" || typeof value === "string"
    ? unscaledText(String(value), scale)
    : undefined;
  if (unscaled === undefined || precision <= EXACT_DIGITS) return unscaled;
  const slack = (unscaled < 0n ? -unscaled : unscaled) / 10n ** BigInt(EXACT_DIGITS) + 1n;
  return side === "lower" ? unscaled - slack : unscaled + slack;
}

// Digits beyond the scale are the noise of a double.
function unscaledText(text: string, scale: number): bigint | undefined {
  const match = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "", fraction = "", exponent = "0"] = match;
  if (Math.abs(Number(exponent)) > 100 || text.length > 200) return undefined;
  const digits = BigInt(whole + fraction);
  const shift = scale - fraction.length + Number(exponent);
  if (shift >= 0) return digits * 10n ** BigInt(shift);
  return shift < -200 ? undefined : digits / 10n ** BigInt(-shift);
}

// A double that was a float in the file is bounded by the float, one that was a double by the double.
function floatBound(value: unknown, type: string, side: "lower" | "upper"): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  const rounded = Math.fround(number);
  if (type === "float") return rounded;
  return side === "lower" ? Math.min(number, rounded) : Math.max(number, rounded);
}

// Before the calendar of today, writers differ in what a date means.
function dateBound(value: unknown): number | undefined {
  const days = typeof value === "string" ? parseDate(value) : undefined;
  return days === undefined || days < FIRST_GREGORIAN_DAY ? undefined : days;
}

// Writers cut times to milliseconds, the upper bound too.
function timeBound(value: unknown, type: string, side: "lower" | "upper"): bigint | undefined {
  const time = typeof value === "string" ? parseTime(value) : undefined;
  if (time === undefined || time.hasZone !== (type === "timestamp")) return undefined;
  if (time.micros < FIRST_GREGORIAN_MICROS) return undefined;
  return side === "lower" ? time.micros - 999n : time.micros + 999n;
}
