/** RESTORE: an older version becomes the newest. */
import type { Add } from "../actions/actions.ts";
import { jitteredBackoff } from "../store/backoff.ts";
import type { CommitRequest } from "../log/commit.ts";
import { CommitConflictError } from "../errors.ts";
import { realPath } from "../actions/log_encoding.ts";
import { readSnapshot } from "../log/reader.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { Store } from "../store/store.ts";
import type { DeltaTable } from "../table/table.ts";
import { type TableMoment, versionAt } from "../table/time_travel.ts";

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
 * version, which can be undone in the same way. The protocol stays, and so do the `txn` versions of applications: what they have applied is not
 * applied again.
 *
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
): Promise<RestoreOutcome> {
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
    await assertPresent(store, change.adds, restoredVersion);
    const outcome = await table.commit({ ...change, readSnapshot: snapshot });
    if (outcome.status === "committed") return { version: outcome.version, ...counts };
    if (attempt >= maxAttempts) {
      throw lostError(store, restoredVersion, { attempt, version: outcome.version });
    }
    await backoff(attempt);
  }
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
  const gone = adds.filter(({ path }) => !paths.has(realPath(path)));
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
  return new CommitConflictError(message, version, { table: label });
}
