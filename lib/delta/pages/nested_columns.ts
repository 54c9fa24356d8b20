/** Columns of a Parquet file as values, put together from their leaves: whole columns at a time. */
import { Buffer } from "node:buffer";
import { annotationOf } from "../parquet/column_form.ts";
import type { SchemaNode } from "../parquet/schema_tree.ts";
import { listReader, mapReader } from "./list_columns.ts";
import type { Levels } from "./page_parts.ts";
import { isPlainLeaf, levelsOf, type ReadColumn } from "./plain_leaf.ts";
import { structObjects } from "./struct_objects.ts";

/** Names that an object does not keep, or that hyparquet cannot tell from a path. */
const ODD_NAME = /^__proto__$|\./;

/**
 * How to read a column below such levels: structs as objects without their nulls, maps as objects by key. Undefined when
 * it is of other types than actions have.
 */
export function columnReader(column: SchemaNode, above: Levels): ReadColumn | undefined {
  const { element: { name, repetition_type: repetition }, children } = column;
  if (repetition === "REPEATED" || ODD_NAME.test(name)) return undefined;
  const levels = levelsOf(column, above);
  const annotation = annotationOf(column);
  if (children.length === 0) return leafReader(column, levels);
  if (annotation === "") return structReader(column, levels);
  const [entry, ...others] = children;
  if (entry?.element.repetition_type !== "REPEATED" || others.length > 0) return undefined;
  if (annotation === "LIST") return listReader(entry, levels);
  return annotation === "MAP" ? mapReader(entry, levels) : undefined;
}

function leafReader(column: SchemaNode, levels: Levels): ReadColumn | undefined {
  if (!isPlainLeaf(column)) return undefined;
  return (readLeaf) => {
    const { values, definitions, highest } = readLeaf(column, levels);
    return { values, definitions, highest };
  };
}

function structReader({ children }: SchemaNode, levels: Levels): ReadColumn | undefined {
  const fields = children.map((child) => ({ name: child.element.name, read: columnReader(child, levels) }));
  const names = new Set(fields.map(({ name }) => name));
  if (fields.some(({ read }) => read === undefined) || names.size < fields.length) return undefined;
  return (readLeaf) => {
    const columns = fields.flatMap(({ name, read }) => read === undefined ? [] : { name, ...read(readLeaf) });
    const { definitions = new Uint8Array(), highest = 0 } = columns[0] ?? {};
    for (const column of columns) assertSameRows(column.definitions, definitions, levels.definition);
    const values = highest < levels.definition
      ? undefined
      : structObjects(columns, definitions, levels.definition);
    return { values, definitions, highest };
  };
}

// All fields of a struct say in which rows it is.
function assertSameRows(found: Uint8Array, expected: Uint8Array, whole: number): void {
  if (Buffer.compare(found, expected) === 0) return;
  const isThere = (definitions: Uint8Array, row: number): boolean => (definitions[row] ?? 0) >= whole;
  let row = 0;
  while (row < expected.length && isThere(found, row) === isThere(expected, row)) row++;
  if (row === expected.length && row === found.length) return;
  throw new TypeError("found fields of a struct in other rows than its first, expected the same");
}
