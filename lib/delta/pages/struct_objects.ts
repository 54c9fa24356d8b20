/** Makes objects of the columns of a struct: one per row, without nulls. */
import type { Column } from "./plain_leaf.ts";

type StructObject = Readonly<Record<string, unknown>>;

/** Makes the object of a row where no field is null. */
type MakeObject = (fields: readonly Field[], row: number) => StructObject;

/** A field with a value in some row. */
interface Field {
  readonly name: string;
  readonly values: readonly unknown[];
}

/** Those that there are many of: a literal takes a fifth of the time, and less memory. */
const LITERALS: Readonly<Record<string, MakeObject>> = {
  "path,partitionValues,size,modificationTime,dataChange,stats": (fields, row) => ({
    path: fields[0]?.values[row],
    partitionValues: fields[1]?.values[row],
    size: fields[2]?.values[row],
    modificationTime: fields[3]?.values[row],
    dataChange: fields[4]?.values[row],
    stats: fields[5]?.values[row],
  }),
  "path,deletionTimestamp,dataChange,extendedFileMetadata,partitionValues,size": (fields, row) => ({
    path: fields[0]?.values[row],
    deletionTimestamp: fields[1]?.values[row],
    dataChange: fields[2]?.values[row],
    extendedFileMetadata: fields[3]?.values[row],
    partitionValues: fields[4]?.values[row],
    size: fields[5]?.values[row],
  }),
};

/** The objects of the rows where the struct is there. */
export function structObjects(
  columns: readonly { readonly name: string; readonly values: Column }[],
  definitions: Uint8Array,
  whole: number,
): Column {
  const fields = columns.flatMap(({ name, values }) => values === undefined ? [] : { name, values });
  const literal = LITERALS[fields.map(({ name }) => name).join()];
  const objects = new Array<StructObject>(definitions.length);
  for (let row = 0; row < objects.length; row++) {
    if ((definitions[row] ?? 0) < whole) continue;
    const isLiteral = literal !== undefined && isWhole(fields, row);
    objects[row] = isLiteral ? literal(fields, row) : objectAt(fields, row);
  }
  return objects;
}

function isWhole(fields: readonly Field[], row: number): boolean {
  for (let at = 0; at < fields.length; at++) if (!isThere(fields[at]?.values[row])) return false;
  return true;
}

function objectAt(fields: readonly Field[], row: number): StructObject {
  const object: Record<string, unknown> = {};
  for (const { name, values } of fields) {
    const value = values[row];
    if (isThere(value)) object[name] = value;
  }
  return object;
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined;
}
