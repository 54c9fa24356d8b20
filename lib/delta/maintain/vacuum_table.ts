/** VACUUM: removes files that no version within the retention needs. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Remove } from "../actions/actions.ts";
import { LOG_FOLDER, parseLogPath } from "../actions/log_path.ts";
import { readCommit } from "../log/reader.ts";
import { assertWritable } from "../log/protocol.ts";
import type { Store } from "../store/store.ts";
import type { DeltaTable } from "../table/table.ts";
import { tableProperties } from "../actions/table_properties.ts";
import { planVacuum } from "./vacuum_plan.ts";

/** Options of {@linkcode vacuumTable}. */
export interface VacuumOptions {
  /** How long files stay after they left the table; by default `delta.deletedFileRetentionDuration`, or 7 days. */
  readonly retentionMs?: number;
  /** Allows a shorter time than the table asks for: active readers and writers may lose their files. */
  readonly force?: boolean;
  /** Only says what it would remove. */
  readonly dryRun?: boolean;
}

/** What a vacuum removed, or would remove. */
export interface VacuumOutcome {
  /** Below the root of the table. */
  readonly paths: readonly string[];
  /** Of all of them. */
  readonly sizeBytes: number;
}

/**
 * Removes files that no version of the retention time needs: those that left the table before it, and those that
 * crashed or lost writers left. Spares all that was written within that time, since it may be about to be committed.
 * Never follows a link, and touches nothing of the log but temporary files in it.
 *
 * @throws {RangeError} when the retention is shorter than the table asks for, and it is not forced
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, overwriteTable, tableSchema, vacuumTable } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * await overwriteTable(table, pl.DataFrame({ name: ["TKU"], track: [1] }));
 * const { paths } = await vacuumTable(table, { dryRun: true });
 * assertEquals(paths, [], "readers of older versions have a week");
 * ```
 */
export async function vacuumTable(table: DeltaTable, options: VacuumOptions = {}): Promise<VacuumOutcome> {
  checkArguments("vacuumTable", { table, options }, { table: KIND.table, options: VACUUM_OPTIONS });
  const { store, options: { clock } } = table;
  // Listed first: what is committed by then is seen to be live.
  const entries = await store.list("", { forRemoval: true });
  const snapshot = await table.update();
  assertWritable(store.label, snapshot.protocol, snapshot.metadata);
  const { deletedFileRetentionMs } = tableProperties(snapshot.metadata);
  const { retentionMs = deletedFileRetentionMs, force = false, dryRun = false } = options;
  if (retentionMs < deletedFileRetentionMs && !force) {
    throw tooShort(table, retentionMs, deletedFileRetentionMs);
  }
  const oldestMs = clock() - retentionMs;
  // Checkpoints forget removes when the time that the table asks for is over.
  const olderRemoves = retentionMs > deletedFileRetentionMs ? await loggedRemoves(store, oldestMs) : [];
  const unneeded = planVacuum(entries, { snapshot, oldestMs, olderRemoves });
  if (!dryRun) { for (const { path } of unneeded) await store.remove(path); }
  return {
    paths: unneeded.map(({ path }) => path),
    sizeBytes: unneeded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

const VACUUM_OPTIONS = optionsOf({
  retentionMs: KIND.optional(KIND.duration),
  force: KIND.optional(KIND.flag),
  dryRun: KIND.optional(KIND.flag),
});

async function loggedRemoves(store: Store, oldestMs: number): Promise<readonly Remove[]> {
  const removes: Remove[] = [];
  for (const { path, modifiedMs } of await store.list(LOG_FOLDER)) {
    const file = parseLogPath(path);
    if (file?.kind !== "commit" || modifiedMs < oldestMs) continue;
    const commit = await readCommit(store, file.version, { withFaults: true });
    for (const remove of commit?.actions.removes ?? []) removes.push(remove);
  }
  return removes;
}

function tooShort({ store }: DeltaTable, foundMs: number, wantedMs: number): RangeError {
  const [found, expected] = [foundMs, wantedMs].map((ms) => `${Number((ms / 3_600_000).toFixed(3))} h`);
  return new RangeError(
    `Cannot vacuum "${store.label}": found a retention of ${found}, expected ${expected} or more unless it is forced`,
  );
}
