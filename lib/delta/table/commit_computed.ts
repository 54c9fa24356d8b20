/** The loop of every change: compute from the newest version, commit, compute again when another was first. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add } from "../actions/actions.ts";
import { jitteredBackoff } from "../store/backoff.ts";
import type { CommitRequest } from "../log/commit.ts";
import type { Conflict } from "../log/conflict.ts";
import { CommitConflictError } from "../errors.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { DeltaTable } from "./table.ts";

/** A change computed from one snapshot, its files written. */
export type ComputedChange = Omit<CommitRequest, "readSnapshot">;

/** How a change ended. */
export type WriteOutcome =
  | {
    readonly status: "committed";
    readonly version: number;
    /** What Spark would show for it in the history: rows and files that were added, removed and kept. */
    readonly metrics: Readonly<Record<string, string>>;
  }
  /** There was nothing to change, so nothing was committed; the version is the one it was computed from. */
  | { readonly status: "unchanged"; readonly version: number }
  /** One of the transactions of this change is in the table with another commit; nothing was changed. */
  | { readonly status: "conflict" } & Conflict;

/** Options of {@linkcode commitComputed}. */
export interface CommitComputedOptions {
  /** True to try the version that the table object knows first, where nobody else is likely to have written. */
  readonly isFresh?: boolean;
}

/**
 * Computes a change from the newest version and commits it; one that lost to another writer is computed again.
 * `compute` writes files and gives undefined when there is nothing to change. Files of lost attempts are removed.
 *
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { commitComputed, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const outcome = await commitComputed(table, async (snapshot) => {
 *   if (snapshot.files.size > 0) return undefined;
 *   const adds = [await table.stageRows([{ name: "HKI", track: 4 }])];
 *   // Rows of another writer make it start again.
 *   return { operation: "WRITE", adds, reads: { matches: () => true } };
 * });
 * assertEquals([outcome.status, outcome.version], ["committed", 1]);
 * ```
 */
export async function commitComputed(
  table: DeltaTable,
  compute: (snapshot: Snapshot) => Promise<ComputedChange | undefined>,
  options: CommitComputedOptions = {},
): Promise<WriteOutcome> {
  checkArguments("commitComputed", { table, compute, options }, {
    table: KIND.table,
    compute: KIND.callable,
    options: optionsOf({ isFresh: KIND.optional(KIND.flag) }),
  });
  const { isFresh = false } = options;
  const { backoff = jitteredBackoff(), maxAttempts = 50 } = table.options;
  for (let attempt = 1;; attempt++) {
    const readSnapshot = isFresh && attempt === 1 ? table.snapshot : await table.update();
    const change = await compute(readSnapshot);
    if (change === undefined) return { status: "unchanged", version: readSnapshot.version };
    const outcome = await commitOrDiscard(table, { ...change, readSnapshot });
    if (outcome.status === "committed") return { ...outcome, metrics: change.operationMetrics ?? {} };
    if (outcome.kind === "txn") return outcome;
    if (attempt >= maxAttempts) throw lostError(table, change, outcome);
    await backoff(attempt);
  }
}

async function commitOrDiscard(
  table: DeltaTable,
  request: CommitRequest,
): Promise<Awaited<ReturnType<DeltaTable["commit"]>>> {
  const adds: readonly Add[] = request.adds ?? [];
  // A commit that throws may be in the table, so its files have to stay.
  const outcome = await table.commit(request);
  if (outcome.status === "conflict") await table.discard(adds);
  return outcome;
}

function lostError(
  { store, options }: DeltaTable,
  { operation }: ComputedChange,
  { kind, version }: Conflict,
): CommitConflictError {
  const message =
    `Cannot commit the ${operation} to "${store.label}": found ${kind} in version ${version} after ${
      options.maxAttempts ?? 50
    } attempts, expected a version without`;
  return new CommitConflictError(message, version, { table: store.label });
}
