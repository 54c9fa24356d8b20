/** The broker file: how it is opened, recognised and laid out. */

import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

import { BrokerError, systemFault } from "../../errors.ts";
import { embeddedFailure } from "./embedded_failure.ts";
import { readLogId } from "./statements.ts";

/** "RTLK": distinguishes a broker file from any other SQLite file. */
const APPLICATION_ID = 0x52544c4b;
const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 10_000;
/** SQLite gives up at once, without waiting, when two processes turn on the WAL of a new file together. */
const OPEN_TRIES = 50;

/**
 * A record's id is its partition's id, shifted left by 40 bits, plus its offset: so one b-tree keeps each partition's
 * records side by side, appending is cheap, and a number still holds every id.
 */
const SCHEMA = `
  CREATE TABLE topic (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,
    unkeyed INTEGER NOT NULL DEFAULT 0 -- messages without a key so far; they take turns between the partitions
  ) STRICT;
  CREATE TABLE partition (
    id INTEGER PRIMARY KEY, topic_id INTEGER NOT NULL REFERENCES topic, partition INTEGER NOT NULL,
    earliest INTEGER NOT NULL DEFAULT 0, next_offset INTEGER NOT NULL DEFAULT 0,
    size_bytes INTEGER NOT NULL DEFAULT 0, -- of the values that are kept
    UNIQUE (topic_id, partition)
  ) STRICT;
  CREATE TABLE record (
    id INTEGER PRIMARY KEY, timestamp_ms INTEGER NOT NULL,
    key ANY, -- text; a blob only when it holds a NUL character, which SQLite's text does not carry
    headers TEXT, -- a JSON object; NULL for none
    value BLOB
  ) STRICT;
  CREATE TABLE group_offset (
    group_name TEXT NOT NULL, partition_id INTEGER NOT NULL REFERENCES partition, next_offset INTEGER NOT NULL,
    PRIMARY KEY (group_name, partition_id)
  ) STRICT, WITHOUT ROWID;
  CREATE VIEW message AS -- for people: sqlite3 broker.db "SELECT * FROM message LIMIT 3"
    SELECT topic.name AS topic, partition.partition, record.id & 0xffffffffff AS "offset",
      strftime('%Y-%m-%dT%H:%M:%fZ', record.timestamp_ms / 1000.0, 'unixepoch') AS time,
      CAST(record.key AS TEXT) AS key, record.headers, CAST(record.value AS TEXT) AS value
    FROM record JOIN partition ON partition.id = record.id >> 40 JOIN topic ON topic.id = partition.topic_id;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** Tells this log from another at the same place. Files of version 0.1.0 get theirs when they are opened. */
const LOG_ID_SCHEMA = `
  CREATE TABLE IF NOT EXISTS log (id TEXT NOT NULL) STRICT;
  INSERT INTO log SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM log);
`;

/** Opens the broker file for reading and writing and creates it, with its folder, when it is missing. */
export async function openBrokerFile(path: string): Promise<DatabaseSync> {
  try {
    await prepareFolder(path);
    for (let tries = 1;; tries++) {
      try {
        return connect(path);
      } catch (cause) {
        const failure = embeddedFailure("open the log", path, cause);
        if (!failure.retriable || tries === OPEN_TRIES) throw failure;
        await delay(20);
      }
    }
  } catch (cause) {
    throw embeddedFailure("open the log", path, cause);
  }
}

/** Opens the broker file for reading alone; one that is not there is as good as an empty one. */
export async function viewBrokerFile(path: string): Promise<DatabaseSync> {
  try {
    if (!await isThere(path)) return createSchema(new DatabaseSync(":memory:"));
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    // Nothing has been published to a file that is about to be made.
    return isNew(database, path) ? createSchema(new DatabaseSync(":memory:")) : database;
  } catch (cause) {
    throw embeddedFailure("open the log", path, cause);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (cause) {
    if (systemFault(cause) === "not found") return false;
    throw cause;
  }
}

async function prepareFolder(path: string): Promise<void> {
  try {
    const found = await Deno.stat(path);
    if (!found.isFile) {
      throw refusal(path, "it is a folder", "a file; give another path or move the folder away");
    }
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    await makeFolder(dirname(path));
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
  } catch (cause) {
    // A process with the right to the file alone has a folder there already; if not, opening the file says so.
    if (systemFault(cause) !== "missing right") throw cause;
  }
}

function connect(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    if (isNew(database, path)) createSchema(database);
    if (readLogId(database) === null) createLogId(database);
    // FULL: an acknowledged message survives a power cut, not only the end of the process.
    database.exec("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256; PRAGMA cache_size = -8192");
    // Detects a read-only file now, not at the first message.
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
    return database;
  } catch (cause) {
    database.close();
    throw cause;
  }
}

function createSchema(database: DatabaseSync): DatabaseSync {
  // Large pages hold several trains each; both can only be set before the first table.
  database.exec("PRAGMA page_size = 65536; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL");
  database.exec("BEGIN IMMEDIATE");
  // Another process may have created the tables since the file was looked at.
  if (readNumber(database, "PRAGMA user_version") === 0) database.exec(SCHEMA);
  database.exec("COMMIT");
  return database;
}

function createLogId(database: DatabaseSync): void {
  database.exec(`BEGIN IMMEDIATE; ${LOG_ID_SCHEMA} COMMIT`);
}

function isNew(database: DatabaseSync, path: string): boolean {
  // One transaction: else another process that creates the tables in between looks like another program.
  database.exec("BEGIN");
  const tables = readNumber(database, "SELECT count(*) FROM sqlite_schema");
  const application = readNumber(database, "PRAGMA application_id");
  const version = readNumber(database, "PRAGMA user_version");
  database.exec("COMMIT");
  if (application === APPLICATION_ID && version === SCHEMA_VERSION) return false;
  if (application === APPLICATION_ID && version > SCHEMA_VERSION) {
    throw refusal(path, `it has version ${version}`, `version ${SCHEMA_VERSION}; use a newer Ratalake`);
  }
  if (application === 0 && version === 0 && tables === 0) return true;
  throw refusal(path, "it belongs to another program", "a broker file; give another path");
}

function readNumber(database: DatabaseSync, sql: string): number {
  const row = database.prepare(sql).get();
  return Number(row === undefined ? 0 : Object.values(row)[0]);
}

function refusal(path: string, found: string, expected: string): BrokerError {
  return new BrokerError(`Cannot open broker file "${path}": ${found}, expected ${expected}`);
}
