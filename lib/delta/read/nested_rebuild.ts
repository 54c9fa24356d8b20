/** Rebuilds structs, lists and maps from their parts, since polars can neither rename nor add all of them. */

import type { Data, DataType as ArrowType, Field, Struct, Table } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { Buffer, isUtf8 } from "node:buffer";
import { pl } from "../../packages/polars.ts";
import { fitOf, partsOf } from "./type_fit.ts";
import type { ColumnMatch } from "./column_match.ts";
import { literalOf } from "../predicate/literal_polars.ts";
import { type Frame, toPolarsType } from "../schema/polars_type.ts";
import type { ArrayType, DataType, MapType, StructField } from "../schema/schema.ts";

/** A column of a file that is to become a field of the table. */
export interface RebuiltColumn {
  /** Its name in the file; absent when the file does not have it. */
  readonly source?: string | undefined;
  readonly field: StructField;
}

/** The columns with the names and types of the table, in a frame of their own with as many rows. */
export function rebuildColumns(
  frame: Frame,
  columns: readonly RebuiltColumn[],
  match: ColumnMatch,
): Frame {
  const sources = columns.flatMap(({ source }) => source ?? []);
  const table = sources.length === 0 ? new arrow.Table() : toArrow(frame.select(...sources));
  const vectors = columns.map(({ source, field }) => {
    const vector = source === undefined ? null : table.getChild(source);
    if (vector === null || source === undefined) {
      return [field.name, new arrow.Vector([nullData(field.type, frame.height)])] as const;
    }
    return [
      field.name,
      new arrow.Vector(vector.data.map((data) => rebuild(data, field.type, match, [source]))),
    ] as const;
  });
  return fromArrow(new arrow.Table(Object.fromEntries(vectors)));
}

function rebuild(data: Data, expected: DataType, match: ColumnMatch, path: readonly string[]): Data {
  const fit = fitOf(data.type, expected, match, path);
  if (fit === "same") return data;
  if (expected === "void") return nullData(expected, data.length + data.offset);
  if (typeof expected === "string") return relabel(data, expected) ?? castData(data, expected);
  if (expected.type === "struct") return rebuildStruct(data, expected.fields, match, path);
  return rebuildList(data, expected, match, path);
}

function rebuildStruct(
  data: Data,
  fields: readonly StructField[],
  match: ColumnMatch,
  path: readonly string[],
): Data {
  const found: readonly Field[] = data.type.children ?? [];
  const names = found.map(({ name }) => name);
  const children = fields.map((field) => {
    const name = match(field, path, names);
    const child = name === undefined ? undefined : data.children[names.indexOf(name)];
    if (child === undefined || name === undefined) return nullData(field.type, data.length + data.offset);
    return rebuild(child, field.type, match, [...path, name]);
  });
  return withChildren(data, structType(fields.map(({ name }) => name), children), children);
}

function rebuildList(
  data: Data,
  expected: ArrayType | MapType,
  match: ColumnMatch,
  path: readonly string[],
): Data {
  const [inner] = data.children;
  if (inner === undefined || partsOf(data.type, expected) === undefined) return data;
  const child = expected.type === "array"
    ? rebuild(inner, expected.elementType, match, [...path, "element"])
    : rebuildEntries(inner, expected, match, path);
  const field = new arrow.Field("item", child.type, true);
  const type = data.type.typeId === arrow.Type.LargeList ? new arrow.LargeList(field) : new arrow.List(field);
  return withChildren(data, type, [child]);
}

// Keys and values are known by their place, whatever the writer called them.
function rebuildEntries(entries: Data, expected: MapType, match: ColumnMatch, path: readonly string[]): Data {
  const [key, value] = entries.children;
  if (key === undefined || value === undefined) return entries;
  const children = [
    rebuild(key, expected.keyType, match, [...path, "key"]),
    rebuild(value, expected.valueType, match, [...path, "value"]),
  ];
  return withChildren(entries, structType(["key", "value"], children), children);
}

function structType(names: readonly string[], children: readonly Data[]): Struct {
  return new arrow.Struct(children.map(({ type }, index) => new arrow.Field(names[index] ?? "", type, true)));
}

function withChildren(data: Data, type: ArrowType, children: Data[]): Data {
  return data.clone(type, data.offset, data.length, data.nullCount, data.buffers, children);
}

// Bytes and texts are held alike.
function relabel(data: Data, expected: string): Data | undefined {
  const isBytes = data.type.typeId === arrow.Type.BinaryView;
  if (expected === "binary" && data.type.typeId === arrow.Type.Utf8View) {
    return withType(data, new arrow.BinaryView());
  }
  if (expected !== "string" || !isBytes) return undefined;
  for (const value of new arrow.Vector([data])) {
    if (value !== null && !isUtf8(value)) {
      throw new TypeError("found bytes that are no UTF-8, expected string");
    }
  }
  return withType(data, new arrow.Utf8View());
}

function withType(data: Data, type: ArrowType): Data {
  return data.clone(type, data.offset, data.length, data.nullCount, data.buffers, data.children);
}

function castData(data: Data, expected: DataType): Data {
  const column = fromArrow(new arrow.Table({ value: new arrow.Vector([data]) }));
  return onlyData(column.select(pl.col("value").cast(toPolarsType(expected))), data);
}

function nullData(type: DataType, length: number): Data {
  if (typeof type === "string") return nullValues(type, length);
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  if (type.type === "struct") {
    const children = type.fields.map((field) => nullData(field.type, length));
    const names = type.fields.map(({ name }) => name);
    return arrow.makeData({
      type: structType(names, children),
      length,
      nullCount: length,
      nullBitmap,
      children,
    });
  }
  const child = type.type === "array" ? nullData(type.elementType, 0) : nullEntries(type);
  const list = new arrow.LargeList(new arrow.Field("item", child.type, true));
  const valueOffsets = new BigInt64Array(length + 1);
  return arrow.makeData({ type: list, length, nullCount: length, nullBitmap, valueOffsets, child });
}

function nullEntries({ keyType, valueType }: MapType): Data {
  const children = [nullData(keyType, 0), nullData(valueType, 0)];
  return arrow.makeData({ type: structType(["key", "value"], children), length: 0, nullCount: 0, children });
}

function nullValues(type: DataType, length: number): Data {
  const rows = pl.DataFrame({ row: new Array<number>(length).fill(0) });
  const nulls = rows.select(pl.col("row").cast(pl.Int8)).withColumns(literalOf(null, type).alias("value"));
  return onlyData(nulls.select("value"), undefined);
}

function onlyData(frame: Frame, otherwise: Data | undefined): Data {
  const [data, ...more] = toArrow(frame).getChild("value")?.data ?? [];
  if (data !== undefined && more.length === 0) return data;
  if (data === undefined && otherwise !== undefined) return otherwise;
  if (data === undefined) return arrow.makeData({ type: new arrow.BinaryView(), length: 0 });
  throw new TypeError("Cannot put a column together: found several chunks, expected one");
}

function toArrow(frame: Frame): Table {
  return arrow.tableFromIPC(frame.writeIPC());
}

function fromArrow(table: Table): Frame {
  return pl.readIPC(Buffer.from(arrow.tableToIPC(table, "file")));
}
