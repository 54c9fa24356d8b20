/** Checks what JSON and Parquet give for an action, so that the rest of the library can trust its shape. */
import type {
  ActionFault,
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
import { FITS, withoutOdd } from "./odd_fields.ts";

/** The same as {@linkcode Actions}, while it is being filled. */
export interface ActionsDraft extends Actions {
  commitInfo?: CommitInfo;
  protocol?: Protocol;
  metadata?: Metadata;
  readonly txns: SetTransaction[];
  readonly removes: Remove[];
  readonly adds: Add[];
  cdcs?: Cdc[];
  faults?: ActionFault[];
  /** Paths of the files that a checkpoint leaves its adds and removes to. */
  sidecars?: string[];
}

/** Nothing depends on these: a value of another shape is passed over. */
const REMOVE_EXTRAS = { extendedFileMetadata: FITS.flag, size: FITS.long, tags: FITS.textMap } as const;
const METADATA_EXTRAS = { name: FITS.text, description: FITS.text, createdTime: FITS.long } as const;

const TIMES: ReadonlySet<string> = new Set(["timestamp", "inCommitTimestamp"]);

/** What `JSON.parse` gives for an object; a checkpoint gives the same with bigints turned into numbers. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Checks one action as the log writes it, `{ add: {...} }`, and adds it to the draft; unknown ones are ignored. One that
 * a newer action may take the place of is noted as a fault when it has a wrong shape.
 * `txn.version` may be a safe number, a bigint or the digits in a string.
 *
 * @throws {TypeError} naming the field, what it is and what was expected
 */
export function readAction(action: JsonObject, draft: ActionsDraft): void {
  const { add, remove, txn, metaData, protocol, commitInfo, cdc, sidecar } = action;
  if (isThere(add)) read(draft, "add", add);
  else if (isThere(remove)) draft.removes.push(readRemove(expectObject(remove, "remove")));
  else if (isThere(txn)) read(draft, "txn", txn);
  else if (isThere(metaData)) read(draft, "metaData", metaData);
  else if (isThere(protocol)) read(draft, "protocol", protocol);
  else if (isThere(cdc)) (draft.cdcs ??= []).push(readCdc(expectObject(cdc, "cdc")));
  else if (isThere(sidecar)) {
    (draft.sidecars ??= []).push(expectString(expectObject(sidecar, "sidecar"), "path"));
  } else if (typeof commitInfo === "object" && isThere(commitInfo)) {
    draft.commitInfo = readCommitInfo(commitInfo as JsonObject);
  }
}

function read(draft: ActionsDraft, kind: ActionFault["kind"], action: unknown): void {
  try {
    const found = expectObject(action, kind);
    if (kind === "add") draft.adds.push(readAdd(found));
    else if (kind === "txn") draft.txns.push(readTransaction(found));
    else if (kind === "metaData") draft.metadata = readMetadata(found);
    else draft.protocol = readProtocol(found);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const fault = faultOf(kind, action as Readonly<Record<string, unknown>>, error);
    if (fault === undefined) throw error;
    (draft.faults ??= []).push(fault);
  }
}

// A file or an application without a name may be any of them.
function faultOf(
  kind: ActionFault["kind"],
  action: Readonly<Record<string, unknown>>,
  error: TypeError,
): ActionFault | undefined {
  if (kind === "protocol" || kind === "metaData") return { kind, error };
  const key = kind === "add" ? action.path : action.appId;
  if (typeof key !== "string") return undefined;
  const { deletionVector } = action;
  if (kind !== "add" || typeof deletionVector !== "object" || deletionVector === null) {
    return { kind, key, error };
  }
  return { kind, key, deletionVector: deletionVector as DeletionVector, error };
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
  expectFlag(add, "dataChange");
  expectPartitionValues(add.partitionValues);
  const known = isThere(add.tags) ? withoutOdd(add, { tags: FITS.textMap }) : add;
  if (isThere(add.deletionVector)) return withVector(known) as unknown as Add;
  return withoutNulls(known) as unknown as Add;
}

function readRemove(remove: JsonObject): Remove {
  expectString(remove, "path");
  if (isThere(remove.deletionTimestamp)) expectCount(remove, "deletionTimestamp");
  expectFlag(remove, "dataChange");
  if (isThere(remove.partitionValues)) expectPartitionValues(remove.partitionValues);
  const known = withoutOdd(remove, REMOVE_EXTRAS);
  if (isThere(remove.deletionVector)) return withVector(known) as unknown as Remove;
  return withoutNulls(known) as unknown as Remove;
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
  return typeof lastUpdated === "number" && FITS.long(lastUpdated)
    ? { appId, version, lastUpdated }
    : { appId, version };
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
  expectTexts(metadata, "partitionColumns");
  const { provider = "parquet", ...rest } = expectObject(metadata.format ?? {}, "format");
  const format = { provider, ...withoutOdd(rest, { options: FITS.textMap }) };
  const configuration = readConfiguration(expectObject(metadata.configuration ?? {}, "configuration"));
  const known = withoutNulls(withoutOdd(metadata, METADATA_EXTRAS));
  return { ...known, format, configuration } as unknown as Metadata;
}

// Spark takes a number or a boolean for its text.
function readConfiguration(found: JsonObject): JsonObject {
  if (Object.values(found).every(FITS.text)) return found;
  return Object.fromEntries(
    Object.entries(withoutNulls(found)).map(([key, value]) => {
      if (typeof value !== "object") return [key, String(value)];
      throw new TypeError(`configuration.${key} is ${show(value)}, expected a string`);
    }),
  );
}

function readProtocol(protocol: JsonObject): Protocol {
  expectCount(protocol, "minReaderVersion");
  expectCount(protocol, "minWriterVersion");
  for (const key of ["readerFeatures", "writerFeatures"]) {
    if (isThere(protocol[key])) expectTexts(protocol, key);
  }
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
  if (!FITS.long(object[key])) {
    throw new TypeError(`${key} is ${show(object[key])}, expected an integer`);
  }
}

function expectTexts(object: JsonObject, key: string): void {
  if (!FITS.texts(object[key])) {
    throw new TypeError(`${key} is ${show(object[key])}, expected an array of strings`);
  }
}

function expectFlag(object: JsonObject, key: string): void {
  if (isThere(object[key]) && typeof object[key] !== "boolean") {
    throw new TypeError(`${key} is ${show(object[key])}, expected true or false`);
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
