/** Fits frames to the columns of a table without losing a value. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { arrow } from "../../packages/arrow.ts";
import { Buffer } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { frameColumns } from "../schema/frame_schema.ts";
import { frameFields } from "../schema/frame_fields.ts";
import { frameType } from "../schema/frame_type.ts";
import { type Expression, type Frame, toPolarsType } from "../schema/polars_type.ts";
import { type DataType, formatType, type StructField, type StructType } from "../schema/schema.ts";

/**
 * Brings the columns of a frame into the order and the types of a table. Columns and fields of structs that the frame
 * does not have become null, Categoricals become plain strings; nothing else is changed. A map is a list of structs of
 * `key` and `value`, as frames of the table have it.
 *
 * @throws {TypeError} naming each column that is unknown, of another type, or missing where it must not be null
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { fitFrame, frameRows, tableSchema } from "../mod.ts";
 *
 * const schema = tableSchema({ name: "string", track: "double" });
 * const rows = fitFrame(pl.DataFrame({ name: ["HKI"] }), schema);
 * assertEquals([...frameRows(rows, schema.fields)], [{ name: "HKI", track: null }]);
 * ```
 */
export function fitFrame(frame: Frame, schema: StructType): Frame {
  checkArguments("fitFrame", { frame, schema }, { frame: KIND.frame, schema: KIND.schema });
  const { fields } = schema;
  const found = new Map(frameFields(frame).map((field) => [field.name, field.type]));
  const expected = new Map(fields.map((field) => [field.name, field]));
  const names = new Set([...expected.keys(), ...found.keys()]);
  const faults = [...names].flatMap((name) => faultOf(name, found.get(name), expected.get(name)));
  if (faults.length > 0) throw new TypeError(`Cannot write the frame: ${faults.join("; ")}`);
  const casts = castsOf(frame, found, fields);
  const whole = casts.length === 0 ? frame : frame.withColumns(...casts);
  return withBinaries(whole, found, fields).select(...fields.map(({ name }) => name));
}

function faultOf(
  name: string,
  found: DataType | undefined,
  expected: StructField | undefined,
): readonly string[] {
  if (expected === undefined) {
    return [`column "${name}" is ${formatType(found ?? "string")}, expected no such column`];
  }
  if (found === undefined) {
    if (expected.nullable) return [];
    return [`column "${name}" is missing, expected ${formatType(expected.type)} without nulls`];
  }
  if (isPartOf(found, frameType(expected.type))) return [];
  return [`column "${name}" is ${formatType(found)}, expected ${formatType(expected.type)}`];
}

// A struct may lack fields that may be null, at any depth.
function isPartOf(found: DataType, expected: DataType): boolean {
  if (typeof found === "string" || typeof expected === "string") return found === expected;
  if (found.type === "array" && expected.type === "array") {
    return isPartOf(found.elementType, expected.elementType);
  }
  if (found.type !== "struct" || expected.type !== "struct") return false;
  const parts = new Map(found.fields.map((field) => [field.name, field.type]));
  const isKnown = found.fields.every(({ name }) => expected.fields.some((field) => field.name === name));
  return isKnown && expected.fields.every(({ name, type, nullable }) => {
    const part = parts.get(name);
    return part === undefined ? nullable : isPartOf(part, type);
  });
}

function castsOf(
  frame: Frame,
  found: ReadonlyMap<string, DataType>,
  fields: readonly StructField[],
): Expression[] {
  const categorical = new Set(
    frameColumns(frame).filter(({ isCategorical }) => isCategorical).map(({ name }) => name),
  );
  return fields.flatMap(({ name, type }) => {
    const is = found.get(name);
    if (is === undefined) return type === "binary" ? [] : [pl.lit(null).cast(toPolarsType(type)).alias(name)];
    const isSame = formatType(is) === formatType(frameType(type)) && !categorical.has(name);
    return isSame ? [] : [pl.col(name).cast(toPolarsType(type))];
  });
}

// nodejs-polars cannot name its Binary type, but takes it from Arrow.
function withBinaries(
  frame: Frame,
  found: ReadonlyMap<string, DataType>,
  fields: readonly StructField[],
): Frame {
  const missing = fields.filter(({ name, type }) => type === "binary" && !found.has(name));
  return missing.reduce((whole, { name }) => {
    const table = new arrow.Table({ [name]: arrow.vectorFromArray([null], new arrow.Binary()) });
    return whole.join(pl.readIPC(Buffer.from(arrow.tableToIPC(table, "file"))), { how: "cross" });
  }, frame);
}
