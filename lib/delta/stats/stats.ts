/** Writes statistics that bound the data, whatever JSON cannot hold. */
import { type DataType, decimalOf, type StructField, unwritableType } from "../schema/schema.ts";

/** One column, or one field inside structs, that statistics are kept of. */
export interface StatsColumn {
  /** The names from the top down. */
  readonly path: readonly string[];
  readonly type: DataType;
}

/** What is known of one such column in one file. */
export interface ColumnStats {
  readonly column: StatsColumn;
  readonly nullCount: number;
  /** JSON text; absent when there is no bound, or none that JSON can hold. */
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}

/** Which end of a column a bound stands for. */
export type BoundSide = "min" | "max";

/** A bound in the form that `encodeBound` takes; see there. */
export type Bound = string | number | bigint;

const DEFAULT_INDEXED_COLUMNS = 32;
const MAX_CHARACTERS = 32;
const MS_PER_DAY = 86_400_000;
const LAST_CODE_POINT = 0x10ffff;

/** The columns that a table keeps statistics of: by default the first 32, fields of structs counted one by one. */
export function statsColumns(
  fields: readonly StructField[],
  configuration: Readonly<Record<string, string>>,
): readonly StatsColumn[] {
  const leaves = fields.flatMap((field) => leavesOf(field, []));
  const names = configuration["delta.dataSkippingStatsColumns"];
  if (names !== undefined) return leaves.filter(({ path }) => isListed(path, names));
  const limit = Number(configuration["delta.dataSkippingNumIndexedCols"] ?? DEFAULT_INDEXED_COLUMNS);
  return limit < 0 ? leaves : leaves.slice(0, limit);
}

/** True when a type has bounds; the others have only a count of nulls. */
export function hasBounds(type: DataType): boolean {
  return typeof type === "string" && type !== "boolean" && type !== "binary" &&
    unwritableType(type) === undefined;
}

/**
 * Writes a bound as JSON text that bounds all that the exact value bounds, or gives undefined where JSON cannot.
 *
 * Takes strings for string and decimal (digits), days since 1970 for date, microseconds since 1970 UTC for timestamp,
 * numbers or bigints for the rest.
 */
export function encodeBound(value: Bound, type: DataType, side: BoundSide): string | undefined {
  if (typeof value === "string") return decimalOf(type) === undefined ? encodeString(value, side) : value;
  if (type === "date") return encodeDay(Number(value));
  if (type === "timestamp") return encodeTimestamp(BigInt(value), side);
  if (typeof value === "bigint") return String(value);
  // The two zeros are equal, so whichever was found may stand for the other; JSON can say both.
  if (value === 0 && (type === "float" || type === "double")) return side === "min" ? "-0.0" : "0.0";
  return Number.isFinite(value) ? String(value) : undefined;
}

/** Writes the `stats` of a file. */
export function serializeStats(numRecords: number, columns: readonly ColumnStats[]): string {
  const minValues = nest(columns, 0, ({ min }) => min);
  const maxValues = nest(columns, 0, ({ max }) => max);
  const nullCount = nest(columns, 0, (column) => String(column.nullCount));
  return `{"numRecords":${numRecords},"minValues":${minValues},"maxValues":${maxValues},"nullCount":${nullCount}}`;
}

function leavesOf(field: StructField, above: readonly string[]): readonly StatsColumn[] {
  const path = [...above, field.name];
  const { type } = field;
  if (typeof type !== "string" && type.type === "struct") {
    return type.fields.flatMap((part) => leavesOf(part, path));
  }
  return [{ path, type }];
}

function isListed(path: readonly string[], names: string): boolean {
  const name = path.join(".");
  return names.split(",").map((expected) => expected.trim().replaceAll("`", "")).some((expected) =>
    name === expected || name.startsWith(`${expected}.`)
  );
}

// The lower end of a string is any start of it; the upper end needs a character above the one that was cut.
function encodeString(value: string, side: BoundSide): string | undefined {
  const characters = Array.from(value.slice(0, 2 * MAX_CHARACTERS + 2));
  if (characters.length <= MAX_CHARACTERS) return JSON.stringify(value);
  const kept = characters.slice(0, MAX_CHARACTERS).join("");
  if (side === "min") return JSON.stringify(kept);
  const cut = characters[MAX_CHARACTERS]?.codePointAt(0) ?? LAST_CODE_POINT;
  if (cut === LAST_CODE_POINT) return undefined;
  // DEL bounds plain text in one byte, and old readers take no character beyond the basic plane.
  const above = cut < 0x7f ? 0x7f : cut < 0xfffd ? 0xfffd : LAST_CODE_POINT;
  return JSON.stringify(kept + String.fromCodePoint(above));
}

function encodeDay(day: number): string | undefined {
  const iso = isoOf(day * MS_PER_DAY);
  return iso === undefined ? undefined : `"${iso.slice(0, 10)}"`;
}

function encodeTimestamp(micros: bigint, side: BoundSide): string | undefined {
  const truncated = micros / 1000n;
  const rest = micros % 1000n;
  const floor = rest < 0n ? truncated - 1n : truncated;
  const iso = isoOf(Number(side === "max" && rest !== 0n ? floor + 1n : floor));
  return iso === undefined ? undefined : `"${iso}"`;
}

// Readers know years of four digits only.
function isoOf(ms: number): string | undefined {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return undefined;
  const iso = date.toISOString();
  return /^\d{4}-/.test(iso) ? iso : undefined;
}

// Columns of one struct stand side by side, so each struct is a run of columns with the same name at this depth.
function nest(
  columns: readonly ColumnStats[],
  depth: number,
  pick: (column: ColumnStats) => string | undefined,
): string {
  const members: string[] = [];
  for (const [name, group] of Map.groupBy(columns, ({ column }) => column.path[depth] ?? "")) {
    const [first] = group;
    if (first === undefined) continue;
    const isLeaf = first.column.path.length === depth + 1;
    const text = isLeaf ? pick(first) : nest(group, depth + 1, pick);
    if (text !== undefined && text !== "{}") members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(",")}}`;
}
