/** Rows of small Parquet files of plain columns without polars, which takes longer to load than such a file to read. */
import {
  parquetMetadata,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "../../packages/hyparquet.ts";
import { formatDate } from "../schema/calendar.ts";
import type { Row } from "../schema/row_value.ts";
import { type DataType, formatType, type StructField } from "../schema/schema.ts";
import { annotationOf, isPlainForm } from "./column_form.ts";
import { isSmall, PARSERS, withoutMaps } from "./hyparquet_schema.ts";
import { DECOMPRESSORS } from "./decompressors.ts";

/** Names that an object does not keep, or that hyparquet cannot tell from a path. */
const ODD_NAME = /^__proto__$|\./;

/**
 * The rows as `frameRows` gives them: bigint for long, microseconds for timestamp, a Map for a map of plain values.
 * Undefined when the file has too many rows, or a column that may be something else here than there.
 *
 * @throws {Error} when the bytes are no whole Parquet file
 */
export async function readPlainRows(
  bytes: Uint8Array,
  fields: readonly StructField[],
): Promise<readonly Row[] | undefined> {
  const file = new Uint8Array(bytes).buffer;
  const metadata = parquetMetadata(file);
  const { children } = parquetSchema(metadata);
  const columns = new Map(children.map((column) => [column.element.name, column]));
  const isPlain = columns.size === children.length && isSmall(metadata) &&
    fields.every(({ name, type, nullable }) =>
      nullable && !ODD_NAME.test(name) && fits(columns.get(name), type)
    );
  if (!isPlain) return undefined;
  const rows = await parquetReadObjects({
    file,
    metadata: withoutMaps(metadata),
    columns: fields.flatMap(({ name }) => columns.has(name) ? name : []),
    compressors: DECOMPRESSORS,
    parsers: PARSERS,
  });
  return rows.map((row) =>
    Object.fromEntries(fields.map(({ name, type }) => [name, valueOf(row[name], type)]))
  );
}

/** Whether a column of the file is what the type says, and nothing has to be thought about it; absent ones are. */
function fits(column: SchemaTree | undefined, type: DataType): boolean {
  if (column === undefined) return true;
  const { element, children } = column;
  if (element.repetition_type !== "OPTIONAL") return false;
  if (typeof type === "string") return isPlainForm(column, type);
  if (type.type !== "map" || annotationOf(column) !== "MAP") return false;
  const [entry, ...others] = children;
  const [key, value, ...more] = entry?.children ?? [];
  return entry?.element.repetition_type === "REPEATED" && entry.element.name === "key_value" &&
    others.length + more.length === 0 && key?.element.name === "key" && value?.element.name === "value" &&
    key.element.repetition_type === "REQUIRED" && value.element.repetition_type === "OPTIONAL" &&
    isPlainEntry(key, type.keyType) && isPlainEntry(value, type.valueType);
}

/** Dates in maps are as rare as to be left to polars. */
function isPlainEntry(column: SchemaTree, type: DataType): boolean {
  return type !== "date" && isPlainForm(column, formatType(type));
}

interface Entries {
  readonly key_value: readonly { readonly key: unknown; readonly value: unknown }[] | null;
}

function valueOf(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null;
  if (type === "date") return formatDate(value as number);
  if (typeof type === "string") return value;
  const { key_value: entries } = value as Entries;
  return entries && new Map(entries.map((entry) => [entry.key, entry.value ?? null]));
}
