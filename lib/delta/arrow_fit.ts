import { type DataType as ArrowType, Type } from "apache-arrow";
import { describeArrowType } from "./frame_schema.ts";
import { type DataType, decimalOf, type StructField } from "./schema.ts";

/** How a column of a file becomes a column of the table: as it is, through a cast, or not at all. */
export type Fit = "same" | "cast" | "none";

// Each type with those that hold all its values.
const WIDER: Readonly<Record<string, readonly string[]>> = {
  byte: ["short", "integer", "long"],
  short: ["integer", "long"],
  integer: ["long"],
  float: ["double"],
};

/**
 * Decides how a type found in a file fits the table. A cast never loses anything: it turns dictionaries into strings,
 * times of other units into microseconds, small numbers into larger ones, and adds missing fields of structs as null.
 */
export function fitOf(found: ArrowType, wanted: DataType): Fit {
  if (typeof wanted === "string") return fitOfPrimitive(found, wanted);
  const parts = found.children ?? [];
  if (wanted.type === "struct") {
    return found.typeId === Type.Struct ? fitOfFields(found, wanted.fields) : "none";
  }
  const [element] = parts;
  if (element === undefined || ![Type.List, Type.LargeList, Type.Map].includes(found.typeId)) return "none";
  if (wanted.type === "array") return fitOf(element.type, wanted.elementType);
  const fields = [{ name: "key", type: wanted.keyType }, { name: "value", type: wanted.valueType }];
  return fitOfFields(element.type, fields);
}

function fitOfPrimitive(found: ArrowType, wanted: string): Fit {
  const name = describeArrowType(found);
  if (name === wanted) return found.typeId === Type.Dictionary ? "cast" : "same";
  if (wanted === "timestamp" && found.typeId === Type.Timestamp) return "cast";
  return WIDER[name]?.includes(wanted) || isWiderDecimal(name, wanted) ? "cast" : "none";
}

function isWiderDecimal(found: string, wanted: string): boolean {
  const [from, to] = [decimalOf(found as DataType), decimalOf(wanted as DataType)];
  if (from === undefined || to === undefined) return false;
  return to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
}

function fitOfFields(found: ArrowType, wanted: readonly Pick<StructField, "name" | "type">[]): Fit {
  const parts = found.children ?? [];
  const fits = wanted.map(({ name, type }) => {
    const part = parts.find((candidate) => candidate.name === name);
    return part === undefined ? "cast" : fitOf(part.type, type);
  });
  const isSameOrder = parts.length === wanted.length &&
    wanted.every(({ name }, index) => parts[index]?.name === name);
  if (fits.includes("none")) return "none";
  return isSameOrder && !fits.includes("cast") ? "same" : "cast";
}
