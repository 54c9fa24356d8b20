/** Which types in a file can stand for a type of the table, and at what cost. */
import type { DataType as ArrowType } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import type { ColumnMatch } from "./column_match.ts";
import { describeArrowType } from "../schema/frame_schema.ts";
import {
  type ArrayType,
  type DataType,
  decimalOf,
  type MapType,
  type StructField,
} from "../schema/schema.ts";

/**
 * How a column of a file becomes a column of the table: as it is, through a cast of its values, by rebuilding it from
 * its parts, or not at all.
 */
export type Fit = "same" | "cast" | "rebuild" | "none";

/** A part of a list or a map, as a field. */
export interface Part {
  readonly field: StructField;
  readonly found: ArrowType;
}

// Each type with those that hold all its values.
const WIDER: Readonly<Record<string, readonly string[]>> = {
  Uint8: ["short", "integer", "long", "double"],
  Uint16: ["integer", "long", "double"],
  Uint32: ["long", "double"],
  byte: ["short", "integer", "long", "double"],
  short: ["integer", "long", "double"],
  integer: ["long", "double"],
  float: ["double"],
  date: ["timestamp_ntz"],
};
const RELABELLED: Readonly<Record<string, string>> = { binary: "string", string: "binary" };
const INTEGER_DIGITS: Readonly<Record<string, number>> = { byte: 3, short: 5, integer: 10, long: 20 };

/**
 * Decides how a type found in a file fits the table. Nothing is ever lost: a cast turns dictionaries into strings,
 * times of other units into microseconds, and smaller numbers into larger ones; what is rebuilt gets missing fields of
 * structs as null, and all of them with the names and in the order of the table.
 */
export function fitOf(
  found: ArrowType,
  expected: DataType,
  match: ColumnMatch,
  path: readonly string[],
): Fit {
  if (typeof expected === "string") return fitOfPrimitive(found, expected);
  if (expected.type === "struct") {
    return found.typeId === arrow.Type.Struct ? fitOfFields(found, expected.fields, match, path) : "none";
  }
  const parts = partsOf(found, expected);
  if (parts === undefined) return "none";
  const fits = parts.map(({ field, found }) => fitOf(found, field.type, match, [...path, field.name]));
  return worst(fits);
}

/** The elements of a list, or the keys and values of a map; undefined when it is neither. */
export function partsOf(found: ArrowType, expected: ArrayType | MapType): readonly Part[] | undefined {
  const element = found.children?.[0]?.type;
  if (
    element === undefined || ![arrow.Type.List, arrow.Type.LargeList, arrow.Type.Map].includes(found.typeId)
  ) {
    return undefined;
  }
  if (expected.type === "array") {
    return [{ field: partField("element", expected.elementType), found: element }];
  }
  const [key, value] = element.children ?? [];
  if (element.typeId !== arrow.Type.Struct || key === undefined || value === undefined) return undefined;
  return [
    { field: partField("key", expected.keyType), found: key.type },
    { field: partField("value", expected.valueType), found: value.type },
  ];
}

function partField(name: string, type: DataType): StructField {
  return { name, type, nullable: true, metadata: {} };
}

function fitOfPrimitive(found: ArrowType, expected: string): Fit {
  const name = describeArrowType(found);
  if (name === expected) return found.typeId === arrow.Type.Dictionary ? "cast" : "same";
  // Nulls whatever the file has; texts that the writer did not mark as such, and the other way round.
  if (expected === "void" || RELABELLED[name] === expected) return "rebuild";
  if (expected.startsWith("timestamp") && found.typeId === arrow.Type.Timestamp) return "cast";
  return WIDER[name]?.includes(expected) || isWiderDecimal(name, expected) ? "cast" : "none";
}

function isWiderDecimal(found: string, expected: string): boolean {
  const to = decimalOf(expected as DataType);
  if (to === undefined) return false;
  const from = decimalOf(found as DataType);
  const digits = from === undefined ? INTEGER_DIGITS[found] : from.precision - from.scale;
  return digits !== undefined && to.scale >= (from?.scale ?? 0) && to.precision - to.scale >= digits;
}

function fitOfFields(
  found: ArrowType,
  expected: readonly StructField[],
  match: ColumnMatch,
  path: readonly string[],
): Fit {
  const parts = found.children ?? [];
  const names = parts.map(({ name }) => name);
  const fits = expected.map((field): Fit => {
    const name = match(field, path, names);
    const part = parts.find((candidate) => candidate.name === name);
    return part === undefined ? "rebuild" : fitOf(part.type, field.type, match, [...path, part.name]);
  });
  const isSameOrder = names.length === expected.length &&
    expected.every((field, index) => field.name === names[index] && match(field, path, names) === field.name);
  return worst(isSameOrder ? fits : [...fits, "rebuild"]);
}

// Parts that need a cast are cast one by one.
function worst(fits: readonly Fit[]): Fit {
  if (fits.includes("none")) return "none";
  return fits.every((fit) => fit === "same") ? "same" : "rebuild";
}
