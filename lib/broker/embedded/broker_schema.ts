/** What is in a broker file, and the check that nothing else is: a file from elsewhere must not make SQLite run what we did not write. */

import type { DatabaseSync, StatementSync } from "node:sqlite";

import { BrokerError } from "../../errors.ts";
import { NEW_FILE_ADVICE } from "./embedded_failure.ts";

/** One table or view of the file, by the statement that makes it. */
interface SchemaObject {
  readonly name: string;
  readonly sql: string;
  /** True for what a file may lack, because an older version made it or nobody but people reads it. */
  readonly mayBeMissing?: boolean;
}

/** One row with the name of this log. */
export const LOG_TABLE = "CREATE TABLE log (id TEXT NOT NULL) STRICT";

/**
 * Everything that a file may hold. New tables go to the end, as ones that may be missing.
 *
 * A record's id is its partition's id, shifted left by 40 bits, plus its offset: so one b-tree keeps each partition's
 * records side by side, appending is cheap, and a number still holds every id.
 */
const OBJECTS: readonly SchemaObject[] = [
  {
    name: "topic",
    sql: `CREATE TABLE topic (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    unkeyed INTEGER NOT NULL DEFAULT 0 -- messages without a key so far; they take turns between the partitions
  ) STRICT`,
  },
  {
    name: "partition",
    sql: `CREATE TABLE partition (
    id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL REFERENCES topic, partition INTEGER NOT NULL,
    earliest INTEGER NOT NULL DEFAULT 0, next_offset INTEGER NOT NULL DEFAULT 0,
    size_bytes INTEGER NOT NULL DEFAULT 0, -- of the values that are kept
    UNIQUE (topic_id, partition)
  ) STRICT`,
  },
  {
    name: "record",
    sql: `CREATE TABLE record (
    id INTEGER PRIMARY KEY, timestamp_ms INTEGER NOT NULL,
    key ANY, -- text; a blob only when it holds a NUL character, which SQLite's text does not carry
    headers TEXT, -- a JSON object; NULL for none
    value BLOB
  ) STRICT`,
  },
  {
    name: "group_offset",
    sql: `CREATE TABLE group_offset (
    group_name TEXT NOT NULL, partition_id INTEGER NOT NULL REFERENCES partition, next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_name, partition_id)
  ) STRICT, WITHOUT ROWID`,
  },
  {
    name: "message",
    mayBeMissing: true,
    sql: `CREATE VIEW message AS -- for people: sqlite3 broker.db "SELECT * FROM message LIMIT 3"
    SELECT topic.name AS topic, partition.partition, record.id & 0xffffffffff AS "offset",
      strftime('%Y-%m-%dT%H:%M:%fZ', record.timestamp_ms / 1000.0, 'unixepoch') AS time,
      CAST(record.key AS TEXT) AS key, record.headers, CAST(record.value AS TEXT) AS value
    FROM record JOIN partition ON partition.id = record.id >> 40 JOIN topic ON topic.id = partition.topic_id`,
  },
  { name: "log", mayBeMissing: true, sql: LOG_TABLE },
];

/** What SQLite makes by itself: the indexes of UNIQUE, and the statistics of ANALYZE. */
const BY_SQLITE = /^sqlite_(?:autoindex|stat)/;

/** The file of an open database, and the state of its schema that was found to be ours. */
interface CheckedSchema {
  readonly path: string;
  readonly version: unknown;
  /** Asked before and after all that is done: to compile it would take longer than to run it. */
  readonly askVersion: StatementSync;
}

const checked = new WeakMap<DatabaseSync, CheckedSchema>();

/** The statements that make an empty file a broker file. */
export function schemaStatements(): string {
  return OBJECTS.map(({ sql }) => `${sql};`).join("\n");
}

/** Remembers whose file it is; each later check goes by it. @throws {BrokerError} As {@linkcode assertSchema}. */
export function adoptSchema(database: DatabaseSync, path: string): void {
  const askVersion = database.prepare("PRAGMA schema_version");
  checked.set(database, { path, version: undefined, askVersion });
  assertSchema(database);
}

/**
 * Makes sure that the file holds our tables as we made them and nothing that acts by itself. Looks closer only when
 * somebody has changed the schema since the last time, so it costs little; inside of a transaction nobody can change
 * it afterwards.
 *
 * @throws {BrokerError} Naming what is there, or missing, and the way out.
 */
export function assertSchema(database: DatabaseSync): void {
  const known = checked.get(database);
  if (known === undefined) return;
  const version = known.askVersion.get()?.schema_version;
  if (known.version === version) return;
  const found = database.prepare("SELECT type, name, sql FROM sqlite_schema").all().map((
    { type, name, sql },
  ) => ({
    type: String(type),
    name: String(name),
    sql: typeof sql === "string" ? plainSql(sql) : "",
  }));
  const fault = findFault(found);
  if (fault !== undefined) throw notOurs(known.path, fault);
  checked.set(database, { ...known, version });
}

function findFault(
  found: readonly { readonly type: string; readonly name: string; readonly sql: string }[],
): string | undefined {
  for (const { type, name, sql } of found) {
    if (BY_SQLITE.test(name) && type !== "trigger" && type !== "view") continue;
    const ours = OBJECTS.find((object) => object.name === name);
    if (ours === undefined || type === "trigger" || type === "index") return `it holds the ${type} "${name}"`;
    if (plainSql(ours.sql) !== sql) return `its ${type} "${name}" is another than ours`;
  }
  const missing = OBJECTS.find(({ name, mayBeMissing }) =>
    mayBeMissing !== true && !found.some((object) => object.name === name)
  );
  return missing && `it has no table "${missing.name}"`;
}

/** The statement without comments and white space, which versions may write otherwise. */
function plainSql(sql: string): string {
  return sql.replace(/--[^\n]*/g, "").replace(/\s+/g, "");
}

function notOurs(path: string, found: string): BrokerError {
  return new BrokerError(
    `Cannot use broker file "${path}": ${found}, expected only what the broker made itself; ` +
      `drop it with the program that made it, or ${NEW_FILE_ADVICE}`,
  );
}
