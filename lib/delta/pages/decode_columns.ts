/** Reads Parquet files into columns in flat buffers, where they are as plain as those that `encodeColumns` writes. */
import type { Column, Columns } from "../columns/column.ts";
import { gatherColumns } from "../columns/gather_columns.ts";
import { annotationOf, isPlainForm } from "../parquet/column_form.ts";
import { columnOf, type FooterFacts, type GroupPlace } from "../parquet/footer_facts.ts";
import { type SchemaNode, schemaTree } from "../parquet/schema_tree.ts";
import type { DataType, StructField } from "../schema/schema.ts";
import { type DecodedLeaf, decodeLeaf, type DenseValues, type RowSpan } from "./decode_leaf.ts";
import type { Levels } from "./page_parts.ts";
import { levelsOf } from "./plain_leaf.ts";

/** What a column with lists may have; a timetable row has a cause or two. */
const MAX_SLOTS_PER_ROW = 64;
/** A few rows may have long lists, and this many values take some megabytes. */
const HARMLESS_SLOTS = 1_000_000;
const NO_LEVELS: Levels = { definition: 0, repetition: 0 };

/**
 * The columns that the fields name, row group by row group; of certain rows of the file alone where they are given. A
 * column that the file does not have is absent.
 *
 * @throws {Error} when a column is not of the form that its type is written in, or the file is damaged: another reader
 *   has to say what it is
 */
export function* decodeColumns(
  file: Uint8Array,
  facts: FooterFacts,
  fields: readonly StructField[],
  span?: RowSpan,
): Generator<Columns> {
  const { children } = schemaTree(facts.schema);
  const known = new Map(children.map((child) => [child.element.name, child]));
  if (known.size < children.length) throw new TypeError("found two columns of one name");
  let start = 0;
  for (const group of facts.groups) {
    const rows = span === undefined ? { from: 0, to: group.rows } : cutSpan(span, start, group.rows);
    start += group.rows;
    if (rows === undefined) continue;
    const place = { file, footer: facts.footer, group, rows };
    const columns = fields.flatMap(({ name, type }) => {
      const node = known.get(name);
      return node === undefined ? [] : [[name, topColumn({ ...place, node, type })] as const];
    });
    yield Object.fromEntries(columns);
  }
}

/** Those of the rows that a group has, counted from its first. */
function cutSpan({ from, to }: RowSpan, start: number, rows: number): RowSpan | undefined {
  const cut = { from: Math.max(0, from - start), to: Math.min(rows, to - start) };
  return cut.from < cut.to ? cut : undefined;
}

/** A column of a row group. */
interface Reading extends GroupPlace {
  readonly file: Uint8Array;
  readonly node: SchemaNode;
  readonly type: DataType;
  /** Of the group. */
  readonly rows: RowSpan;
}

function topColumn(reading: Reading): Column {
  const { rows, type, group } = reading;
  // Where a row of a list begins is known by all before it.
  if (!isFlat(type)) return cutColumn(wholeColumn({ ...reading, rows: { from: 0, to: group.rows } }), rows);
  return wholeColumn(reading);
}

function isFlat(type: DataType): boolean {
  if (typeof type === "string") return true;
  return type.type === "struct" && type.fields.every((field) => isFlat(field.type));
}

function cutColumn(column: Column, { from, to }: RowSpan): Column {
  if (to - from === column.length) return column;
  return gatherColumns([{ columns: { column }, from, to }]).column ?? column;
}

function wholeColumn(reading: Reading): Column {
  const { column } = decode(reading, NO_LEVELS, 0);
  const expected = reading.rows.to - reading.rows.from;
  if (column.length !== expected) throw new RangeError(`found ${column.length} rows, expected ${expected}`);
  return column;
}

/** A column, and the levels of its first leaf. */
interface Decoded extends Pick<DecodedLeaf, "definitions" | "repetitions"> {
  readonly column: Column;
}

/** `least`: the definition level of slots that are rows of this column; others are nulls or empty lists above it. */
function decode(reading: Reading, above: Levels, least: number): Decoded {
  const { node, type } = reading;
  if (node.element.repetition_type === "REPEATED") throw new TypeError("found a repeated field");
  const levels = levelsOf(node, above);
  if (typeof type === "string") return decodePlain(reading, levels, least);
  if (type.type === "struct") return decodeStruct({ ...reading, type }, levels, least);
  if (type.type === "array") return decodeList({ ...reading, type }, levels);
  throw new TypeError("found a map");
}

function decodePlain(reading: Reading, levels: Levels, least: number): Decoded {
  const { node, type, group, file, rows } = reading;
  const column = columnOf(reading, node);
  if (!isPlainForm(node, String(type))) {
    throw new TypeError(`found the column "${node.path.join(".")}" in another form`);
  }
  assertSlots(column.values, group.rows, levels);
  // Of a list there are as many slots as its values need.
  const leaf = decodeLeaf({ file, column, levels, rows: levels.repetition === 0 ? rows : undefined });
  return { ...leaf, column: spread(leaf, levels.definition, least) };
}

/** A few bytes may claim any number of values. */
function assertSlots(slots: number, rows: number, { repetition }: Levels): void {
  const most = repetition === 0 ? rows : Math.max(HARMLESS_SLOTS, rows * MAX_SLOTS_PER_ROW);
  if (slots > most) throw new RangeError(`found ${slots} values in ${rows} rows, expected ${most} at most`);
}

/** Puts the values of a leaf where its levels say. */
function spread({ definitions, values, count }: DecodedLeaf, whole: number, least: number): Column {
  if (count === definitions.length) return { ...values, length: count, present: null } as Column;
  // No level of a leaf is above its own: those of one that is in no other are 0 and 1.
  const present = whole === 1 && least === 0 ? definitions : presenceOf(definitions, whole, least);
  const { length } = present;
  if (count === length) return { ...values, length, present: null } as Column;
  return { ...spreadValues(values, present), length, present } as Column;
}

/** Per row 1 where the level is reached; slots below `least` are no rows. */
function presenceOf(definitions: Uint8Array, whole: number, least: number): Uint8Array {
  const present = new Uint8Array(definitions.length);
  let row = 0;
  for (let slot = 0; slot < definitions.length; slot++) {
    const level = definitions[slot] ?? 0;
    if (level >= least) present[row++] = level >= whole ? 1 : 0;
  }
  return present.subarray(0, row);
}

function spreadValues(values: DenseValues, present: Uint8Array): DenseValues {
  switch (values.kind) {
    case "int32":
      return { kind: "int32", values: spreadInts(values.values, present, 1) };
    case "int64":
      return { kind: "int64", halves: spreadInts(values.halves, present, 2) };
    case "words":
      return { ...values, codes: spreadInts(values.codes, present, 1) };
    case "boolean": {
      const flags = new Uint8Array(present.length);
      for (let row = 0, at = 0; row < present.length; row++) {
        if (present[row] === 1) flags[row] = values.values[at++] ?? 0;
      }
      return { kind: "boolean", values: flags };
    }
    case "bytes": {
      const ends = new Int32Array(present.length + 1);
      for (let row = 0, at = 0; row < present.length; row++) {
        if (present[row] === 1) at++;
        ends[row + 1] = values.ends[at] ?? 0;
      }
      return { ...values, ends };
    }
  }
}

function spreadInts(dense: Int32Array, present: Uint8Array, width: 1 | 2): Int32Array {
  const ints = new Int32Array(present.length * width);
  for (let row = 0, at = 0; row < present.length; row++) {
    if (present[row] === 0) continue;
    ints[row * width] = dense[at++] ?? 0;
    if (width === 2) ints[row * 2 + 1] = dense[at++] ?? 0;
  }
  return ints;
}

function decodeStruct(
  { node, type, ...reading }: Reading & { readonly type: Extract<DataType, { type: "struct" }> },
  levels: Levels,
  least: number,
): Decoded {
  const decoded = type.fields.map((field) => {
    const child = node.children.find(({ element }) => element.name === field.name);
    if (child === undefined) throw new TypeError(`found no field "${field.name}"`);
    return { name: field.name, ...decode({ ...reading, node: child, type: field.type }, levels, least) };
  });
  const [first] = decoded;
  if (first === undefined || node.children.length !== type.fields.length) {
    throw new TypeError("found other fields");
  }
  const present = presenceOf(first.definitions, levels.definition, least);
  if (decoded.some(({ column }) => column.length !== present.length)) {
    throw new RangeError("found fields of a struct with different numbers of rows");
  }
  const fields = Object.fromEntries(decoded.map(({ name, column }) => [name, column]));
  const head = { length: present.length, present: present.includes(0) ? present : null };
  const { definitions, repetitions } = first;
  return { definitions, repetitions, column: { kind: "struct", ...head, fields } };
}

/** Lists of three levels, none in another. */
function decodeList(
  { node, type, ...reading }: Reading & { readonly type: Extract<DataType, { type: "array" }> },
  levels: Levels,
): Decoded {
  const [entry] = node.children;
  const [element] = entry?.children ?? [];
  const isList = annotationOf(node) === "LIST" && entry?.element.repetition_type === "REPEATED" &&
    entry.children.length === 1 && levels.repetition === 0;
  if (!isList || element === undefined) throw new TypeError("found a list in another form");
  const inside = { definition: levels.definition + 1, repetition: 1 };
  const { column: elements, definitions, repetitions } = decode(
    { ...reading, node: element, type: type.elementType },
    inside,
    inside.definition,
  );
  const { ends, present } = rowsOf({ definitions, repetitions }, levels.definition);
  if (ends.at(-1) !== elements.length) throw new RangeError("found elements that belong to no list");
  const head = { length: present.length, present: present.includes(0) ? present : null };
  return { definitions, repetitions, column: { kind: "list", ...head, ends, elements } };
}

function rowsOf({ definitions, repetitions }: Pick<Decoded, "definitions" | "repetitions">, whole: number) {
  const ends = new Int32Array(definitions.length + 1), present = new Uint8Array(definitions.length);
  let rows = 0, elements = 0;
  for (let slot = 0; slot < definitions.length; slot++) {
    const level = definitions[slot] ?? 0;
    if (repetitions[slot] === 0) {
      present[rows] = level >= whole ? 1 : 0;
      rows++;
    }
    if (level > whole) elements++;
    ends[rows] = elements;
  }
  return { ends: ends.subarray(0, rows + 1), present: present.subarray(0, rows) };
}
