/** The broker file: how it is opened, recognised and laid out. */

import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { BrokerError, systemFault } from "../../errors.ts";
import { adoptSchema, LOG_TABLE, schemaStatements } from "./broker_schema.ts";
import { embeddedFailure, NEW_FILE_ADVICE } from "./embedded_failure.ts";
import { inTransaction, readLogId } from "./statements.ts";
import { type LockWait, untilUnlocked } from "./until_unlocked.ts";

/** "RTLK": distinguishes a broker file from any other SQLite file. */
const APPLICATION_ID = 0x52544c4b;
const SCHEMA_VERSION = 1;
const SMALLEST_FILE_BYTES = 512;
/** Nothing that a file from elsewhere brings along may act by itself. */
const DISTRUST = "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON";

/** Opens the broker file for reading and writing and creates it, with its folder, when it is missing. */
export async function openBrokerFile(
  path: string,
  wait: LockWait,
  { isSynced }: { readonly isSynced: boolean },
): Promise<DatabaseSync> {
  try {
    await prepareFolder(path);
    return await untilUnlocked(() => connect(path, isSynced), wait);
  } catch (cause) {
    throw embeddedFailure("open the log", path, cause);
  }
}

/** Opens the broker file for reading alone; one that is not there is as good as an empty one. */
export async function viewBrokerFile(path: string, wait: LockWait): Promise<DatabaseSync> {
  try {
    if (!await isThere(path)) return createSchema(new DatabaseSync(":memory:"));
    return await untilUnlocked(() => view(path), wait);
  } catch (cause) {
    throw embeddedFailure("open the log", path, cause);
  }
}

function view(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    database.exec(DISTRUST);
    // Nothing has been published to a file that is about to be made.
    if (isNew(database, path)) return createSchema(new DatabaseSync(":memory:"));
    adoptSchema(database, path);
    return database;
  } catch (cause) {
    database.close();
    throw cause;
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
    // To SQLite a file without a whole head is an empty one, and it would begin a new log in it.
    if (found.size > 0 && found.size < SMALLEST_FILE_BYTES) {
      throw refusal(path, "it is cut off", `the broker's own file; ${NEW_FILE_ADVICE}`);
    }
  } catch (cause) {
    if (systemFault(cause) === "no folder") {
      throw refusal(
        path,
        "a part of its path is a file",
        "folders; set DATA_DIR or BROKER_FILE to another place",
      );
    }
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

function connect(path: string, isSynced: boolean): DatabaseSync {
  // No waiting inside of SQLite, which would stop the whole process: see untilUnlocked.
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec(DISTRUST);
    // FULL: an acknowledged message survives a power cut, not only the end of the process.
    database.exec(`PRAGMA synchronous = ${isSynced ? "FULL" : "OFF"}`);
    if (isNew(database, path)) createSchema(database);
    adoptSchema(database, path);
    if (readLogId(database) === null) createLogId(database);
    database.exec("PRAGMA wal_autocheckpoint = 256; PRAGMA cache_size = -8192");
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
  if (readNumber(database, "PRAGMA user_version") === 0) {
    database.exec(
      `${schemaStatements()} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`,
    );
  }
  database.exec("COMMIT");
  return database;
}

/** Tells this log from another at the same place. Files of version 0.1.0 get theirs when they are opened. */
function createLogId(database: DatabaseSync): void {
  inTransaction(database, () => {
    database.exec(`${LOG_TABLE.replace("TABLE", "TABLE IF NOT EXISTS")};
      INSERT INTO log SELECT lower(hex(randomblob(16))) WHERE NOT EXISTS (SELECT 1 FROM log)`);
  });
}

function isNew(database: DatabaseSync, path: string): boolean {
  // One transaction: else another process that creates the tables in between looks like another program.
  database.exec("BEGIN");
  const tables = readNumber(database, "SELECT count(*) FROM sqlite_schema");
  const application = readNumber(database, "PRAGMA application_id");
  const version = readNumber(database, "PRAGMA user_version");
  const encoding = database.prepare("PRAGMA encoding").get()?.encoding;
  database.exec("COMMIT");
  if (encoding !== "UTF-8") {
    throw refusal(path, `its texts are in ${encoding}`, "UTF-8, as the broker writes them");
  }
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
