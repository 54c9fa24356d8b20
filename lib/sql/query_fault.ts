/** What is wrong with a question, in words that help: the place, and the name that was probably meant. */
import { closestName } from "../text/closest_name.ts";
import { UsageError } from "../errors.ts";
import { NAMED_TABLES, shortestName, tablesNamed } from "./lake_names.ts";
import { nameOf, placeIn } from "./query_tokens.ts";
import { type Query, sqlText } from "./read_query.ts";
import { MAX_BYTES, type SqlEngine } from "./sql_engine.ts";

/** What SQLite says of names, and of what is no SQL. */
const NAMED =
  /^(no such column|no such function|ambiguous column name|access to|circular reference):? (.*?)(?: is prohibited)?$/s;
const SYNTAX = /syntax error$|^incomplete input$|^unrecognized token/;

/** What is known when a question fails. */
export interface FaultScene {
  readonly query: Query;
  readonly engine: SqlEngine;
  /** Columns of the tables that the question has named so far. */
  readonly columns: readonly string[];
}

/** The table that SQLite misses; undefined when it complains of something else. */
export function missingTable(error: unknown): string | undefined {
  return /^no such table: (.*)$/s.exec(messageOf(error))?.[1];
}

/** The error that the user sees. */
export function queryFault(error: unknown, scene: FaultScene): unknown {
  if (!isOfSqlite(error)) return error;
  const message = messageOf(error);
  if (message === "out of memory") return tooLarge(error);
  return new UsageError([`Cannot answer the question: ${explained(message, scene)}`], { cause: error });
}

/** The error for a table that no lake has. */
export function unknownTable(name: string, { text, tokens }: Query): UsageError {
  const same = tablesNamed(name);
  const at = tokens.find((token) => nameOf(token)?.toLowerCase() === name.toLowerCase().split(".").at(-1));
  const place = at === undefined ? "" : placeIn(text, at.start);
  if (same.length > 1) {
    const each = same.map(({ zone, name }) => `${zone}.${name}`).join(", ");
    return new UsageError([
      `Cannot answer the question: the table "${name}" is in several zones${place}, expected one of ${each}`,
    ]);
  }
  const full = NAMED_TABLES.map(({ zone, name }) => `${zone}.${name}`);
  const known = name.includes(".") ? full : [...NAMED_TABLES.map((table) => table.name), ...full];
  const closest = closestName(name, known);
  const way = closest === undefined
    ? `expected one of ${NAMED_TABLES.map(shortestName).join(", ")}`
    : `did you mean "${closest}"?`;
  return new UsageError([`Cannot answer the question: found no table "${name}"${place}, ${way}`]);
}

function meant(name: string, known: readonly string[]): string {
  const closest = closestName(name, known);
  return closest === undefined ? `expected ${shortList(known)}` : `did you mean "${closest}"?`;
}

const SHOWN = 30;

function shortList(names: readonly string[]): string {
  if (names.length === 0) return "a column of its tables";
  return `one of ${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", ..." : ""}`;
}

function isOfSqlite(error: unknown): error is Error {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function tooLarge(cause: Error): Error {
  const message =
    `Cannot answer the question: its rows take more than ${MAX_BYTES / 2 ** 30} GiB of memory, ` +
    "expected less; name fewer columns, or fewer dates in WHERE";
  return new Error(message, { cause });
}

function explained(message: string, scene: FaultScene): string {
  const [, kind, found = ""] = NAMED.exec(message) ?? [];
  const name = found.replace(/^"([^"]*)" - should this be .*$/s, "$1");
  const bare = name.split(".").at(-1) ?? name;
  const place = placeOf(bare, scene);
  switch (kind) {
    case "no such column":
      return `found no column "${name}"${place}, ${columnMeant(bare, scene)}`;
    case "no such function":
      return `found no function "${name}"${place}, ${functionMeant(name, scene)}`;
    case "ambiguous column name":
      return `found the column "${name}" in several tables${place}, expected table.column`;
    case "access to":
      return `found the table "${name.split(".")[0]}", expected one of the lake, see --tables`;
    case "circular reference":
      return `WITH gives the name "${name}" of a table to something else${place}, expected another name`;
  }
  if (message === "not authorized") return "found more than a question, expected a SELECT; sql only reads";
  return SYNTAX.test(message) ? syntaxFault(message, scene) : message;
}

/** Texts between double quotes are what people bring along from other languages. */
function columnMeant(name: string, { query, columns }: FaultScene): string {
  const way = meant(name, columns);
  const isQuoted = query.tokens.some((token) => token.text.startsWith('"') && nameOf(token) === name);
  if (!isQuoted || way.startsWith("did")) return way;
  return `${way}; a text is written '${name.replaceAll("'", "''")}'`;
}

function functionMeant(name: string, { engine }: FaultScene): string {
  const closest = closestName(name, engine.functionNames());
  return closest === undefined
    ? "expected one of SQLite, see https://sqlite.org/lang.html"
    : `did you mean "${closest}"?`;
}

function placeOf(name: string, { query: { text, tokens } }: FaultScene): string {
  const at = tokens.find((token) => nameOf(token)?.toLowerCase() === name.toLowerCase());
  return at === undefined ? "" : placeIn(text, at.start);
}

/** SQLite does not tell where: it is the last word of the shortest beginning that is wrong in this way. */
function syntaxFault(message: string, { query, engine }: FaultScene): string {
  const last = query.tokens.findIndex((_, at) => {
    try {
      engine.plan(sqlText(query, at + 1));
    } catch (error) {
      return messageOf(error) === message && message !== "incomplete input";
    }
    return false;
  });
  const token = query.tokens[last];
  if (token === undefined) return "the question ends too early, expected more";
  return `found ${token.text}${placeIn(query.text, token.start)}, where SQL does not allow it`;
}
