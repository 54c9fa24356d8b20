/** The state of a table as plain data, and how commits lead from one to the next. */
import type { ActionFault, Actions, Add, Metadata, Protocol, Remove } from "../actions/actions.ts";
import { CorruptLogError } from "../errors.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { commitPath } from "../actions/log_path.ts";
import { type TombstoneChange, Tombstones } from "./tombstones.ts";
import { parseSchema, type StructType } from "../schema/schema.ts";

/** The state of a table at one version. Never changes. */
export interface Snapshot {
  /** Counted from 0. */
  readonly version: number;
  /** What readers and writers must be able to do. */
  readonly protocol: Protocol;
  /** Its name, partition columns and properties. */
  readonly metadata: Metadata;
  /** The columns, as `metadata.schemaString` has them. */
  readonly schema: StructType;
  /** The live files by their path with its escapes in capitals, by which a remove finds them; `path` is as logged. */
  readonly files: ReadonlyMap<string, Add>;
  /** The removed files that the log still names, by their path with its escapes in capitals. */
  readonly tombstones: ReadonlyMap<string, Remove>;
  /** The newest version of each application. */
  readonly txns: ReadonlyMap<string, { readonly version: bigint; readonly lastUpdated?: number }>;
  /**
   * Milliseconds since 1970 UTC as the newest commit says; where a checkpoint is the newest and its commit is gone, when
   * it was written; of the creation when no commit says.
   */
  readonly timestamp: number;
}

/** The actions of one version, or of several put together. */
export interface Commit {
  /** The first of several versions. */
  readonly since?: number;
  readonly version: number;
  readonly actions: Actions;
}

/** How commits are applied. */
export interface ReplayOptions {
  /** True when nobody needs the base any more: its maps, which may be large, go on instead of copies. */
  readonly endsBase?: boolean;
  /** Where there is no base: further removed files by their keys, put together when somebody asks for them. */
  readonly laterRemoves?: () => ReadonlyMap<string, Remove>;
}

/**
 * Applies commits on top of a snapshot, or on nothing when the first one holds protocol and metadata.
 *
 * @throws {CorruptLogError} on a gap, when protocol or metadata are missing, or when an action has a wrong shape and no
 *   newer one has taken its place
 */
export function replay(
  base: Snapshot | undefined,
  commits: readonly Commit[],
  { endsBase = false, laterRemoves }: ReplayOptions = {},
): Snapshot {
  if (base !== undefined && commits.length === 0) return base;
  const files = mapFrom(base?.files, endsBase);
  const before = laterRemoves === undefined ? tombstonesOf(base) : Tombstones.later(laterRemoves);
  const removed: TombstoneChange[] = [];
  const txns = new Map(base?.txns);
  const faults = new Map<string, ActionFault>();
  let { version, protocol, metadata, timestamp }: Partial<Snapshot> = base ?? {};
  for (const { version: next, since = next, actions } of commits) {
    if (version !== undefined && since > version + 1) throw gapError(version + 1, since);
    version = next;
    protocol = actions.protocol ?? protocol;
    metadata = actions.metadata ?? metadata;
    timestamp = actions.commitInfo?.inCommitTimestamp ?? actions.commitInfo?.timestamp ?? timestamp;
    const hadNone = before.isEmpty && removed.length === 0;
    applyFiles(actions, files, { removed, hadNone });
    for (const { appId, ...txn } of actions.txns) txns.set(appId, txn);
    noteFaults(actions, faults, files);
  }
  for (const { error } of faults.values()) throw error;
  if (version === undefined || protocol === undefined || metadata === undefined) {
    throw incompleteError(version ?? 0);
  }
  const schema = base?.metadata === metadata ? base.schema : readSchema(metadata, version);
  const plain = { version, protocol, metadata, schema, files, txns };
  return withTombstones(plain, timestamp ?? metadata.createdTime ?? 0, before.after(removed));
}

/** The snapshot with another time; its removed files are not looked at. */
export function atTime(snapshot: Snapshot, timestamp: number): Snapshot {
  const { version, protocol, metadata, schema, files, txns } = snapshot;
  return withTombstones(
    { version, protocol, metadata, schema, files, txns },
    timestamp,
    tombstonesOf(snapshot),
  );
}

/** The snapshot without the removed files that a caller does not need any more: their data is gone. */
export function forgetRemoved(snapshot: Snapshot, isGone: (remove: Remove) => boolean): Snapshot {
  const { tombstones, timestamp, ...plain } = snapshot;
  const kept = new Map([...tombstones].filter(([, remove]) => !isGone(remove)));
  return withTombstones(plain, timestamp, Tombstones.of(kept));
}

const known = new WeakMap<Snapshot, Tombstones>();

function tombstonesOf(base: Snapshot | undefined): Tombstones {
  if (base === undefined) return Tombstones.of(new Map());
  return known.get(base) ?? Tombstones.of(base.tombstones);
}

function withTombstones(
  plain: Omit<Snapshot, "tombstones" | "timestamp">,
  timestamp: number,
  tombstones: Tombstones,
): Snapshot {
  const snapshot: Snapshot = {
    ...plain,
    get tombstones() {
      return tombstones.map();
    },
    timestamp,
  };
  known.set(snapshot, tombstones);
  return snapshot;
}

function mapFrom<Value>(map: ReadonlyMap<string, Value> | undefined, isOwned: boolean): Map<string, Value> {
  return isOwned && map instanceof Map ? map : new Map(map);
}

// A fault matters as long as the action would: what the newest version needs is what a newer commit has not replaced.
function noteFaults(
  actions: Actions,
  faults: Map<string, ActionFault>,
  files: Map<string, Add>,
): void {
  if (faults.size > 0) {
    if (actions.protocol !== undefined) faults.delete("protocol");
    if (actions.metadata !== undefined) faults.delete("metaData");
    for (const { appId } of actions.txns) faults.delete(`txn ${appId}`);
    for (const remove of actions.removes) {
      const name = `add ${fileKey(remove.path)}`;
      if (isSameFile(faults.get(name), remove)) faults.delete(name);
    }
    for (const { path } of actions.adds) faults.delete(`add ${fileKey(path)}`);
  }
  for (const fault of actions.faults ?? []) {
    const { kind, key } = fault;
    if (key === undefined || kind !== "add") faults.set(key === undefined ? kind : `${kind} ${key}`, fault);
    else {
      faults.set(`add ${fileKey(key)}`, fault);
      // It took the place of the file as it was, though nobody can say by what.
      files.delete(fileKey(key));
    }
  }
}

/** What is gathered of removed files, and whether there were none before. */
interface RemovedFiles {
  readonly removed: TombstoneChange[];
  readonly hadNone: boolean;
}

// Within a version the order of lines means nothing: a file that is removed and added again stays.
function applyFiles(actions: Actions, files: Map<string, Add>, { removed, hadNone }: RemovedFiles): void {
  for (const remove of actions.removes) {
    const key = fileKey(remove.path);
    const add = files.get(key);
    if (!isSameFile(add, remove)) continue;
    if (add !== undefined) files.delete(key);
    removed.push([key, withoutTags(remove)]);
  }
  for (const add of actions.adds) {
    const key = fileKey(add.path);
    files.set(key, add);
    if (!hadNone || removed.length > 0) removed.push([key, null]);
  }
}

// Nobody asks a removed file for them, checkpoints leave them out, and they may be most of what is held of it.
function withoutTags({ tags: _tags, ...remove }: Remove): Remove {
  return remove;
}

// A file with another deletion vector is another file.
function isSameFile(add: Pick<Add, "deletionVector"> | undefined, remove: Remove): boolean {
  if (add === undefined) return true;
  const [mine, other] = [add.deletionVector, remove.deletionVector];
  if (mine === other) return true;
  return mine?.storageType === other?.storageType && mine?.pathOrInlineDv === other?.pathOrInlineDv &&
    (mine?.offset ?? 0) === (other?.offset ?? 0);
}

function readSchema(metadata: Metadata, version: number): StructType {
  try {
    return parseSchema(metadata.schemaString);
  } catch (cause) {
    if (!(cause instanceof SyntaxError) && !(cause instanceof TypeError)) throw cause;
    const path = commitPath(version);
    const message = `Cannot read the schema at "${path}": ${cause.message}, expected a struct in JSON`;
    throw new CorruptLogError(message, { path, version }, { cause });
  }
}

function gapError(expected: number, found: number): CorruptLogError {
  const path = commitPath(expected);
  return new CorruptLogError(`Cannot replay the log: found version ${found}, expected "${path}"`, {
    path,
    version: expected,
  });
}

function incompleteError(version: number): CorruptLogError {
  const path = commitPath(version);
  const message = `Cannot replay the log up to "${path}": found no protocol or no metaData, expected both`;
  return new CorruptLogError(message, { path, version });
}
