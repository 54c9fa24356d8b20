/** Writes checkpoints, so that opening a table does not read all of its commits. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { readCheckpointHint } from "../log/checkpoint_hint.ts";
import { type CheckpointOptions, type CheckpointOutcome, writeCheckpoint } from "../log/write_checkpoint.ts";
import type { DeltaTable } from "../table/table.ts";
import { tableProperties } from "../actions/table_properties.ts";

/**
 * Writes a checkpoint of the version that the table is at, then removes log files that are older than
 * `delta.logRetentionDuration` and that no younger version needs.
 *
 * May be interrupted at any point, and may run in several processes at once: the checkpoint is there completely or not
 * at all, and `_last_checkpoint`, which is written after it, is only a hint.
 *
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, checkpointTable, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const { version, files } = await checkpointTable(table);
 * assertEquals([version, files], [1, 1]);
 * ```
 */
export async function checkpointTable(
  table: DeltaTable,
  options: CheckpointOptions = {},
): Promise<CheckpointOutcome> {
  checkArguments("checkpointTable", { table, options }, { table: KIND.table, options: CHECKPOINT_OPTIONS });
  const { store, snapshot, options: { clock } } = table;
  return await writeCheckpoint(store, snapshot, clock(), options);
}

const CHECKPOINT_OPTIONS = optionsOf({
  logRetentionMs: KIND.optional(KIND.duration),
  cleansLog: KIND.optional(KIND.flag),
});

/**
 * Writes a checkpoint when `delta.checkpointInterval` commits were made since the last; costs one small read. For
 * tables that were opened with `autoCheckpoint: false`: others get theirs with the commits.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, checkpointIfDue, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema, configuration: { "delta.checkpointInterval": "2" } }, { ...outside, autoCheckpoint: false });
 * for (const name of ["HKI", "TPE"]) {
 *   await appendFrame(table, pl.DataFrame({ name: [name], track: [1] }));
 *   const checkpoint = await checkpointIfDue(table);
 *   assertEquals(checkpoint?.version, name === "TPE" ? 2 : undefined);
 * }
 * ```
 */
export async function checkpointIfDue(
  table: DeltaTable,
  options: CheckpointOptions = {},
): Promise<CheckpointOutcome | undefined> {
  checkArguments("checkpointIfDue", { table, options }, { table: KIND.table, options: CHECKPOINT_OPTIONS });
  const { store, snapshot: { version, metadata } } = table;
  const { checkpointInterval } = tableProperties(metadata);
  if (version < checkpointInterval) return undefined;
  const last = await readCheckpointHint(store) ?? 0;
  return version - last < checkpointInterval ? undefined : await checkpointTable(table, options);
}
