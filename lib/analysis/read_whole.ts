/** Reads columns of a data file whoever wrote it: in flat buffers where the file is plain, else by way of a frame. */
import {
  type Add,
  type Columns,
  columnsOfFrame,
  type DeltaTable,
  fitFrame,
  type StructType,
} from "../delta/mod.ts";

/** The columns of the schema; those that the file, or the table, does not have may be absent. */
export async function readWhole(table: DeltaTable, add: Add, schema: StructType): Promise<Columns> {
  const columns = namesIn(table, schema);
  return await table.readColumns(add, { columns }) ?? await readByFrame(table, add, schema);
}

/** The columns of the schema, all in the same form for files of all writers; null where the file has none. */
export async function readByFrame(table: DeltaTable, add: Add, schema: StructType): Promise<Columns> {
  const frame = await table.readFile(add, { columns: namesIn(table, schema) });
  return columnsOfFrame(fitFrame(frame, schema), schema.fields);
}

/** A table that only older versions have written lacks the newest columns. */
function namesIn({ snapshot }: DeltaTable, { fields }: StructType): readonly string[] {
  const present = new Set(snapshot.schema.fields.map(({ name }) => name));
  return fields.map(({ name }) => name).filter((name) => present.has(name));
}
