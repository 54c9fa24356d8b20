/** Lists and maps in Parquet columns: elements of all rows stand one after the other, and levels tell where each begins. */
import { Buffer } from "node:buffer";
import type { SchemaNode } from "../parquet/schema_tree.ts";
import type { LeafColumn } from "./leaf_column.ts";
import type { Levels } from "./page_parts.ts";
import { isPlainLeaf, levelsOf, type ReadColumn, type ReadLeaf } from "./plain_leaf.ts";

type MutableObject = Record<string, unknown>;

/** How to read arrays from the repeated field below a list; undefined when their elements are no plain leaves. */
export function listReader(entry: SchemaNode, levels: Levels): ReadColumn | undefined {
  const [item, ...others] = entry.children;
  if (item === undefined || others.length > 0 || !isPlainLeaf(item)) return undefined;
  return (readLeaf) => {
    const items = readElements(item, levels, readLeaf);
    const add = (list: unknown[], slot: number): void => void list.push(items.values?.[slot] ?? null);
    return collect(items, levels, { start: (): unknown[] => [], add });
  };
}

/** How to read objects by key from the repeated field below a map; undefined when it is not of plain leaves. */
export function mapReader({ element, children }: SchemaNode, levels: Levels): ReadColumn | undefined {
  const [key, value, ...others] = children;
  if (element.name !== "key_value" || key?.element.name !== "key" || value?.element.name !== "value") {
    return undefined;
  }
  const isPlain = others.length === 0 && isPlainLeaf(key) && isPlainLeaf(value);
  if (!isPlain || key.element.repetition_type !== "REQUIRED") return undefined;
  return (readLeaf) => {
    const keys = readElements(key, levels, readLeaf);
    const values = readElements(value, levels, readLeaf);
    assertSameLists(keys, values);
    if (!keys.repetitions.includes(1)) return singleEntries(keys, values, levels);
    const add = (object: MutableObject, slot: number): void =>
      setOwn(object, String(keys.values?.[slot]), values.values?.[slot] ?? null);
    return collect(keys, levels, { start: (): MutableObject => ({}), add });
  };
}

function readElements(
  column: SchemaNode,
  { definition, repetition }: Levels,
  readLeaf: ReadLeaf,
): LeafColumn {
  return readLeaf(column, levelsOf(column, { definition: definition + 1, repetition: repetition + 1 }));
}

// At the level of the list there is an empty one, below it none.
function collect<List>(
  { definitions, repetitions, highest }: LeafColumn,
  { definition }: Levels,
  { start, add }: { readonly start: () => List; readonly add: (list: List, slot: number) => void },
): ReturnType<ReadColumn> {
  if (highest < definition && !repetitions.includes(1)) return { values: undefined, definitions, highest };
  const values: (List | null)[] = [];
  const rowDefinitions = new Uint8Array(definitions.length);
  let list = start();
  for (let slot = 0; slot < definitions.length; slot++) {
    const level = definitions[slot] ?? 0;
    if (repetitions[slot] === 0) {
      rowDefinitions[values.length] = level;
      values.push(level < definition ? null : list = start());
    }
    if (level > definition) add(list, slot);
  }
  return { values, definitions: rowDefinitions.subarray(0, values.length), highest };
}

// Most tables have one partition column or none, and many files in each partition, which then share an object.
function singleEntries(keys: LeafColumn, values: LeafColumn, { definition }: Levels): ReturnType<ReadColumn> {
  const { definitions, highest } = keys;
  const rows = new Array<MutableObject>(definitions.length);
  let known = new Map<unknown, MutableObject>();
  let knownKey: unknown;
  for (let row = 0; row < rows.length && highest >= definition; row++) {
    const level = definitions[row] ?? 0;
    if (level === definition) rows[row] = {};
    if (level <= definition) continue;
    const [key, value] = [keys.values?.[row], values.values?.[row] ?? null];
    if (key !== knownKey) known = new Map();
    knownKey = key;
    let shared = known.get(value);
    if (shared === undefined) known.set(value, shared = objectOf(String(key), value));
    rows[row] = shared;
  }
  return { values: highest < definition ? undefined : rows, definitions, highest };
}

function objectOf(key: string, value: unknown): MutableObject {
  const object: MutableObject = {};
  setOwn(object, key, value);
  return object;
}

// Keys are never null, so a value is there where a key is.
function assertSameLists(keys: LeafColumn, { repetitions }: LeafColumn): void {
  if (Buffer.compare(keys.repetitions, repetitions) === 0) return;
  throw new TypeError("found other keys than values in a map, expected as many");
}

// What would be the prototype is a key like any other.
function setOwn(object: MutableObject, key: string, value: unknown): void {
  if (key !== "__proto__") object[key] = value;
  else Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
