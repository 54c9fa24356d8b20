/**
 * The engine of `deno task sql`: SQLite, in memory, as Deno brings it. It knows all of SQL's SELECT with the three truth
 * values that delays need where trains have not arrived, counts whole numbers exactly, tells by its authorizer which
 * columns a question reads, and in Deno's sandbox it opens no file at all.
 *
 * Tried and left: polars' SQLContext (nodejs-polars 0.25.2) is faster over whole tables, but adds up running sums and ranks
 * wrongly where there are nulls, gives 0 for the sum of nothing, has no scalar subqueries, EXISTS, joins by < or times
 * with zones, and reads any file by `read_csv`; squirreling 0.12.11 takes NOT NULL for true, adds whole numbers as
 * doubles, and knows neither `||` nor sums over windows.
 */
import { constants, DatabaseSync, type StatementSync } from "node:sqlite";
import type { DataType, StructField } from "../delta/mod.ts";
import { UsageError } from "../errors.ts";
import { Inserter } from "./inserter.ts";
import { addFunctions } from "./sql_functions.ts";

/** A column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  /** The column of a table that it shows as it is; both undefined where it is worked out. */
  readonly table: string | undefined;
  readonly column: string | undefined;
}

/** Columns that a question reads, by table; names are in lower case. */
export type ColumnsRead = ReadonlyMap<string, ReadonlySet<string>>;

/** A value of an answer. */
export type SqlValue = null | bigint | number | string | Uint8Array;

/** What SQLite may do for a question: read, call functions, look into itself again. */
const ALLOWED: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
]);
/** Tables of SQLite itself. */
const OWN_TABLES = /^(?:sqlite_|pragma_|dbstat$)/i;
/** Of the tables and of what the question makes of them; SQLite refuses more. */
export const MAX_BYTES = 4 * 2 ** 30;

/** One database in memory. */
export class SqlEngine implements Disposable {
  readonly #database = new DatabaseSync(":memory:");
  /** What a function of ours had to say. */
  #fault: string | undefined;

  /** Its times are those of the Europe/Helsinki clock where a question asks for them. */
  constructor() {
    // No file for what is large: the script may write none, and native code would not ask.
    this.#database.exec(`PRAGMA temp_store = memory; PRAGMA hard_heap_limit = ${MAX_BYTES}`);
    addFunctions(this.#database, (fault) => this.#fault ??= fault);
  }

  /** Makes an empty table. */
  createTable(name: string, fields: readonly StructField[]): void {
    const columns = fields.map(({ name, type }) => `${quoted(name)} ${affinity(type)}`);
    this.#database.exec(`CREATE TABLE ${quoted(name)} (${columns.join(", ")})`);
  }

  /** Takes rows for columns of a table, in the order of the columns. */
  inserter(table: string, columns: readonly string[]): Inserter {
    return new Inserter(this.#database, quoted(table), columns.map(quoted));
  }

  /** Divides and checks a question, as {@linkcode ask} does, and tells what it reads. */
  plan(sql: string): ColumnsRead {
    const read = new Map<string, Set<string>>();
    this.#guarded(sql, (table, column) => {
      const columns = read.get(table) ?? new Set();
      read.set(table, column === "" ? columns : columns.add(column));
    });
    return read;
  }

  /** Answers a question. */
  ask(sql: string): {
    readonly columns: readonly AnswerColumn[];
    readonly rows: readonly (readonly SqlValue[])[];
  } {
    const statement = this.#guarded(sql, () => {});
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    const columns = statement.columns().map(({ name, table, column }) => {
      return { name, table: table ?? undefined, column: column ?? undefined };
    });
    // Not iterate(): in Deno 2.9.6 it takes an error, such as an overflow, for the end of the rows.
    const rows = statement.all() as readonly unknown[] as readonly (readonly SqlValue[])[];
    if (this.#fault !== undefined) throw new UsageError([`Cannot answer the question: ${this.#fault}`]);
    return { columns, rows };
  }

  #guarded(sql: string, onRead: (table: string, column: string) => void): StatementSync {
    this.#database.setAuthorizer((action, table, column) => {
      if (!ALLOWED.has(action)) return constants.SQLITE_DENY;
      if (action !== constants.SQLITE_READ || table === null) return constants.SQLITE_OK;
      // What the question itself makes by WITH has a name too; SQLite's own tables are nobody's business.
      if (OWN_TABLES.test(table)) return constants.SQLITE_DENY;
      onRead(table.toLowerCase(), (column ?? "").toLowerCase());
      return constants.SQLITE_OK;
    });
    try {
      return this.#database.prepare(sql);
    } finally {
      this.#database.setAuthorizer(null);
    }
  }

  /** The functions that a question may call. */
  functionNames(): readonly string[] {
    const rows = this.#database.prepare("SELECT DISTINCT name FROM pragma_function_list").all();
    return rows.map(({ name }) => String(name)).filter((name) => /^[a-z]/.test(name));
  }

  /** Gives the memory back. */
  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** A name as SQL takes it, whatever is in it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** How SQLite compares the values. Decimals as doubles: as texts "10" would be less than "9". */
function affinity(type: DataType): string {
  if (typeof type !== "string") return "TEXT";
  if (["byte", "short", "integer", "long", "boolean"].includes(type)) return "INTEGER";
  if (type === "float" || type === "double" || type.startsWith("decimal")) return "REAL";
  return type === "binary" ? "BLOB" : "TEXT";
}
