/** Checks what JSON and Parquet give for an action, so that the rest of the library can trust its shape. */
import type {
  Actions,
  Add,
  Cdc,
  CommitInfo,
  DeletionVector,
  Metadata,
  Protocol,
  Remove,
  SetTransaction,
} from "./actions.ts";

/** The same as {@linkcode Actions}, while it is being filled. */
export interface ActionsDraft extends Actions {
  commitInfo?: CommitInfo;
  protocol?: Protocol;
  metadata?: Metadata;
  readonly txns: SetTransaction[];
  readonly removes: Remove[];
  readonly adds: Add[];
  cdcs?: Cdc[];
  /** Paths of the files that a checkpoint leaves its adds and removes to. */
  sidecars?: string[];
}

const TIMES: ReadonlySet<string> = new Set(["timestamp", "inCommitTimestamp"]);

/** What `JSON.parse` gives for an object; a checkpoint gives the same with bigints turned into numbers. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Checks one action as the log writes it, `{ add: {...} }`, and adds it to the draft; unknown ones are ignored.
 * `txn.version` may be a safe number, a bigint or the digits in a string.
 *
 * @throws {TypeError} naming the field, what it is and what was expected
 */
export function readAction(action: JsonObject, draft: ActionsDraft): void {
  const { add, remove, txn, metaData, protocol, commitInfo, cdc, sidecar } = action;
  if (isThere(add)) draft.adds.push(readAdd(expectObject(add, "add")));
  else if (isThere(remove)) draft.removes.push(readRemove(expectObject(remove, "remove")));
  else if (isThere(txn)) draft.txns.push(readTransaction(expectObject(txn, "txn")));
  else if (isThere(metaData)) draft.metadata = readMetadata(expectObject(metaData, "metaData"));
  else if (isThere(protocol)) draft.protocol = readProtocol(expectObject(protocol, "protocol"));
  else if (isThere(cdc)) (draft.cdcs ??= []).push(readCdc(expectObject(cdc, "cdc")));
  else if (isThere(sidecar)) {
    (draft.sidecars ??= []).push(expectString(expectObject(sidecar, "sidecar"), "path"));
  } else if (isThere(commitInfo)) draft.commitInfo = readCommitInfo(expectObject(commitInfo, "commitInfo"));
}

/** Throws a `TypeError` unless the value is an object; `name` says what it should be. */
export function expectObject(value: unknown, name: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new TypeError(`${name} is ${show(value)}, expected an object`);
}

function readAdd(add: JsonObject): Add {
  expectString(add, "path");
  expectCount(add, "size");
  expectCount(add, "modificationTime");
  if (isThere(add.stats)) expectString(add, "stats");
  expectPartitionValues(add.partitionValues);
  if (isThere(add.deletionVector)) return withVector(add) as unknown as Add;
  return withoutNulls(add) as unknown as Add;
}

function readRemove(remove: JsonObject): Remove {
  expectString(remove, "path");
  if (isThere(remove.deletionTimestamp)) expectCount(remove, "deletionTimestamp");
  if (isThere(remove.partitionValues)) expectPartitionValues(remove.partitionValues);
  if (isThere(remove.deletionVector)) return withVector(remove) as unknown as Remove;
  return withoutNulls(remove) as unknown as Remove;
}

function readCdc(cdc: JsonObject): Cdc {
  expectString(cdc, "path");
  const partitionValues = cdc.partitionValues ?? {};
  expectPartitionValues(partitionValues);
  return { ...withoutNulls(cdc), partitionValues } as unknown as Cdc;
}

function withVector(file: JsonObject): JsonObject {
  const vector = expectObject(file.deletionVector, "deletionVector");
  expectString(vector, "storageType");
  expectString(vector, "pathOrInlineDv");
  for (const key of ["sizeInBytes", "cardinality", "offset"]) {
    if (key !== "offset" || isThere(vector.offset)) expectCount(vector, key);
  }
  const deletionVector = withoutNulls(vector) as unknown as DeletionVector;
  return { ...withoutNulls(file), deletionVector };
}

function readTransaction(txn: JsonObject): SetTransaction {
  const appId = expectString(txn, "appId");
  const version = readVersion(txn.version);
  const { lastUpdated } = txn;
  return typeof lastUpdated === "number" ? { appId, version, lastUpdated } : { appId, version };
}

function readVersion(version: unknown): bigint {
  if (typeof version === "bigint") return version;
  if (Number.isSafeInteger(version)) return BigInt(version as number);
  if (typeof version === "string" && /^-?\d+$/.test(version)) return BigInt(version);
  throw new TypeError(`txn.version is ${show(version)}, expected a 64-bit integer`);
}

function readMetadata(metadata: JsonObject): Metadata {
  expectString(metadata, "id");
  expectString(metadata, "schemaString");
  if (!Array.isArray(metadata.partitionColumns)) {
    throw new TypeError(`partitionColumns is ${show(metadata.partitionColumns)}, expected an array`);
  }
  const format = expectObject(metadata.format ?? { provider: "parquet" }, "format");
  const configuration = expectObject(metadata.configuration ?? {}, "configuration");
  return { ...withoutNulls(metadata), format, configuration } as unknown as Metadata;
}

function readProtocol(protocol: JsonObject): Protocol {
  expectCount(protocol, "minReaderVersion");
  expectCount(protocol, "minWriterVersion");
  return withoutNulls(protocol) as unknown as Protocol;
}

// Writers may put anything into it; a value that is no time is ignored, as an absent one is.
function readCommitInfo(info: JsonObject): CommitInfo {
  const isFaulty = ([key, value]: readonly [string, unknown]): boolean =>
    TIMES.has(key) && value !== null && !Number.isSafeInteger(value);
  const entries = Object.entries(info);
  return withoutNulls(
    entries.some(isFaulty) ? Object.fromEntries(entries.filter((entry) => !isFaulty(entry))) : info,
  );
}

// Some writers spell an absent field as null, and Parquet readers as undefined.
function withoutNulls(object: JsonObject): JsonObject {
  for (const key in object) {
    if (!isThere(object[key])) {
      return Object.fromEntries(Object.entries(object).filter(([, value]) => isThere(value)));
    }
  }
  return object;
}

function expectPartitionValues(value: unknown): void {
  const values = expectObject(value, "partitionValues");
  for (const key in values) {
    if (values[key] !== null && typeof values[key] !== "string") {
      throw new TypeError(`partitionValues.${key} is ${show(values[key])}, expected a string or null`);
    }
  }
}

function expectString(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value === "string") return value;
  throw new TypeError(`${key} is ${show(value)}, expected a string`);
}

function expectCount(object: JsonObject, key: string): void {
  if (!Number.isInteger(object[key])) {
    throw new TypeError(`${key} is ${show(object[key])}, expected an integer`);
  }
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

// A value may be as long and as deep as a line.
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" && value !== null ? "an object" : String(value ?? "missing");
}
