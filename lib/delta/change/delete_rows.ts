/** DELETE: removes the rows that a predicate matches. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { SetTransaction } from "../actions/actions.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import { formatPredicate } from "../predicate/text.ts";
import { type Condition, readCondition } from "../predicate/condition.ts";
import { planReplacement } from "./plan_replacement.ts";
import type { DeltaTable } from "../table/table.ts";
import { planWrite } from "../table/write_plan.ts";

/** What goes into the commit beside the change. */
export interface ChangeOptions {
  /** How far applications have come with this commit. */
  readonly txns?: readonly SetTransaction[];
}

/**
 * Removes the rows for which a condition is true; all rows when it is undefined. Only files that may hold such rows are
 * read, and those with nothing else go without being opened.
 *
 * @throws {TypeError} when the predicate does not fit the table, or the table is append only
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, deleteRows, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * await deleteRows(table, "name = 'TPE'");
 * const [add] = table.snapshot.files.values();
 * assertEquals(add && await table.countRows(add), 1);
 * ```
 */
export async function deleteRows(
  table: DeltaTable,
  condition?: Condition,
  options: ChangeOptions = {},
): Promise<WriteOutcome> {
  checkArguments("deleteRows", { table, where: condition, options }, {
    table: KIND.table,
    where: KIND.optional(KIND.condition),
    options: optionsOf({ txns: KIND.change.txns }),
  });
  const { txns = [] } = options;
  return await commitComputed(table, async (snapshot) => {
    const { target } = planWrite(table, snapshot, { removesRows: true });
    const where = condition === undefined ? undefined : readCondition(condition, snapshot.schema);
    const { adds, removes, reads, removedRows, copiedRows } = await planReplacement({ where }, {
      target,
      snapshot,
    });
    if (removes.length === 0 && txns.length === 0) return undefined;
    return {
      operation: "DELETE",
      operationParameters: { predicate: JSON.stringify(where === undefined ? [] : [formatPredicate(where)]) },
      operationMetrics: {
        numRemovedFiles: String(removes.length),
        numAddedFiles: String(adds.length),
        ...(removedRows === undefined ? {} : { numDeletedRows: String(removedRows) }),
        numCopiedRows: String(copiedRows),
      },
      adds,
      removes,
      txns,
      reads,
    };
  });
}
