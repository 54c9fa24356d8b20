/** Reads columns of the tables that answers are worked out of, whoever wrote them. */
import type { Add, Columns, DeltaTable, Store, TableOptions } from "../../delta/mod.ts";
import {
  columnBounds,
  columnsOfFrame,
  CorruptFileError,
  CorruptLogError,
  fitFrame,
  openTable,
  TableNotFoundError,
} from "../../delta/reading.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../tables/table_paths.ts";

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

/** Does what is asked; where an analysis table is broken it says how that is made again. `doing` completes "Cannot ...". */
export async function answering<Answer>(
  { storeOf }: AnswerSource,
  doing: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await work();
  } catch (cause) {
    const isBroken = cause instanceof CorruptLogError || cause instanceof CorruptFileError;
    const broken = isBroken
      ? Object.values(ANALYSIS_PATHS).map((path) => storeOf(path).label).find((label) =>
        label === cause.table
      )
      : undefined;
    if (broken === undefined) throw cause;
    const message =
      `Cannot ${doing}: found a broken table "${broken}", expected a whole one; remove its folder, ` +
      "then `deno task analyse` makes it again";
    throw new Error(message, { cause });
  }
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
  source: AnswerSource,
  path: string,
  doing: string,
): Promise<DeltaTable> {
  const table = await openKnown(source, path);
  if (table !== null) return table;
  // A lake of an older version has what the analyses are worked out of, and perhaps no broker any more.
  const hasRows = path !== TABLE_PATHS.standard && await openKnown(source, TABLE_PATHS.standard) !== null;
  const task = hasRows ? "analyse" : "process";
  throw new Error(
    `Cannot ${doing}: found no table "${
      source.storeOf(path).label
    }", expected the one that \`deno task ${task}\` fills`,
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
