/** Values and their texts as exact literals of a column type. */
import { formatDate, parseDate, parseTime } from "../schema/calendar.ts";
import type { Literal } from "./predicate.ts";
import { type DataType, decimalOf, formatType } from "../schema/schema.ts";

type Value = Exclude<Literal, null>;

const LIMITS: Readonly<Record<string, bigint>> = {
  byte: 2n ** 7n,
  short: 2n ** 15n,
  integer: 2n ** 31n,
  long: 2n ** 63n,
};
const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * Turns a value, or the text of one, into the literal that stands for it in a column of this type; nothing is rounded.
 * Times without a zone are UTC.
 *
 * @throws {TypeError} when the column cannot hold this value, or cannot be compared at all
 */
export function toLiteral(value: Literal, type: DataType): Literal {
  if (value === null) return null;
  const literal = typeof type === "string" ? convert(value, type) : undefined;
  if (literal !== undefined) return literal;
  const shown = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  throw new TypeError(`found ${shown}, expected ${formatType(type)}`);
}

/** A decimal as an integer of its smallest unit: "-1.50" with scale 3 is -1500n; undefined when it has more digits. */
export function unscaledDecimal(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = ""] = match;
  const rest = fraction.slice(scale);
  if (whole + fraction === "" || /[1-9]/.test(rest)) return undefined;
  const unscaled = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  return sign === "-" ? -unscaled : unscaled;
}

/** The digits of a decimal: -1500n with scale 3 is "-1.500". */
export function decimalDigits(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

function convert(value: Value, type: DataType & string): Value | undefined {
  const limit = LIMITS[type];
  if (limit !== undefined) return toInteger(value, limit, type === "long");
  const decimal = decimalOf(type);
  if (decimal !== undefined) return toDecimal(value, decimal.precision, decimal.scale);
  if (type === "float" || type === "double") return toFloat(value);
  if (type === "boolean") return toBoolean(value);
  if (type === "date") return toDate(value);
  if (type === "binary") return value instanceof Uint8Array ? value : undefined;
  if (type === "string") return typeof value === "string" ? value : undefined;
  return type === "timestamp" || type === "timestamp_ntz" ? toTime(value) : undefined;
}

function toInteger(value: Value, limit: bigint, isLong: boolean): Value | undefined {
  const isExact = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)) ||
    (typeof value === "string" && INTEGER.test(value));
  if (!isExact) return undefined;
  const integer = BigInt(value);
  if (integer < -limit || integer >= limit) return undefined;
  return isLong ? integer : Number(integer);
}

function toDecimal(value: Value, precision: number, scale: number): Value | undefined {
  const text = typeof value === "string" || typeof value === "bigint" || typeof value === "number"
    ? String(value)
    : "";
  const unscaled = unscaledDecimal(text, scale);
  const fits = unscaled !== undefined && unscaled < 10n ** BigInt(precision) &&
    unscaled > -(10n ** BigInt(precision));
  return fits ? decimalDigits(unscaled, scale) : undefined;
}

function toFloat(value: Value): Value | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) && value !== "NaN" ? undefined : number;
}

function toBoolean(value: Value): Value | undefined {
  if (typeof value === "boolean") return value;
  return value === "true" ? true : value === "false" ? false : undefined;
}

function toDate(value: Value): Value | undefined {
  const days = typeof value === "string" ? parseDate(value) : undefined;
  return days === undefined ? undefined : formatDate(days);
}

function toTime(value: Value): Value | undefined {
  if (typeof value === "bigint") return BigInt.asIntN(64, value) === value ? value : undefined;
  return typeof value === "string" ? parseTime(value)?.micros : undefined;
}
