/** Makes objects of the columns of a struct: one per row, without nulls. */
import type { Column } from "./plain_leaf.ts";

type StructObject = Readonly<Record<string, unknown>>;

/** A field with a value in some row. */
interface Field {
  readonly name: string;
  readonly values: readonly unknown[];
}

const USUAL_ADD = "path,partitionValues,size,modificationTime,dataChange,stats";
const NO_FIELD: Field = { name: "", values: [] };

/** The objects of the rows where the struct is there. */
export function structObjects(
  columns: readonly { readonly name: string; readonly values: Column }[],
  definitions: Uint8Array,
  whole: number,
): Column {
  const fields = columns.flatMap(({ name, values }) => values === undefined ? [] : { name, values });
  const isUsual = fields.map(({ name }) => name).join() === USUAL_ADD;
  const objects = new Array<StructObject>(definitions.length);
  for (let row = 0; row < objects.length; row++) {
    if ((definitions[row] ?? 0) >= whole) objects[row] = isUsual ? addAt(fields, row) : objectAt(fields, row);
  }
  return objects;
}

// A literal takes a fifth of the time, and less memory.
function addAt(fields: readonly Field[], row: number): StructObject {
  const add = {
    path: fields[0]?.values[row],
    partitionValues: fields[1]?.values[row],
    size: fields[2]?.values[row],
    modificationTime: fields[3]?.values[row],
    dataChange: fields[4]?.values[row],
    stats: fields[5]?.values[row],
  };
  const { path, partitionValues, size, modificationTime, dataChange, stats } = add;
  const isWhole = isThere(path) && isThere(partitionValues) && isThere(size) && isThere(modificationTime) &&
    isThere(dataChange) && isThere(stats);
  return isWhole ? add : objectAt(fields, row);
}

function objectAt(fields: readonly Field[], row: number): StructObject {
  const object: Record<string, unknown> = {};
  for (let at = 0; at < fields.length; at++) {
    const { name, values } = fields[at] ?? NO_FIELD;
    const value = values[row];
    if (isThere(value)) object[name] = value;
  }
  return object;
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}
