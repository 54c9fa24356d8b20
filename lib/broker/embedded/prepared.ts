/** Statements that are run again and again: to compile one takes longer than to run it. */

import type { DatabaseSync, StatementSync } from "node:sqlite";

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/** The statement of a text, compiled once for each open file. Not to be iterated over: two could be at it at once. */
export function prepareOnce(database: DatabaseSync, sql: string): Omit<StatementSync, "iterate"> {
  const known = prepared.get(database) ?? new Map<string, StatementSync>();
  const statement = known.get(sql) ?? database.prepare(sql);
  prepared.set(database, known.set(sql, statement));
  return statement;
}
