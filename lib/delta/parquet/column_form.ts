/** How columns of a Parquet file are written. */
import type { SchemaTree } from "hyparquet";

/** What a file says of a column beside its physical type, in one word; "" where that is all. */
export function annotationOf(
  { element: { logical_type: logical, converted_type: converted } }: SchemaTree,
): string {
  if (logical?.type === "TIMESTAMP") {
    return `TIMESTAMP ${logical.unit}${logical.isAdjustedToUTC ? " UTC" : ""}`;
  }
  if (logical?.type === "INTEGER") {
    return logical.isSigned && [32, 64].includes(logical.bitWidth) ? "" : "odd";
  }
  if (logical !== undefined) return logical.type;
  return converted === "UTF8" ? "STRING" : converted ?? "";
}

/** How a type may be written: physical type, and what the file may say of it beside that. */
const FORMS: Readonly<Record<string, readonly [physical: string, annotation: string]>> = {
  long: ["INT64", ""],
  integer: ["INT32", ""],
  double: ["DOUBLE", ""],
  boolean: ["BOOLEAN", ""],
  string: ["BYTE_ARRAY", "STRING"],
  date: ["INT32", "DATE"],
  timestamp: ["INT64", "TIMESTAMP MICROS UTC"],
};

/** Whether a leaf is written as such a type usually is, so that nothing has to be thought about it. */
export function isPlainForm(column: SchemaTree, type: string): boolean {
  const [physical, annotation] = FORMS[type] ?? [];
  return column.element.type === physical && column.children.length === 0 &&
    annotationOf(column) === annotation;
}
