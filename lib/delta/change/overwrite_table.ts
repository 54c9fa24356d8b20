/** Overwrite: replaces all rows of a table, or those that a predicate matches. */
import type { WriteOptions } from "./append.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import { partitionFields } from "../actions/table_columns.ts";
import { asStored } from "../write/partition_frame.ts";
import { fitFrame } from "../write/frame_to_schema.ts";
import { formatPredicate } from "../predicate/text.ts";
import type { Predicate } from "../predicate/predicate.ts";
import { planReplacement, rowsWithout } from "./plan_replacement.ts";
import type { DeltaTable } from "../table/table.ts";
import { type ChangeTarget, planWrite, writeMetrics } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** How a table is overwritten. */
export interface OverwriteOptions extends WriteOptions {
  /** Replaces only the rows for which this is true; the new rows must all be such rows. By default all rows. */
  readonly replaceWhere?: Predicate;
}

/**
 * Replaces the rows of a table, or those that a predicate matches, by the rows of a frame, in one version.
 *
 * @throws {TypeError} naming each column that does not fit, or when new rows lie outside of `replaceWhere`
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, overwriteTable, parsePredicate, scanTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const replaceWhere = parsePredicate("track < 2", schema);
 * await overwriteTable(table, pl.DataFrame({ name: ["TKU"], track: [1] }), { replaceWhere });
 * const frames = await Array.fromAsync(scanTable(table));
 * assertEquals(pl.concat(frames).sort("name").getColumn("name").toArray(), ["HKI", "TKU"]);
 * ```
 */
export async function overwriteTable(
  table: DeltaTable,
  frame: Frame,
  { replaceWhere: where, mergeSchema = false, txns = [] }: OverwriteOptions = {},
): Promise<WriteOutcome> {
  return await commitComputed(table, async (snapshot) => {
    const { target, metadata } = planWrite(table, snapshot, { frame, mergeSchema, removesRows: true });
    const rows = asStored(fitFrame(frame, target.schema), partitionFields(target));
    if (where !== undefined) assertInside(rows, where, target);
    const { adds, removes, reads } = await planReplacement({ where, frame: rows }, { target, snapshot });
    return {
      operation: "WRITE",
      operationParameters: {
        mode: "Overwrite",
        partitionBy: JSON.stringify(target.metadata.partitionColumns),
        ...(where === undefined ? {} : { predicate: formatPredicate(where) }),
      },
      operationMetrics: writeMetrics(adds, rows.height),
      ...(metadata === undefined ? {} : { metadata }),
      adds,
      removes,
      txns,
      reads,
    };
  });
}

function assertInside(rows: Frame, where: Predicate, target: ChangeTarget): void {
  const { height } = rowsWithout(rows, where, target);
  if (height === 0) return;
  throw new TypeError(
    `Cannot overwrite the part of "${target.store.label}" with ${
      formatPredicate(where)
    }: found ${height} new rows outside, expected none`,
  );
}
