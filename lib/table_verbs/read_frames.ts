/** The rows of a version, frame by frame, as `cat` wants them. */
import type pl from "nodejs-polars";
import {
  type DeltaTable,
  fileVerdict,
  parsePredicate,
  predicateColumns,
  type StructField,
  toPolars,
} from "../delta/mod.ts";

/** Which rows and columns. */
export interface ReadFramesOptions {
  /** In the order wanted; by default all, in the order of the table. */
  readonly columns: readonly string[] | undefined;
  readonly where: string | undefined;
  /** Rows at the most. */
  readonly limit: number;
}

/** The columns that come out, in their order. */
export function wantedFields(
  table: DeltaTable,
  columns: readonly string[] | undefined,
): readonly StructField[] {
  const { fields } = table.snapshot.schema;
  if (columns === undefined) return fields;
  return columns.map((name) => {
    const field = fields.find((known) => known.name === name);
    if (field !== undefined) return field;
    const known = fields.map(({ name }) => name).join(", ");
    throw new TypeError(`Cannot read the column "${name}": found no such column, expected ${known}`);
  });
}

/** Reads one data file at a time; files that the condition rules out are not opened. */
export async function* readFrames(
  table: DeltaTable,
  { columns, where, limit }: ReadFramesOptions,
): AsyncGenerator<pl.DataFrame> {
  const { snapshot } = table;
  const names = wantedFields(table, columns).map(({ name }) => name);
  const predicate = where === undefined ? undefined : parsePredicate(where, snapshot.schema);
  const verdict = predicate && fileVerdict(predicate, snapshot);
  const needed = [...new Set([...names, ...(predicate ? predicateColumns(predicate) : [])])];
  let left = limit;
  for (const add of snapshot.files.values()) {
    const found = verdict?.(add) ?? "all";
    if (left <= 0) return;
    if (found === "none") continue;
    const frame = await table.readFile(add, { columns: needed });
    const rows = predicate && found === "some" ? frame.filter(toPolars(predicate, snapshot.schema)) : frame;
    if (rows.height === 0) continue;
    const wanted = rows.select(...names);
    const part = wanted.height <= left ? wanted : wanted.head(left);
    left -= part.height;
    yield part;
  }
}
