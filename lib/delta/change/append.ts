/** New rows beside the existing ones: as a frame, or as a file that was staged before. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add, Metadata, SetTransaction } from "../actions/actions.ts";
import { commitComputed, type ComputedChange, type WriteOutcome } from "../table/commit_computed.ts";
import { stageFrames } from "../write/stage_frames.ts";
import type { CommitOutcome, DeltaTable } from "../table/table.ts";
import { type EvolveChoice, planWrite, writeMetrics } from "../table/write_plan.ts";
import { hasMap } from "../schema/has_map.ts";
import type { Row } from "../schema/row_value.ts";
import { type Rows, toFrame } from "../write/frame_of.ts";
import { stageRowFiles } from "../write/stage_row_files.ts";
import type { Snapshot } from "../log/snapshot.ts";

/** How rows are written. */
export interface WriteOptions extends EvolveChoice {
  /** What goes into the commit beside the rows; a frame without rows is committed too when there are any. */
  readonly txns?: readonly SetTransaction[];
}

/**
 * Appends rows: split by partition, in files of about the target size of the table. Columns that may be null may be
 * missing. Rows are objects, each value checked as `frameOf` does it, or a polars frame, or an Arrow table.
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
 * const outcome = await appendFrame(table, [{ name: "HKI", track: 4 }, { name: "TPE", track: 1.5 }]);
 * assertEquals([outcome.status, outcome.version], ["committed", 1]);
 * await appendFrame(table, pl.DataFrame({ name: ["TKU"], track: [3] }));
 * assertEquals(table.snapshot.version, 2);
 * ```
 */
export async function appendFrame(
  table: DeltaTable,
  rows: Rows,
  options: WriteOptions = {},
): Promise<WriteOutcome> {
  checkArguments("appendFrame", { table, rows, options }, APPEND_ARGUMENTS);
  const { mergeSchema = false, txns = [] } = options;
  return await commitComputed(table, async (snapshot) => {
    if (Array.isArray(rows) && hasMap(snapshot.schema)) {
      return await appendRows(table, rows, { snapshot, txns });
    }
    const frame = toFrame(rows, snapshot.schema);
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

const APPEND_ARGUMENTS = { table: KIND.table, rows: KIND.rows, options: optionsOf(KIND.change) };

interface AppendedRows extends Required<Pick<WriteOptions, "txns">> {
  readonly snapshot: Snapshot;
}

// polars cannot hold maps: such rows are written one by one.
async function appendRows(
  table: DeltaTable,
  rows: readonly Row[],
  { snapshot, txns }: AppendedRows,
): Promise<ComputedChange | undefined> {
  const { target } = planWrite(table, snapshot);
  const adds = await stageRowFiles(rows, target);
  if (adds.length === 0 && txns.length === 0) return undefined;
  return { ...appendChange(adds, rows.length, target.metadata), txns };
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
  checkArguments("appendFile", { table, add, options }, {
    table: KIND.table,
    add: KIND.file,
    options: optionsOf({ rows: KIND.count, txns: KIND.change.txns }),
  });
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
  metadata: Pick<Metadata, "partitionColumns">,
): ComputedChange {
  checkArguments("appendChange", { adds, rows, metadata }, {
    adds: KIND.files,
    rows: KIND.count,
    metadata: KIND.metadata,
  });
  const { partitionColumns } = metadata;
  return {
    operation: "WRITE",
    operationParameters: { mode: "Append", partitionBy: JSON.stringify(partitionColumns) },
    operationMetrics: writeMetrics(adds, rows),
    adds,
    reads: "none",
  };
}
