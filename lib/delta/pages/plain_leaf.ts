/** Leaves of the plain types that actions have: texts, integers, flags. */
import { annotationOf } from "../parquet/column_form.ts";
import type { SchemaNode } from "../parquet/schema_tree.ts";
import type { LeafColumn } from "./leaf_column.ts";
import type { Levels } from "./page_parts.ts";

/** The values of a column, null or undefined for none; undefined when there are none at all. */
export type Column = readonly unknown[] | undefined;

/** Gives the levels and values of a leaf. */
export type ReadLeaf = (column: SchemaNode, levels: Levels) => LeafColumn;

/** Reads a column from its leaves. */
export type ReadColumn = (readLeaf: ReadLeaf) => {
  readonly values: Column;
  /** How many of the fields from the top down are there, for each row. */
  readonly definitions: Uint8Array;
  /** Of them all. */
  readonly highest: number;
};

/** Whether a column is such a leaf. */
export function isPlainLeaf(column: SchemaNode): boolean {
  const { element: { type }, children } = column;
  const annotation = annotationOf(column);
  if (type === "BYTE_ARRAY") return children.length === 0 && annotation === "STRING";
  return (type === "INT64" || type === "INT32" || type === "BOOLEAN") && annotation === "";
}

/** The levels of a column below others. */
export function levelsOf({ element }: SchemaNode, { definition, repetition }: Levels): Levels {
  return { definition: definition + (element.repetition_type === "OPTIONAL" ? 1 : 0), repetition };
}
