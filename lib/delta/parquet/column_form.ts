/** How columns of a Parquet file are written. */

/** What more is known of a type; which fields there are depends on it. */
export interface LogicalType {
  readonly type: string;
  readonly unit?: string;
  readonly isAdjustedToUTC?: boolean;
  readonly bitWidth?: number;
  readonly isSigned?: boolean;
}

/** A column in the schema of a file, named as in parquet.thrift; hyparquet gives the same. */
export interface SchemaElement {
  readonly name: string;
  readonly type?: string;
  readonly repetition_type?: string;
  readonly converted_type?: string;
  readonly logical_type?: LogicalType;
}

/** A column, and what is below it. */
interface FormedColumn {
  readonly element: SchemaElement;
  readonly children: readonly unknown[];
}

/** How values are stored, as parquet.thrift numbers it. */
export const PHYSICAL_TYPES: readonly string[] = [
  ...["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"],
];

/** What a file says of a column beside its physical type, in one word; "" where that is all. */
export function annotationOf(
  { element: { logical_type: logical, converted_type: converted } }: Pick<FormedColumn, "element">,
): string {
  if (logical?.type === "TIMESTAMP") {
    return `TIMESTAMP ${logical.unit}${logical.isAdjustedToUTC ? " UTC" : ""}`;
  }
  if (logical?.type === "INTEGER") {
    return logical.isSigned && [32, 64].includes(logical.bitWidth ?? 0) ? "" : "odd";
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
export function isPlainForm(column: FormedColumn, type: string): boolean {
  const [physical, annotation] = FORMS[type] ?? [];
  return column.element.type === physical && column.children.length === 0 &&
    annotationOf(column) === annotation;
}
