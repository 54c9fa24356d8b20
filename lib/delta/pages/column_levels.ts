/**
 * Takes columns apart into the leaves that Parquet stores, each with its levels: how deep a value is present (definition)
 * and where a list goes on (repetition), as the paper on Dremel has it.
 */
import type { Column, Columns } from "../columns/column.ts";
import type { DataType, StructField } from "../schema/schema.ts";

/** Levels of a leaf: one per slot, or the same for all. */
export type Levels = Uint8Array | number;

/** A leaf column of a Parquet file. */
export interface Leaf {
  /** The names from the top down, with those that Parquet puts between a list and its elements. */
  readonly path: readonly string[];
  readonly type: DataType;
  /** Null when no row has a value. */
  readonly column: Column | null;
  /** Slots: values, nulls and empty lists. */
  readonly slots: number;
  /** Per slot the row of the column; null: slot and row are the same. */
  readonly rows: Int32Array | null;
  readonly definition: Levels;
  readonly repetition: Levels;
  readonly maxDefinition: number;
  readonly maxRepetition: number;
}

/** What stands above a column: which of its rows is in which slot, and the levels so far. */
interface Above {
  readonly path: readonly string[];
  readonly slots: number;
  /** Per slot the row of the column, -1 where a null or an empty list is above; null: slot and row are the same. */
  readonly rows: Int32Array | null;
  readonly definition: Levels;
  readonly repetition: Levels;
  readonly depth: number;
  readonly lists: number;
}

/**
 * The leaves of one column of so many rows; a column that is not there has no value in any row.
 *
 * @throws {TypeError} when the column is of a kind that its type is not stored as
 */
export function leavesOf(field: StructField, columns: Columns, rows: number): readonly Leaf[] {
  const top = { path: [], slots: rows, rows: null, definition: 0, repetition: 0, depth: 0, lists: 0 };
  return [...shred(field, columns[field.name] ?? null, top)];
}

function* shred(
  { name, type, nullable }: Pick<StructField, "name" | "type" | "nullable">,
  column: Column | null,
  above: Above,
): Generator<Leaf> {
  const here = { ...(nullable ? withNulls(column, above) : above), path: [...above.path, name] };
  if (typeof type === "string") {
    yield leaf(type, column, here);
    return;
  }
  if (type.type === "struct") {
    for (const field of type.fields) yield* shred(field, fieldOf(column, field.name), here);
    return;
  }
  if (type.type === "map") {
    throw new TypeError(`Cannot write the column "${here.path.join(".")}": found a map`);
  }
  const inside = withElements(column, { ...here, path: [...here.path, "list"] });
  const elements = column === null ? null : elementsOf(column);
  yield* shred({ name: "element", type: type.elementType, nullable: type.containsNull }, elements, inside);
}

function leaf(type: DataType, column: Column | null, above: Above): Leaf {
  const { path, slots, rows, definition, repetition, depth, lists } = above;
  return {
    path,
    type,
    column,
    slots,
    rows,
    definition,
    repetition,
    maxDefinition: depth,
    maxRepetition: lists,
  };
}

/** One level more where there is a value. */
function withNulls(column: Column | null, above: Above): Above {
  const { slots, rows, definition, depth } = above;
  const present = column?.present ?? null;
  if (column === null || (present !== null && !present.includes(1))) return { ...above, depth: depth + 1 };
  if (rows === null && typeof definition === "number") {
    const deeper = present === null ? depth + 1 : depth === 0 ? present : present.map((flag) => depth + flag);
    return { ...above, definition: definition === depth ? deeper : definition, depth: depth + 1 };
  }
  const levels = new Uint8Array(slots);
  for (let slot = 0; slot < slots; slot++) {
    const level = typeof definition === "number" ? definition : definition[slot] ?? 0;
    const row = rows === null ? slot : rows[slot] ?? -1;
    const isThere = level === depth && row >= 0 && (present === null || present[row] === 1);
    levels[slot] = isThere ? depth + 1 : level;
  }
  return { ...above, definition: levels, depth: depth + 1 };
}

/** One slot per element, and one for each list that has none; another level where there is an element. */
function withElements(column: Column | null, above: Above): Above {
  const { definition, repetition, depth, lists, slots } = above;
  const next = { ...above, depth: depth + 1, lists: lists + 1 };
  const isAnyThere = typeof definition === "number" ? definition === depth : definition.includes(depth);
  if (column === null || !isAnyThere) return next;
  const { ends } = listOf(column);
  const elements = (ends.at(-1) ?? 0) - (ends[0] ?? 0);
  if (elements === 0) return next;
  // A slot whose list has elements is that of the first one.
  const levels = new Uint8Array(slots + elements), repeats = new Uint8Array(slots + elements);
  const rows = new Int32Array(slots + elements);
  let at = 0;
  for (let slot = 0; slot < slots; slot++) {
    const level = typeof definition === "number" ? definition : definition[slot] ?? 0;
    const row = above.rows === null ? slot : above.rows[slot] ?? -1;
    const [from, to] = level === depth ? [ends[row] ?? 0, ends[row + 1] ?? 0] : [0, 0];
    levels[at] = from < to ? depth + 1 : level;
    repeats[at] = typeof repetition === "number" ? repetition : repetition[slot] ?? 0;
    rows[at++] = from < to ? from : -1;
    for (let element = from + 1; element < to; element++) {
      levels[at] = depth + 1;
      repeats[at] = lists + 1;
      rows[at++] = element;
    }
  }
  return {
    ...next,
    slots: at,
    definition: levels.subarray(0, at),
    repetition: repeats.subarray(0, at),
    rows: rows.subarray(0, at),
  };
}

function listOf(column: Column): Extract<Column, { kind: "list" }> {
  if (column.kind === "list") return column;
  throw new TypeError(`Cannot write a list: found a column of ${column.kind}`);
}

function elementsOf(column: Column): Column {
  return listOf(column).elements;
}

function fieldOf(column: Column | null, name: string): Column | null {
  if (column === null) return null;
  if (column.kind === "struct") return column.fields[name] ?? null;
  throw new TypeError(`Cannot write the field "${name}" of a struct: found a column of ${column.kind}`);
}
