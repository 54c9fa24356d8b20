/** RESTORE: an older version becomes the newest. */
import { KIND, kindOf, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
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

/** Options of {@linkcode restoreTable}. */
export interface RestoreOptions {
  /**
   * What becomes of `txn` marks that have moved since. "restore" sets them back with the rows, so that applications
   * apply again what they can still get; "keep" leaves them, so that what is taken out is not applied again.
   */
  readonly marks?: "restore" | "keep";
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
 * A table whose `txn` marks have moved since, by which applications know what they have applied, is restored only when
 * the caller says what becomes of them: with the marks kept, as other engines do it, an application does not apply
 * again what the restore takes out, and those rows are lost for ever.
 *
 * @throws {TypeError} when `txn` marks have moved and nothing is said of them, or when one that is to be set back was
 *   not there: Delta has no way to take a mark away. Nothing is changed then
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
  const { marks } = options;
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
    const moved = movedMarks(target, snapshot);
    if (marks !== "keep") assertMarks(moved, { marks, version: restoredVersion, label: store.label });
    await assertPresent(store, change.adds, restoredVersion);
    const txns = marks === "restore"
      ? moved.map(({ appId, before = 0n }) => ({ appId, version: before }))
      : [];
    const outcome = await table.commit({ ...change, txns, readSnapshot: snapshot });
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
  options: optionsOf({
    marks: KIND.optional(kindOf('"restore" or "keep"', (value) => value === "restore" || value === "keep")),
  }),
};

/** A mark of an application that is not what it was. */
interface MovedMark {
  readonly appId: string;
  /** Undefined when there was none. */
  readonly before: bigint | undefined;
  readonly now: bigint;
}

function movedMarks(target: Snapshot, current: Snapshot): readonly MovedMark[] {
  const marks = Array.from(current.txns, ([appId, { version: now }]) => {
    return { appId, before: target.txns.get(appId)?.version, now };
  });
  return marks.filter(({ before, now }) => before !== now);
}

interface MarkChoice {
  readonly marks: RestoreOptions["marks"] | undefined;
  readonly version: number;
  readonly label: string;
}

function assertMarks(moved: readonly MovedMark[], { marks, version, label }: MarkChoice): void {
  const faults = marks === "restore" ? moved.filter(({ before }) => before === undefined) : moved;
  const [first] = faults;
  if (first === undefined) return;
  const { appId, before = "none", now } = first;
  const count = `${faults.length} mark${faults.length === 1 ? "" : "s"} of applications`;
  throw new TypeError(
    `Cannot restore version ${version} of "${label}": found ${count} that moved since, such as "${appId}" from ` +
      `${before} to ${now}, expected ${
        marks === "restore"
          ? "marks that were there, since Delta cannot take one away"
          : "none, or a word on them"
      }`,
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
