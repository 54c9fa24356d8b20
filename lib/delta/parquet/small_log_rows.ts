/** Rows of small checkpoints without polars, which takes longer to load than such a file to read. */
import {
  type FileMetaData,
  parquetMetadata,
  parquetReadObjects,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { annotationOf, isSmall, PARSERS, withoutMaps } from "./hyparquet_schema.ts";
import { DECOMPRESSORS } from "./decompressors.ts";
import { checkFooter } from "./check_footer.ts";
import { toExactNumber } from "./arrow_values.ts";

type ParquetRow = Readonly<Record<string, unknown>>;

/** Of more polars is sooner ready. */
const SMALL_BYTES = 128 * 1024;

/** Makes a value as `readParquetRows` gives it; null for none. */
type Convert = (value: unknown) => unknown;

/**
 * The rows as `readParquetRows` gives them; undefined when there are many, when a column is not of the plain types that
 * actions have, or when anything is wrong with the file: the other way says what.
 */
export async function readSmallLogRows(bytes: Uint8Array): Promise<readonly ParquetRow[] | undefined> {
  if (bytes.length > SMALL_BYTES) return undefined;
  try {
    checkFooter(bytes);
    const file = new Uint8Array(bytes).buffer;
    const metadata = parquetMetadata(file);
    const convert = structOf(parquetSchema(metadata));
    if (convert === undefined || !isSmall(metadata)) return undefined;
    return await readRows(file, metadata, convert);
  } catch {
    return undefined;
  }
}

async function readRows(
  file: ArrayBuffer,
  metadata: FileMetaData,
  convert: Convert,
): Promise<readonly ParquetRow[]> {
  const rows = await parquetReadObjects({
    file,
    metadata: withoutMaps(metadata),
    compressors: DECOMPRESSORS,
    parsers: PARSERS,
  });
  return rows.map((row) => convert(row) as ParquetRow);
}

function convertOf(column: SchemaTree): Convert | undefined {
  const annotation = annotationOf(column);
  const { element: { type }, children: [child] } = column;
  if (child === undefined) return leafOf(type, annotation);
  if (annotation === "MAP") return mapOf(child);
  if (annotation === "LIST") return listOf(child);
  return annotation === "" && column.element.repetition_type !== "REPEATED" ? structOf(column) : undefined;
}

function leafOf(type: string | undefined, annotation: string): Convert | undefined {
  if ((type === "INT64" || type === "INT32") && annotation === "") {
    return (value) => typeof value === "bigint" ? toExactNumber(value) : value ?? null;
  }
  const isPlain = (type === "BYTE_ARRAY" && annotation === "STRING") ||
    (type === "BOOLEAN" && annotation === "");
  return isPlain ? (value) => value ?? null : undefined;
}

/** Objects without their nulls. */
function structOf({ children }: SchemaTree): Convert | undefined {
  const fields = children.map((child) => ({ name: child.element.name, convert: convertOf(child) }));
  if (
    fields.some(({ name, convert }) => convert === undefined || name === "__proto__" || name.includes("."))
  ) {
    return undefined;
  }
  return (value) => {
    if (value === null || value === undefined) return null;
    const found = value as Readonly<Record<string, unknown>>;
    const object: Record<string, unknown> = {};
    for (const { name, convert } of fields) {
      const inner = convert?.(found[name]) ?? null;
      if (inner !== null) object[name] = inner;
    }
    return object;
  };
}

function listOf({ element, children: [item, ...others] }: SchemaTree): Convert | undefined {
  const convert = item && others.length === 0 && element.repetition_type === "REPEATED"
    ? convertOf(item)
    : undefined;
  if (convert === undefined) return undefined;
  return (value) => Array.isArray(value) ? value.map(convert) : null;
}

/** Objects by key. */
function mapOf({ element, children: [key, value, ...others] }: SchemaTree): Convert | undefined {
  const isMap = element.name === "key_value" && element.repetition_type === "REPEATED" &&
    others.length === 0 &&
    key?.element.name === "key" && value?.element.name === "value";
  const [convertKey, convertValue] = isMap ? [convertOf(key), convertOf(value)] : [];
  if (convertKey === undefined || convertValue === undefined) return undefined;
  return (found) => {
    const { key_value: entries } = (found ?? {}) as { readonly key_value?: unknown };
    if (!Array.isArray(entries)) return null;
    return Object.fromEntries(entries.map((entry) => [convertKey(entry.key), convertValue(entry.value)]));
  };
}
