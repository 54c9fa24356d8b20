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
  const { fields } = table.snapshot.schema, known = knownColumns(table, columns);
  const found = await table.readColumns(add, { columns: known });
  if (found !== undefined) return found;
  const schema = { type: "struct" as const, fields: fields.filter(({ name }) => known.includes(name)) };
  return columnsOfFrame(fitFrame(await table.readFile(add, { columns: known }), schema), schema.fields);
}

/**
 * Columns of the rows of a data file that a train may have, others among them; null when it has none. A day has 50,000
 * rows and a train some dozens, which stand together as a rule: its number is asked first, and then for their columns.
 */
export async function readTrainColumns(
  table: DeltaTable,
  add: Add,
  { number, columns }: { readonly number: number; readonly columns: readonly string[] },
): Promise<Columns | null> {
  const file = await table.openColumns(add);
  const { trainNumber: numbers } = file?.read({ columns: knownColumns(table, ["trainNumber"]) }) ?? {};
  if (file === undefined || numbers?.kind !== "int64") return await readFileColumns(table, add, columns);
  const first = numbers.halves.indexOf(number);
  if (first < 0) return null;
  const rows = { from: first >> 1, to: (numbers.halves.lastIndexOf(number) >> 1) + 1 };
  const found = file.read({ columns: knownColumns(table, columns), rows });
  return found ?? await readFileColumns(table, add, columns);
}

function knownColumns(
  { snapshot: { schema: { fields } } }: DeltaTable,
  columns: readonly string[],
): readonly string[] {
  return columns.filter((name) => fields.some((field) => field.name === name));
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
