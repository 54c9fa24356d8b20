/** Partition values as the log writes them, and back. */
import { formatDate, formatTime, parseDate, parseTime } from "./calendar.ts";
import { type DataType, decimalOf, formatType } from "./schema.ts";

/**
 * One value of a partition column: string, number (byte to integer, float, double), bigint (long, and timestamp in
 * microseconds since 1970 UTC), boolean, bytes, `YYYY-MM-DD` for date, digits for decimal; null for null.
 */
export type PartitionValue = string | number | bigint | boolean | Uint8Array | null;

/** What one type writes and reads; both throw a short reason. */
interface Codec {
  readonly serialize: (value: Exclude<PartitionValue, null>) => string;
  readonly parse: (text: string) => PartitionValue;
}

const INTEGER_LIMITS: Readonly<Record<string, number>> = { byte: 2 ** 7, short: 2 ** 15, integer: 2 ** 31 };
const LONG_LIMIT = 2n ** 63n;

/**
 * Writes a value as the log holds it; null and "" are both null, since the log does not distinguish them.
 *
 * @throws {TypeError} when the value is not of the type
 */
export function serializePartitionValue(value: PartitionValue, type: DataType): string | null {
  if (value === null || value === "") return null;
  const text = run(() => codecOf(type).serialize(value), value, type, "write");
  return text === "" ? null : text;
}

/**
 * Reads a value as the log holds it. Timestamps without a zone are taken as UTC.
 *
 * @throws {TypeError} when the text is not of the type
 */
export function parsePartitionValue(text: string | null | undefined, type: DataType): PartitionValue {
  if (text === null || text === undefined || text === "") return null;
  return run(() => codecOf(type).parse(text), text, type, "read");
}

function run<T>(act: () => T, value: unknown, type: DataType, action: string): T {
  try {
    return act();
  } catch (cause) {
    const shown = typeof value === "bigint" ? `${value}` : JSON.stringify(value);
    throw new TypeError(`Cannot ${action} the partition value ${shown}: expected ${formatType(type)}`, {
      cause,
    });
  }
}

function codecOf(type: DataType): Codec {
  const decimal = decimalOf(type);
  if (decimal !== undefined) {
    const parse = (text: string): string => parseDecimal(text, decimal.precision, decimal.scale);
    return { serialize: (value) => parse(decimalText(value)), parse };
  }
  const codec = typeof type === "string" && Object.hasOwn(CODECS, type) ? CODECS[type] : undefined;
  if (codec === undefined) throw new TypeError("no type for a partition column");
  return codec;
}

const CODECS: Readonly<Record<string, Codec>> = {
  string: { serialize: text, parse: text },
  boolean: {
    serialize: (value) => {
      if (typeof value !== "boolean") throw new TypeError("no boolean");
      return String(value);
    },
    parse: parseBoolean,
  },
  byte: smallInteger("byte"),
  short: smallInteger("short"),
  integer: smallInteger("integer"),
  long: { serialize: (value) => String(longOf(value)), parse: longOf },
  float: { serialize: floatText, parse: parseFloatText },
  double: { serialize: floatText, parse: parseFloatText },
  date: { serialize: dateText, parse: dateText },
  // With a zone, since readers take a time without one in the zone of their session.
  timestamp: { serialize: (value) => `${timestampText(value)}Z`, parse: parseTimestamp },
  timestamp_ntz: { serialize: (value) => timestampText(value).replace("T", " "), parse: parseLocalTime },
  binary: { serialize: binaryText, parse: (value) => new TextEncoder().encode(value) },
};

function text(value: PartitionValue): string {
  if (typeof value !== "string" || !value.isWellFormed()) throw new TypeError("no string");
  return value;
}

function matchText(value: PartitionValue, pattern: RegExp): RegExpExecArray {
  const match = pattern.exec(text(value));
  if (match === null) throw new TypeError("wrong form");
  return match;
}

function decimalText(value: PartitionValue): string {
  return matchText(value, /^-?\d+(?:\.\d+)?$/)[0];
}

// Spark writes "1E-7" and "0E-18"; delta-rs 1.6 writes -1.50 as "-1.-50" and -0.01 as "0.-1".
function parseDecimal(text: string, precision: number, scale: number): string {
  const match = matchText(text, /^([+-]?)(\d{1,99})(?:\.(0*-)?(\d{0,99}))?(?:[eE]([+-]?\d{1,3}))?$/);
  const [, sign = "", whole = "", inner, digits = "", exponent = "0"] = match;
  const fraction = inner === undefined ? digits : digits.padStart(scale, "0");
  const shift = scale - fraction.length + Number(exponent);
  const all = BigInt(whole + fraction);
  const unscaled = shift >= 0 ? all * 10n ** BigInt(shift) : all / 10n ** BigInt(-shift);
  const isExact = shift >= 0 || all % 10n ** BigInt(-shift) === 0n;
  if (!isExact || unscaled >= 10n ** BigInt(precision)) throw new TypeError("too many digits");
  const isNegative = (sign === "-" || inner !== undefined) && unscaled !== 0n;
  const padded = String(unscaled).padStart(scale + 1, "0");
  const plain = scale === 0 ? padded : `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  return isNegative ? `-${plain}` : plain;
}

function parseBoolean(text: string): boolean {
  const word = text.toLowerCase();
  if (word !== "true" && word !== "false") throw new TypeError("no boolean");
  return word === "true";
}

function smallInteger(name: string): Codec {
  const limit = INTEGER_LIMITS[name] ?? 0;
  const check = (value: unknown): number => {
    if (typeof value === "number" && Number.isInteger(value) && value >= -limit && value < limit) {
      return value;
    }
    throw new TypeError("out of range");
  };
  return { serialize: (value) => String(check(value)), parse: (value) => check(Number(longOf(value))) };
}

function longOf(value: PartitionValue): bigint {
  if (typeof value === "string" && !/^[+-]?\d+$/.test(value)) throw new TypeError("no integer");
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("no exact integer");
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") {
    throw new TypeError("no integer");
  }
  const long = BigInt(value);
  if (long < -LONG_LIMIT || long >= LONG_LIMIT) throw new TypeError("out of range");
  return long;
}

function floatText(value: PartitionValue): string {
  if (typeof value !== "number") throw new TypeError("no number");
  return Object.is(value, -0) ? "-0.0" : String(value);
}

// Java and JavaScript write Infinity, Rust and Python inf; all of them read more than they write.
function parseFloatText(text: string): number {
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text);
  if (special !== null) return special[2] === undefined ? NaN : special[1] === "-" ? -Infinity : Infinity;
  return Number(matchText(text, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/)[0]);
}

function dateText(value: PartitionValue): string {
  const days = parseDate(text(value));
  if (days === undefined) throw new TypeError("no such day");
  return formatDate(days);
}

function timestampText(value: PartitionValue): string {
  if (typeof value !== "bigint") throw new TypeError("no bigint");
  const time = formatTime(value);
  // Readers know years of four digits only.
  if (!/^\d{4}-/.test(time)) throw new TypeError("year out of range");
  return time;
}

function parseTimestamp(value: string): bigint {
  const time = parseTime(value);
  if (time === undefined) throw new TypeError("no such time");
  return time.micros;
}

function parseLocalTime(value: string): bigint {
  const time = parseTime(value);
  if (time === undefined || time.hasZone) throw new TypeError("no such time");
  return time.micros;
}

// The log holds text; bytes that are no UTF-8 have no spelling that all readers agree on.
function binaryText(value: PartitionValue): string {
  if (!(value instanceof Uint8Array)) throw new TypeError("no bytes");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
}
