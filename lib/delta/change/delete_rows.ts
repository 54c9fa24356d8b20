import type { SetTransaction } from "../actions/actions.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import { formatPredicate } from "../predicate/text.ts";
import type { Predicate } from "../predicate/predicate.ts";
import { planReplacement } from "./plan_replacement.ts";
import type { DeltaTable } from "../table/table.ts";
import { writeTarget } from "../table/write_plan.ts";

/** What goes into the commit beside the change. */
export interface ChangeOptions {
  /** How far applications have come with this commit. */
  readonly txns?: readonly SetTransaction[];
}

/**
 * Removes the rows for which a predicate is true; all rows when it is undefined. Only files that may hold such rows are
 * read, and those with nothing else go without being opened.
 *
 * @throws {TypeError} when the predicate does not fit the table, or the table is append only
 */
export async function deleteRows(
  table: DeltaTable,
  where?: Predicate,
  { txns = [] }: ChangeOptions = {},
): Promise<WriteOutcome> {
  return await commitComputed(table, async (snapshot) => {
    const { target } = writeTarget(table, snapshot, { removesRows: true });
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
