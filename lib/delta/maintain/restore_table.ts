/** RESTORE: an older version becomes the newest. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add } from "../actions/actions.ts";
import { jitteredBackoff } from "../store/backoff.ts";
import type { CommitRequest } from "../log/commit.ts";
import { CommitConflictError } from "../errors.ts";
import { fileKey } from "../actions/log_encoding.ts";
import { readSnapshot } from "../log/reader.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { Store } from "../store/store.ts";
import type { DeltaTable } from "../table/table.ts";
import { type TableMoment, versionAt } from "../table/time_travel.ts";

/** Options of {@linkcode restoreTable}. */
export interface RestoreOptions {
  /** True restores although `txn` marks have moved: applications do not apply again what they have applied. */
  readonly keepTransactions?: boolean;
}

/** What a restore did. */
export interface RestoreOutcome {
  /** The version it made; undefined when the table held the same already. */
  readonly version: number | undefined;
  /** The version whose rows the table has again. */
  readonly restoredVersion: number;
  /** Files that are part of the table again. */
  readonly filesRestored: number;
  /** Files that no longer are. */
  readonly filesRemoved: number;
}

/**
 * Makes the table what it was at an older version or time: rows, columns and properties. The result is a new
 * version, which can be undone in the same way. The protocol stays.
 *
 * So do the `txn` marks, by which applications know what they have applied: there is no way in Delta to take one back.
 * An application would then not apply again what the restore takes out, and those rows would be lost for ever. So a
 * table whose marks have moved since is not restored, unless the caller says that it keeps them.
 *
 * @throws {TypeError} when `txn` marks have moved since that version and are not to be kept; nothing is changed then
 * @throws {RangeError} when the table does not have the version, or not any more
 * @throws {Error} when files of the version are gone, as they are after a vacuum; nothing is changed then
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, restoreTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const { restoredVersion, filesRemoved } = await restoreTable(table, { version: 0 });
 * assertEquals([restoredVersion, filesRemoved, table.snapshot.version], [0, 1, 2]);
 * ```
 */
export async function restoreTable(
  table: DeltaTable,
  moment: TableMoment,
  options: RestoreOptions = {},
): Promise<RestoreOutcome> {
  checkArguments("restoreTable", { table, moment, options }, RESTORE_ARGUMENTS);
  const { keepTransactions = false } = options;
  const { store, options: { backoff = jitteredBackoff(), maxAttempts = 50 } } = table;
  const restoredVersion = "version" in moment ? moment.version : await versionAt(store, moment.timestampMs);
  const target = await readSnapshot(store, { version: restoredVersion });
  for (let attempt = 1;; attempt++) {
    const snapshot = await table.update();
    const change = changeTo(target, snapshot);
    const [filesRestored, filesRemoved] = [change.adds.length, change.removes.length];
    const counts = { restoredVersion, filesRestored, filesRemoved };
    if (filesRestored + filesRemoved === 0 && change.metadata === undefined) {
      return { version: undefined, ...counts };
    }
    if (!keepTransactions) assertSameMarks(target, snapshot, store);
    await assertPresent(store, change.adds, restoredVersion);
    const outcome = await table.commit({ ...change, readSnapshot: snapshot });
    if (outcome.status === "committed") return { version: outcome.version, ...counts };
    if (attempt >= maxAttempts) {
      throw lostError(store, restoredVersion, { attempt, version: outcome.version });
    }
    await backoff(attempt);
  }
}

const RESTORE_ARGUMENTS = {
  table: KIND.table,
  moment: KIND.moment,
  options: optionsOf({ keepTransactions: KIND.optional(KIND.flag) }),
};

function assertSameMarks(target: Snapshot, current: Snapshot, { label }: Store): void {
  const moved = [...current.txns].filter(([appId, { version }]) =>
    target.txns.get(appId)?.version !== version
  );
  const [first] = moved;
  if (first === undefined) return;
  const [appId, { version }] = first;
  const before = target.txns.get(appId)?.version ?? "none";
  throw new TypeError(
    `Cannot restore version ${target.version} of "${label}": found ${moved.length} marks of applications that have ` +
      `moved since, such as "${appId}" from ${before} to ${version}, expected none: they would not apply again ` +
      "what the restore takes out; rebuild the table from its source, or restore with keepTransactions",
  );
}

type Change = Omit<CommitRequest, "readSnapshot"> & Required<Pick<CommitRequest, "adds" | "removes">>;

function changeTo(target: Snapshot, current: Snapshot): Change {
  const adds = missingIn(current, target).map((add) => ({ ...add, dataChange: true }));
  const removes = missingIn(target, current);
  const isSameMetadata = JSON.stringify(target.metadata) === JSON.stringify(current.metadata);
  return {
    operation: "RESTORE",
    operationParameters: { version: String(target.version) },
    operationMetrics: {
      numRestoredFiles: String(adds.length),
      numRemovedFiles: String(removes.length),
      restoredFilesSize: String(adds.reduce((sum, { size }) => sum + size, 0)),
      removedFilesSize: String(removes.reduce((sum, { size }) => sum + size, 0)),
    },
    adds,
    removes,
    reads: { matches: () => true },
    ...(isSameMetadata ? {} : { metadata: target.metadata }),
  };
}

/** Files that are in one snapshot and not in the other, or with other rows deleted. */
function missingIn(one: Snapshot, other: Snapshot): readonly Add[] {
  const vectorOf = (add: Add | undefined) => JSON.stringify(add?.deletionVector);
  return [...other.files].filter(([key, add]) => {
    const known = one.files.get(key);
    return known === undefined || vectorOf(known) !== vectorOf(add);
  }).map(([, add]) => add);
}

async function assertPresent(store: Store, adds: readonly Add[], version: number): Promise<void> {
  if (adds.length === 0) return;
  const paths = new Set((await store.list("")).map(({ path }) => path));
  const gone = adds.filter(({ path }) => !paths.has(fileKey(path)));
  const [first] = gone;
  if (first === undefined) return;
  throw new Error(
    `Cannot restore version ${version} of "${store.label}": found ${gone.length} of its files gone, ` +
      `such as "${first.path}", expected all of them; a vacuum removes files for good`,
  );
}

function lostError(
  { label }: Store,
  restored: number,
  { attempt, version }: { readonly attempt: number; readonly version: number },
): CommitConflictError {
  const message =
    `Cannot restore version ${restored} of "${label}": found other commits at each of ${attempt} attempts, ` +
    `expected to come first once`;
  return new CommitConflictError(message, version);
}
