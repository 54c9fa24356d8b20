/** UPDATE: sets columns in the rows that a predicate matches. */
import { pl } from "../../packages/polars.ts";
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Add } from "../actions/actions.ts";
import { assertValueTypes, type ColumnValues, valueExpressions } from "../predicate/column_value.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import type { ChangeOptions } from "./delete_rows.ts";
import { fileMatcher } from "../stats/file_pruning.ts";
import { toPolars } from "../predicate/polars.ts";
import { formatPredicate } from "../predicate/text.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import type { Predicate } from "../predicate/predicate.ts";
import type { DataFile } from "../read/data_file.ts";
import { groupByPartition, partitionKeys } from "./partition_groups.ts";
import { type FileChange, rewriteByRows } from "./rewrite_by_rows.ts";
import type { Frame } from "../schema/polars_type.ts";
import type { DeltaTable } from "../table/table.ts";
import { type ChangeTarget, planWrite } from "../table/write_plan.ts";

/** Which rows, and their new values. */
export interface RowUpdate {
  /** New values by column: literals, or expressions of the columns as they were. */
  readonly set: ColumnValues;
  /** All rows when undefined. */
  readonly where?: Condition | undefined;
}

/**
 * Sets columns in the rows for which a condition is true. Expressions see the rows as they were. Only files that may
 * hold such rows are read.
 *
 * @throws {TypeError} naming the column when it cannot hold the value, with both types
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, scanTable, tableSchema, updateRows } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * await updateRows(table, { set: { track: pl.col("track").plus(1) }, where: "name = 'TPE'" });
 * const frames = await Array.fromAsync(scanTable(table));
 * assertEquals(pl.concat(frames).sort("name").getColumn("track").toArray(), [4, 2.5]);
 * ```
 */
export async function updateRows(
  table: DeltaTable,
  update: RowUpdate,
  options: ChangeOptions = {},
): Promise<WriteOutcome> {
  checkArguments("updateRows", { table, update, options }, UPDATE_ARGUMENTS);
  const [{ set }, { txns = [] }] = [update, options];
  return await commitComputed(table, async (snapshot) => {
    const where = update.where === undefined ? undefined : readCondition(update.where, snapshot.schema);
    const { target } = planWrite(table, snapshot, { removesRows: true });
    const matchOf = where === undefined ? () => "all" as const : fileMatcher(where, snapshot);
    const { adds, removes, updated, copied } = await rewriteMatching({ set, where }, {
      target,
      files: [...snapshot.files.values()].filter((file) => matchOf(file) !== "none"),
    });
    if (removes.length === 0 && txns.length === 0) return undefined;
    return {
      operation: "UPDATE",
      operationParameters: where === undefined ? {} : { predicate: JSON.stringify([formatPredicate(where)]) },
      operationMetrics: {
        numRemovedFiles: String(removes.length),
        numAddedFiles: String(adds.length),
        numUpdatedRows: String(updated),
        numCopiedRows: String(copied),
      },
      adds,
      removes,
      txns,
      reads: { matches: (_values, file) => matchOf(file) !== "none" },
    };
  });
}

const UPDATE_ARGUMENTS = {
  table: KIND.table,
  update: optionsOf({ set: KIND.object, where: KIND.optional(KIND.condition) }),
  options: optionsOf({ txns: KIND.change.txns }),
};

interface RowsToSet extends Pick<RowUpdate, "set"> {
  readonly where: Predicate | undefined;
}

interface UpdateFiles {
  readonly target: ChangeTarget;
  readonly files: readonly Add[];
}

async function rewriteMatching(
  { set, where }: RowsToSet,
  { target, files }: UpdateFiles,
): Promise<FileChange & { readonly updated: number; readonly copied: number }> {
  const values = valueExpressions(set, target.schema);
  const isMeant = where === undefined ? pl.lit(true) : toPolars(where, target.schema).fillNull(false);
  const counts = { updated: 0, copied: 0 };
  const change = async (file: DataFile): Promise<Frame | "unchanged"> => {
    const rows = await file.read();
    assertValueTypes(rows, values, target.schema);
    const meant = where === undefined ? rows.height : rows.filter(isMeant).height;
    if (meant === 0) return "unchanged";
    counts.updated += meant;
    counts.copied += rows.height - meant;
    const columns = Array.from(
      values,
      ([name, value]) => pl.when(isMeant).then(value).otherwise(pl.col(name)).alias(name),
    );
    return rows.withColumns(...columns);
  };
  // Rows that come from many partitions into one are written together there.
  const isMoving = target.metadata.partitionColumns.some((name) => values.has(name));
  const groups = groupByPartition(files, partitionKeys(target));
  const together = isMoving ? [{ files: groups.flatMap(({ files }) => files) }] : groups;
  const rewrite = await rewriteByRows(together.map(({ files }) => ({ files, change })), target);
  return { ...rewrite, ...counts };
}
