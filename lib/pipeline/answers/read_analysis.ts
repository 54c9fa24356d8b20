/** Reads columns of the tables that answers are worked out of, whoever wrote them. */
import type { Add, Columns, DeltaTable, Store, TableOptions } from "../../delta/mod.ts";
import {
  columnBounds,
  columnsOfFrame,
  fitFrame,
  openTable,
  TableNotFoundError,
} from "../../delta/reading.ts";

/** Where the tables are. */
export interface AnswerSource {
  readonly storeOf: (path: string) => Store;
  readonly context: TableOptions;
}

/** Columns of a data file; those that it does not have are absent. */
export async function readFileColumns(
  table: DeltaTable,
  add: Add,
  columns: readonly string[],
): Promise<Columns> {
  const { fields } = table.snapshot.schema;
  const known = columns.filter((name) => fields.some((field) => field.name === name));
  const found = await table.readColumns(add, { columns: known });
  if (found !== undefined) return found;
  const schema = { type: "struct" as const, fields: fields.filter(({ name }) => known.includes(name)) };
  return columnsOfFrame(fitFrame(await table.readFile(add, { columns: known }), schema), schema.fields);
}

/** Opens a table that there has to be; `doing` completes "Cannot ...". */
export async function openNeeded(
  { storeOf, context }: AnswerSource,
  path: string,
  doing: string,
): Promise<DeltaTable> {
  const table = await openKnown({ storeOf, context }, path);
  if (table !== null) return table;
  throw new Error(
    `Cannot ${doing}: found no table "${
      storeOf(path).label
    }", expected the one that \`deno task process\` fills`,
  );
}

/** Opens a table that there may be. */
export async function openKnown(
  { storeOf, context }: AnswerSource,
  path: string,
): Promise<DeltaTable | null> {
  try {
    return await openTable(storeOf(path), context);
  } catch (error) {
    if (error instanceof TableNotFoundError) return null;
    throw error;
  }
}

/** The departure date of a file; null where another engine has written none, or none that a calendar has. */
export function dateOf({ partitionValues: { departureDate } }: Add): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(departureDate ?? "") ? departureDate ?? null : null;
}

/** The files that may have a value from `low` to `high` in a column of whole numbers or times, which are microseconds. */
export function boundedFiles(
  { snapshot }: DeltaTable,
  column: string,
  [low, high]: readonly [low: number, high: number],
): readonly Add[] {
  const boundsOf = columnBounds([column], snapshot);
  return [...snapshot.files.values()].filter((add) => {
    const { lower, upper } = boundsOf(add);
    return (lower === undefined || Number(lower) <= high) && (upper === undefined || Number(upper) >= low);
  });
}
