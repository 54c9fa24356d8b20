/** Decides from the log alone which files can hold rows that a predicate takes. */

import type { Add, Metadata } from "../actions/actions.ts";
import { parseDate } from "../schema/calendar.ts";
import { type ColumnMappingMode, columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import { toLiteral, unscaledDecimal } from "../predicate/literal.ts";
import { parsePartitionValue } from "../schema/partition_value.ts";
import {
  type ColumnPath,
  columnType,
  fieldsOf,
  type Literal,
  type Operator,
  type Predicate,
} from "../predicate/predicate.ts";
import { type DataType, decimalOf, type StructType } from "../schema/schema.ts";
import { boundsOf, type ColumnBounds, type Comparable, type FileStats, parseStats } from "./bounds.ts";
import { compareCodePoints } from "../schema/text_order.ts";

/** What a predicate does with the rows of a file: takes none, all, or it is not known. */
export type FileMatch = "none" | "some" | "all";

/** The table that a predicate is about; a snapshot is one. */
export interface PredicateTable {
  readonly schema: StructType;
  readonly metadata: Pick<Metadata, "partitionColumns" | "configuration">;
}

/** Which truth values the rows of a file can have. */
interface Outcomes {
  readonly canBeTrue: boolean;
  readonly canBeFalse: boolean;
  readonly canBeNull: boolean;
}

type KnownFile = Pick<Add, "partitionValues" | "stats">;
type Evaluate = (file: KnownFile, stats: () => FileStats | undefined) => Outcomes;

/** A column as a comparison sees it. */
interface Subject {
  readonly type: DataType;
  readonly bounds: (file: KnownFile, stats: () => FileStats | undefined) => ColumnBounds;
}

const UNKNOWN: Outcomes = { canBeTrue: true, canBeFalse: true, canBeNull: true };
const ALWAYS: Outcomes = { canBeTrue: true, canBeFalse: false, canBeNull: false };
const NEVER: Outcomes = { canBeTrue: false, canBeFalse: true, canBeNull: false };
const NULL: Outcomes = { canBeTrue: false, canBeFalse: false, canBeNull: true };

/**
 * Prepares a predicate to match files by their partition values and statistics. A file is "none" or "all" only when
 * that is certain, whatever the writer of the statistics has cut, rounded or left out; opens no file.
 *
 * @throws {TypeError} when the predicate does not fit the table
 */
export function fileMatcher(predicate: Predicate, table: PredicateTable): (file: KnownFile) => FileMatch {
  const evaluate = prepare(predicate, table);
  return (file) => {
    let stats: { readonly parsed: FileStats | undefined } | undefined;
    const statsOnce = () => (stats ??= { parsed: parseStats(file.stats, needsDigits(file.stats)) }).parsed;
    const { canBeTrue, canBeFalse, canBeNull } = evaluate(file, statsOnce);
    return !canBeTrue ? "none" : canBeFalse || canBeNull ? "some" : "all";
  };
}

// Reading digits is slow, so it is done where a number has so many that a double may not hold them.
function needsDigits(stats: string | undefined): boolean {
  return stats !== undefined && /[:,[]\s*-?[\d.]{16}/.test(stats);
}

function prepare(predicate: Predicate, table: PredicateTable): Evaluate {
  switch (predicate.kind) {
    case "and":
    case "or":
      return combine(predicate.kind, predicate.terms.map((term) => prepare(term, table)));
    case "not": {
      const evaluate = prepare(predicate.term, table);
      return (file, stats) => {
        const { canBeTrue, canBeFalse, canBeNull } = evaluate(file, stats);
        return { canBeTrue: canBeFalse, canBeFalse: canBeTrue, canBeNull };
      };
    }
    case "in": {
      const { column, values } = predicate;
      const operator = "=";
      return combine(
        "or",
        values.map((value) => prepare({ kind: "compare", column, operator, value }, table)),
      );
    }
    case "compare":
      return compareWith(subjectOf(predicate.column, table), predicate.operator, predicate.value);
    default:
      return isNull(subjectOf(predicate.column, table), predicate.kind === "isNull");
  }
}

function combine(kind: "and" | "or", terms: readonly Evaluate[]): Evaluate {
  return (file, stats) => {
    let { canBeTrue, canBeFalse, canBeNull } = kind === "and" ? ALWAYS : NEVER;
    for (const evaluate of terms) {
      const next = evaluate(file, stats);
      canBeTrue = kind === "and" ? canBeTrue && next.canBeTrue : canBeTrue || next.canBeTrue;
      canBeFalse = kind === "and" ? canBeFalse || next.canBeFalse : canBeFalse && next.canBeFalse;
      canBeNull ||= next.canBeNull;
    }
    return { canBeTrue, canBeFalse, canBeNull };
  };
}

function isNull({ bounds }: Subject, isWanted: boolean): Evaluate {
  return (file, stats) => {
    const { hasNulls, hasValues } = bounds(file, stats);
    const [mayBeNull, mayBeValue] = [hasNulls !== false, hasValues !== false];
    return isWanted
      ? { canBeTrue: mayBeNull, canBeFalse: mayBeValue, canBeNull: false }
      : { canBeTrue: mayBeValue, canBeFalse: mayBeNull, canBeNull: false };
  };
}

function compareWith({ type, bounds }: Subject, operator: Operator, value: Literal): Evaluate {
  const literal = toLiteral(value, type);
  if (literal === null) return () => NULL;
  const expected = toComparable(literal, type);
  if (expected === undefined) return () => UNKNOWN;
  return (file, stats) => {
    const known = bounds(file, stats);
    if (known.hasValues === false) return NULL;
    const outcomes = compareBounds(known, operator, expected, type === "float" || type === "double");
    return { ...outcomes, canBeNull: known.hasNulls !== false };
  };
}

function compareBounds(
  { lower, upper, isUpperPrefix = false }: ColumnBounds,
  operator: Operator,
  expected: Comparable,
  mayHaveNan: boolean,
): Pick<Outcomes, "canBeTrue" | "canBeFalse"> {
  const isOpen = isUpperPrefix && typeof expected === "string" && typeof upper === "string" &&
    expected.startsWith(upper);
  const low = lower === undefined ? -1 : compare(lower, expected);
  const high = upper === undefined || isOpen ? 1 : compare(upper, expected);
  // NaN is above all numbers and is in no statistics.
  const canBeBelow = low < 0;
  const canBeAbove = high > 0 || (mayHaveNan && !Number.isNaN(expected));
  const canBeEqual = (low <= 0 && high >= 0) || (mayHaveNan && Number.isNaN(expected));
  switch (operator) {
    case "=":
      return { canBeTrue: canBeEqual, canBeFalse: canBeBelow || canBeAbove };
    case "<>":
      return { canBeTrue: canBeBelow || canBeAbove, canBeFalse: canBeEqual };
    case "<":
      return { canBeTrue: canBeBelow, canBeFalse: canBeEqual || canBeAbove };
    case "<=":
      return { canBeTrue: canBeBelow || canBeEqual, canBeFalse: canBeAbove };
    case ">":
      return { canBeTrue: canBeAbove, canBeFalse: canBeBelow || canBeEqual };
    case ">=":
      return { canBeTrue: canBeAbove || canBeEqual, canBeFalse: canBeBelow };
  }
}

function subjectOf(column: ColumnPath, table: PredicateTable): Subject {
  const type = columnType(table.schema, column);
  const mode = columnMappingMode(table.metadata);
  const path = physicalPath(table.schema, column, mode);
  const [top = ""] = path;
  if (table.metadata.partitionColumns.includes(column[0])) {
    return { type, bounds: ({ partitionValues }) => partitionBounds(partitionValues[top], type) };
  }
  const nothing: ColumnBounds = { hasNulls: undefined, hasValues: undefined };
  return {
    type,
    bounds: (_file, stats) => {
      const parsed = stats();
      return parsed === undefined ? nothing : boundsOf(parsed, path, type);
    },
  };
}

function physicalPath(
  schema: StructType,
  column: readonly string[],
  mode: ColumnMappingMode,
): readonly string[] {
  let type: DataType = schema;
  return column.map((name) => {
    const field = fieldsOf(type).find((candidate) => candidate.name === name);
    type = field?.type ?? schema;
    return field === undefined ? name : physicalName(field, mode);
  });
}

function partitionBounds(text: string | null | undefined, type: DataType): ColumnBounds {
  // What cannot be read here is an error for the one who reads the file.
  const value = attempt(() => parsePartitionValue(text, type));
  if (value === null) return { hasNulls: undefined, hasValues: false };
  const bound = value === undefined ? undefined : toComparable(value, type);
  return {
    lower: bound,
    upper: bound,
    hasNulls: bound === undefined ? undefined : false,
    hasValues: undefined,
  };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function toComparable(value: Exclude<Literal, null>, type: DataType): Comparable | undefined {
  if (value instanceof Uint8Array) return undefined;
  if (typeof value === "boolean") return Number(value);
  if (type === "byte" || type === "short" || type === "integer") return BigInt(value);
  const decimal = decimalOf(type);
  if (decimal !== undefined) return unscaledDecimal(String(value), decimal.scale);
  return type === "date" ? parseDate(String(value)) : value;
}

function compare(left: Comparable, right: Comparable): number {
  if (typeof left === "string" && typeof right === "string") return compareCodePoints(left, right);
  // NaN is above all numbers and equal to itself.
  if (Number.isNaN(left) || Number.isNaN(right)) {
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
