/** New rows beside the existing ones: as a frame, or as a file that was staged before. */
import type { Add, Metadata, SetTransaction } from "../actions/actions.ts";
import { commitComputed, type ComputedChange, type WriteOutcome } from "../table/commit_computed.ts";
import { stageFrames } from "../write/stage_frames.ts";
import type { CommitOutcome, DeltaTable } from "../table/table.ts";
import { type EvolveChoice, planWrite, writeMetrics } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** How rows are written. */
export interface WriteOptions extends EvolveChoice {
  /** What goes into the commit beside the rows; a frame without rows is committed too when there are any. */
  readonly txns?: readonly SetTransaction[];
}

/**
 * Appends the rows of a frame: split by partition, in files of about the target size of the table. Columns that may
 * be null may be missing.
 *
 * @throws {TypeError} naming each column that does not fit, with both types
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const outcome = await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * assertEquals([outcome.status, outcome.version], ["committed", 1]);
 * ```
 */
export async function appendFrame(
  table: DeltaTable,
  frame: Frame,
  { mergeSchema = false, txns = [] }: WriteOptions = {},
): Promise<WriteOutcome> {
  return await commitComputed(table, async (snapshot) => {
    const { target, metadata } = planWrite(table, snapshot, { frame, mergeSchema });
    const adds = await stageFrames(frame, target);
    if (adds.length === 0 && txns.length === 0 && metadata === undefined) return undefined;
    return {
      ...appendChange(adds, frame.height, target.metadata),
      ...(metadata === undefined ? {} : { metadata }),
      txns,
    };
  });
}

/** What goes into the commit beside the file. */
export interface AppendOptions {
  /** How far applications have come with this commit. */
  readonly txns?: readonly SetTransaction[];
  /** Rows in the file, for the commit's metrics. */
  readonly rows: number;
}

/**
 * Appends a staged file, whatever else the table holds; a file whose commit lost is removed again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { appendFile, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * const add = await table.stageRows([{ name: "HKI", track: 4 }]);
 * const txns = [{ appId: "topic/0", version: 7n }];
 * assertEquals((await appendFile(table, add, { rows: 1, txns })).status, "committed");
 * assertEquals(table.snapshot.txns.get("topic/0")?.version, 7n);
 * ```
 */
export async function appendFile(
  table: DeltaTable,
  add: Add,
  options: AppendOptions,
): Promise<CommitOutcome> {
  const { txns = [], rows } = options;
  const { snapshot: readSnapshot } = table;
  const outcome = await table.commit({
    ...appendChange([add], rows, readSnapshot.metadata),
    readSnapshot,
    txns,
  });
  if (outcome.status === "conflict") await table.discard([add]);
  return outcome;
}

/**
 * The change that appends staged files with so many rows, for `commitComputed` and `DeltaTable.commit`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { appendChange, commitComputed, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const table = await createTable(new MemoryStore(), { schema: tableSchema({ name: "string" }) }, outside);
 * const outcome = await commitComputed(table, async ({ metadata }) => {
 *   return appendChange([await table.stageRows([{ name: "HKI" }])], 1, metadata);
 * });
 * assertEquals([outcome.status, outcome.version], ["committed", 1]);
 * ```
 */
export function appendChange(
  adds: readonly Add[],
  rows: number,
  { partitionColumns }: Pick<Metadata, "partitionColumns">,
): ComputedChange {
  return {
    operation: "WRITE",
    operationParameters: { mode: "Append", partitionBy: JSON.stringify(partitionColumns) },
    operationMetrics: writeMetrics(adds, rows),
    adds,
    reads: "none",
  };
}
