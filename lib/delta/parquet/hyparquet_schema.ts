/** How hyparquet is to read, so that nothing is lost on the way: texts, times, maps. */
import type { FileMetaData, SchemaTree } from "hyparquet";

/** A byte order mark is a character, and what is no UTF-8 is an error. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** For its readers. */
export const PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => bytes && decoder.decode(bytes),
  // Dates hold no microseconds.
  timestampFromMicroseconds: (micros: bigint) => micros as unknown as Date,
};

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

/** hyparquet makes objects of maps, which lose keys; read as structs of a list they keep them. */
export function withoutMaps(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map(({ converted_type, logical_type, ...rest }) => ({
    ...rest,
    ...(converted_type === undefined || converted_type === "MAP" ? {} : { converted_type }),
    ...(logical_type === undefined || logical_type.type === "MAP" ? {} : { logical_type }),
  }));
  return { ...metadata, schema };
}

/** What its reader may take at once; more is read sooner by polars anyway. */
const MOST_ROWS = 2000;
const MOST_BYTES = 2 ** 24;

/** Whether all rows of a file may be read at once: a few kilobytes may hold gigabytes. */
export function isSmall({ num_rows: rows, row_groups: groups }: FileMetaData): boolean {
  const sizes = groups.flatMap(({ columns }) =>
    columns.map((column) => column.meta_data?.total_uncompressed_size ?? 0n)
  );
  return rows <= MOST_ROWS && sizes.reduce((sum, size) => sum + size, 0n) <= MOST_BYTES;
}
