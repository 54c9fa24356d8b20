/** Overwrite: replaces all rows of a table, or those that a predicate matches. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { WriteOptions } from "./append.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import { partitionFields } from "../actions/table_columns.ts";
import { asStored } from "../write/partition_frame.ts";
import { fitFrame } from "../write/frame_to_schema.ts";
import { formatPredicate } from "../predicate/text.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { type Rows, toFrame } from "../write/frame_of.ts";
import type { Predicate } from "../predicate/predicate.ts";
import { planReplacement, rowsWithout } from "./plan_replacement.ts";
import type { DeltaTable } from "../table/table.ts";
import { type ChangeTarget, planWrite, writeMetrics } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** How a table is overwritten. */
export interface OverwriteOptions extends WriteOptions {
  /** Replaces only the rows for which this is true; the new rows must all be such rows. By default all rows. */
  readonly replaceWhere?: Condition | undefined;
}

/**
 * Replaces the rows of a table, or those that a predicate matches, by others, in one version.
 *
 * @throws {TypeError} naming each column that does not fit, or when new rows lie outside of `replaceWhere`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, overwriteTable, scanTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * await overwriteTable(table, [{ name: "TKU", track: 1 }], { replaceWhere: "track < 2" });
 * const frames = await Array.fromAsync(scanTable(table));
 * assertEquals(pl.concat(frames).sort("name").getColumn("name").toArray(), ["HKI", "TKU"]);
 * ```
 */
export async function overwriteTable(
  table: DeltaTable,
  rows: Rows,
  options: OverwriteOptions = {},
): Promise<WriteOutcome> {
  checkArguments("overwriteTable", { table, rows, options }, OVERWRITE_ARGUMENTS);
  const { replaceWhere, mergeSchema = false, txns = [] } = options;
  return await commitComputed(table, async (snapshot) => {
    const frame = toFrame(rows, snapshot.schema);
    const { target, metadata } = planWrite(table, snapshot, { frame, mergeSchema, removesRows: true });
    const fresh = asStored(fitFrame(frame, target.schema), partitionFields(target));
    const where = replaceWhere === undefined ? undefined : readCondition(replaceWhere, target.schema);
    if (where !== undefined) assertInside(fresh, where, target);
    const { adds, removes, reads } = await planReplacement({ where, frame: fresh }, { target, snapshot });
    return {
      operation: "WRITE",
      operationParameters: {
        mode: "Overwrite",
        partitionBy: JSON.stringify(target.metadata.partitionColumns),
        ...(where === undefined ? {} : { predicate: formatPredicate(where) }),
      },
      operationMetrics: writeMetrics(adds, fresh.height),
      ...(metadata === undefined ? {} : { metadata }),
      adds,
      removes,
      txns,
      reads,
    };
  });
}

const OVERWRITE_ARGUMENTS = {
  table: KIND.table,
  rows: KIND.rows,
  options: optionsOf({ replaceWhere: KIND.optional(KIND.condition), ...KIND.change }),
};

function assertInside(rows: Frame, where: Predicate, target: ChangeTarget): void {
  const { height } = rowsWithout(rows, where, target);
  if (height === 0) return;
  throw new TypeError(
    `Cannot overwrite the part of "${target.store.label}" with ${
      formatPredicate(where)
    }: found ${height} new rows outside, expected none`,
  );
}
