/** The schema of a Parquet file as a tree, read from its footer. */
import { Buffer } from "node:buffer";
import { type LogicalType, PHYSICAL_TYPES, type SchemaElement } from "./column_form.ts";
import { ELEMENT_SHAPE } from "./footer_shapes.ts";
import { readListSize, readText } from "./thrift_cursor.ts";
import type { Cursor } from "./thrift_values.ts";
import { type StructNumbers, walkStruct } from "./walk_struct.ts";

/** A field of the schema, and those below it. */
export interface SchemaNode {
  readonly element: SchemaElement;
  readonly children: readonly SchemaNode[];
  /** The names from the top down. */
  readonly path: readonly string[];
  /** How many fields without others below them stand before it: its place among the columns of a row group. */
  readonly leaf: number;
}

/** The fields of a SchemaElement that say how a column is stored. */
const ELEMENT = { type: 1, repetition: 3, name: 4, children: 5, converted: 6, logical: 10 } as const;
/** FieldRepetitionType. */
const REPETITIONS: readonly string[] = ["REQUIRED", "OPTIONAL", "REPEATED"];
/** ConvertedType. */
const CONVERTED_TYPES: readonly string[] = [
  ...["UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS"],
  ...["TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16"],
  ...["INT_32", "INT_64", "JSON", "BSON", "INTERVAL"],
];
/** LogicalType, by the number of its field. */
const LOGICAL_TYPES: readonly (string | undefined)[] = [
  ...[
    undefined,
    "STRING",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    undefined,
    "INTEGER",
  ],
  ...["NULL", "JSON", "BSON", "UUID", "FLOAT16"],
];
/** TimeUnit, by the number of its field. */
const TIME_UNITS: readonly (string | undefined)[] = [undefined, "MILLIS", "MICROS", "NANOS"];
/** No table has deeper columns. */
const MAX_DEPTH = 200;
const KNOWN_LIMIT = 64;
const KNOWN_BYTES = 65_536;
const known = new Map<string, SchemaNode>();

/**
 * The root of the tree of these elements, which `footerFacts` gives. The files of a table have one schema as a rule, to
 * the byte: it is read once.
 *
 * @throws {TypeError} when the elements are no tree
 */
export function schemaTree(schema: Uint8Array): SchemaNode {
  const text = Buffer.from(schema.buffer, schema.byteOffset, schema.length).toString("latin1");
  let root = known.get(text);
  if (root !== undefined) return root;
  root = treeOf(readElements(schema));
  if (known.size >= KNOWN_LIMIT) known.clear();
  if (text.length <= KNOWN_BYTES) known.set(text, root);
  return root;
}

/** An element, and how many are right below it. */
type Element = SchemaElement & { readonly childCount: number };

function readElements(schema: Uint8Array): readonly Element[] {
  const cursor: Cursor = { bytes: schema, position: 0 };
  const elements: Element[] = [];
  for (let left = readListSize(cursor); left > 0; left--) {
    const structs: Record<string, StructNumbers> = {};
    walkStruct(cursor, ELEMENT_SHAPE, ({ name }, numbers) => structs[name] = numbers);
    elements.push(elementOf(structs, schema));
  }
  return elements;
}

/** Of one element, by their names. */
type Structs = Readonly<Record<string, StructNumbers>>;

function elementOf(structs: Structs, schema: Uint8Array): Element {
  const { SchemaElement: numbers = [] } = structs;
  const converted = CONVERTED_TYPES[numbers[ELEMENT.converted] ?? -1];
  const type = PHYSICAL_TYPES[numbers[ELEMENT.type] ?? -1];
  const repetition = REPETITIONS[numbers[ELEMENT.repetition] ?? -1];
  return {
    name: readText({ bytes: schema, position: numbers[ELEMENT.name] ?? 0 }),
    childCount: numbers[ELEMENT.children] ?? 0,
    ...(type === undefined ? {} : { type }),
    ...(repetition === undefined ? {} : { repetition_type: repetition }),
    ...(converted === undefined ? {} : { converted_type: converted }),
    ...(numbers[ELEMENT.logical] === undefined ? {} : { logical_type: logicalOf(structs) }),
  };
}

/** A type that parquet.thrift has not is one without a name: no column is plain with it. */
function logicalOf({ LogicalType = [], TimeType = [], TimeUnit = [], IntType = [] }: Structs): LogicalType {
  const type = LOGICAL_TYPES[LogicalType.findIndex((at) => at !== undefined)] ?? "UNKNOWN";
  if (type === "TIMESTAMP" || type === "TIME") {
    const unit = TIME_UNITS[TimeUnit.findIndex((at) => at !== undefined)];
    return { type, isAdjustedToUTC: TimeType[1] === 1, ...(unit === undefined ? {} : { unit }) };
  }
  if (type === "INTEGER") return { type, bitWidth: IntType[1] ?? 0, isSigned: IntType[2] === 1 };
  return { type };
}

/** Elements are in depth-first order. */
function treeOf(elements: readonly Element[]): SchemaNode {
  let next = 0, leaves = 0;
  const grow = (path: readonly string[]): SchemaNode => {
    const element = elements[next++];
    if (element === undefined || path.length > MAX_DEPTH) {
      throw new TypeError(`found a schema of ${elements.length} elements that is no tree`);
    }
    const own = next === 1 ? [] : [...path, element.name];
    const leaf = leaves;
    if (element.childCount === 0) leaves++;
    const children: SchemaNode[] = [];
    while (children.length < element.childCount) children.push(grow(own));
    return { element, children, path: own, leaf };
  };
  return grow([]);
}
