/** `deno task sql`: opens the tables that a question names, reads what it needs of them, and answers it. */
import { setImmediate } from "node:timers/promises";
import {
  type DeltaTable,
  openTable,
  openTableAt,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../delta/mod.ts";
import { UsageError } from "../errors.ts";
import { findConditions } from "./find_conditions.ts";
import { NAMED_TABLES, type NamedTable, tablesNamed, wayTo } from "./lake_names.ts";
import type { ListedTable } from "./list_tables.ts";
import { loadTable } from "./load_table.ts";
import { missingTable, queryFault, unknownTable } from "./query_fault.ts";
import { nameOf } from "./query_tokens.ts";
import { type Query, readQuery, sqlText } from "./read_query.ts";
import { type ColumnsRead, SqlEngine } from "./sql_engine.ts";
import type { Answer } from "./write_answer.ts";

/** Where the tables are. */
export interface Lake {
  readonly storeOf: (path: string) => Store;
  readonly options: TableOptions;
  /** Tables as they were then; undefined: as they are. */
  readonly asOf: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Does what hears no signal: SQLite answers in native code, as long as it takes. */
  readonly unheard?: <T>(work: () => T) => T;
}

/** Tables of the question by the name that SQLite knows, in lower case. */
type OpenTables = Map<string, { readonly name: string; readonly table: DeltaTable }>;

/**
 * Answers a question, and hands the answer to `use` while the engine lives.
 *
 * @throws {UsageError} when the question is wrong: nothing was read
 */
export async function askLake<T>(lake: Lake, text: string, use: (answer: Answer) => Promise<T>): Promise<T> {
  const query = readQuery(text);
  using engine = new SqlEngine();
  const tables: OpenTables = new Map();
  const scene = () => ({ query, engine, columns: [...tables.values()].flatMap(columnNames) });
  const read = await openTables(lake, { query, engine, tables, scene });
  try {
    await loadTables(lake, { query, engine, tables, read });
    // What was pressed so far is heard here.
    await setImmediate();
    lake.signal?.throwIfAborted();
    const { columns, rows } = (lake.unheard ?? ((work) => work()))(() => engine.ask(sqlText(query)));
    const typed = columns.map(({ name, table, column }) => {
      const fields = tables.get(table?.toLowerCase() ?? "")?.table.snapshot.schema.fields;
      return { name, type: fields?.find((field) => field.name === column)?.type };
    });
    return await use({ columns: typed, rows });
  } catch (error) {
    throw queryFault(error, scene());
  }
}

/** The tables that are there, in the order of their names, and why others cannot be opened. */
export async function findTables(
  lake: Lake,
): Promise<{ readonly tables: readonly ListedTable[]; readonly faults: readonly unknown[] }> {
  const opened = await Promise.allSettled(NAMED_TABLES.map(async (named) => {
    const table = await openNamed(lake, named);
    return table === undefined ? [] : [{ ...named, table }];
  }));
  return {
    tables: opened.flatMap((each) => each.status === "fulfilled" ? each.value : []),
    faults: opened.flatMap((each) => each.status === "rejected" ? [each.reason] : []),
  };
}

interface Asked {
  readonly query: Query;
  readonly engine: SqlEngine;
  readonly tables: OpenTables;
}

// SQLite itself says which tables it misses, one after the other: nobody else has to understand the question.
async function openTables(
  lake: Lake,
  { query, engine, tables, scene }: Asked & { readonly scene: () => Parameters<typeof queryFault>[1] },
): Promise<ColumnsRead> {
  for (;;) {
    let missing: string;
    try {
      return engine.plan(sqlText(query));
    } catch (error) {
      const found = missingTable(error);
      if (found === undefined || tables.has(found.toLowerCase())) throw queryFault(error, scene());
      missing = found;
    }
    const named = namedTable(missing, query);
    const table = await openNamed(lake, named);
    if (table === undefined) throw notThere(named, lake.asOf);
    assertDistinct(named, table);
    engine.createTable(missing, table.snapshot.schema.fields);
    tables.set(missing.toLowerCase(), { name: missing, table });
  }
}

function namedTable(name: string, query: Query): NamedTable {
  const named = query.named.get(name.toLowerCase());
  if (named !== undefined) return named;
  const [only, ...others] = tablesNamed(name);
  if (only === undefined || others.length > 0) throw unknownTable(name, query);
  return only;
}

async function openNamed(
  { storeOf, options, asOf }: Lake,
  { path }: NamedTable,
): Promise<DeltaTable | undefined> {
  try {
    return asOf === undefined
      ? await openTable(storeOf(path), options)
      : await openTableAt(storeOf(path), { timestampMs: asOf }, options);
  } catch (error) {
    // A table that was made later is not there yet at that time.
    const isLater = asOf !== undefined && error instanceof RangeError && error.message.startsWith("Cannot ");
    if (error instanceof TableNotFoundError || isLater) return undefined;
    throw error;
  }
}

function notThere(named: NamedTable, asOf: number | undefined): UsageError {
  if (asOf !== undefined) {
    return new UsageError([
      `Cannot ask "${
        named.path.replace("/", ".")
      }": the table was not there at that time, expected a later --as-of`,
    ]);
  }
  return new UsageError([
    `Cannot ask "${named.path.replace("/", ".")}": there is no such table yet, ${wayTo(named)}`,
  ]);
}

function assertDistinct({ zone, name }: NamedTable, { snapshot }: DeltaTable): void {
  const names = snapshot.schema.fields.map((field) => field.name.toLowerCase());
  const twice = names.find((each, at) => names.indexOf(each) !== at);
  if (twice === undefined) return;
  throw new Error(
    `Cannot ask "${zone}.${name}": found the column "${twice}" twice but for upper and lower case, expected it once`,
  );
}

async function loadTables(
  { signal }: Lake,
  { query, engine, tables, read }: Asked & { readonly read: ColumnsRead },
): Promise<void> {
  const known = new Map([...tables].map(([name, { table }]) => [name, table.snapshot.schema.fields]));
  const words = new Set(query.tokens.map((token) => nameOf(token)?.toLowerCase()));
  const isRestricted = words.has("where") || words.has("on");
  const conditions = isRestricted ? findConditions(sqlText(query), known) : new Map();
  for (const [key, { name, table }] of tables) {
    const names = columnNames({ table }).map((column) => column.toLowerCase());
    // SQLite does not tell what tables are joined by: USING names it, NATURAL may mean any column.
    const named = words.has("natural") ? names : names.filter((column) => words.has(column));
    const columns = new Set([...named, ...read.get(key) ?? []]);
    await loadTable(engine, table, { name, columns, where: conditions.get(key), signal });
  }
}

function columnNames({ table }: { readonly table: DeltaTable }): readonly string[] {
  return table.snapshot.schema.fields.map(({ name }) => name);
}
