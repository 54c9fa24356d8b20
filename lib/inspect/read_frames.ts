/** The rows of a version, frame by frame, as `cat` wants them. */
import { type DeltaTable, type Frame, parsePredicate, scanTable, type StructField } from "../delta/mod.ts";

/** Which rows and columns. */
export interface ReadFramesOptions {
  /** In the order given; by default all, in the order of the table. */
  readonly columns: readonly string[] | undefined;
  readonly where: string | undefined;
  /** At most this many rows. */
  readonly limit: number;
  /** Looked at after each batch. */
  readonly signal?: AbortSignal | undefined;
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

/** So many rows are turned into text before the event loop turns, and hears of Ctrl-C. */
const BATCH_ROWS = 16_384;

/** Reads the rows in batches; files that the condition rules out are not opened. */
export async function* readFrames(
  table: DeltaTable,
  { columns, where, limit, signal }: ReadFramesOptions,
): AsyncGenerator<Frame> {
  const names = wantedFields(table, columns).map(({ name }) => name);
  const predicate = where === undefined ? undefined : parsePredicate(where, table.snapshot.schema);
  let left = limit;
  for await (const rows of scanTable(table, { columns: names, where: predicate, batchRows: BATCH_ROWS })) {
    signal?.throwIfAborted();
    const part = rows.height <= left ? rows : rows.head(left);
    yield part;
    left -= part.height;
    if (left <= 0) return;
  }
}
