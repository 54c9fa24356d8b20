/** The plainest change: one more file of new rows. */
import type { Add, SetTransaction } from "../actions/actions.ts";
import type { CommitOutcome, DeltaTable } from "../table/table.ts";

/** What goes into the commit beside the file. */
export interface AppendOptions {
  readonly txns?: readonly SetTransaction[];
  /** Rows in the file, for the commit's metrics. */
  readonly rows: number;
}

/** Appends a staged file, whatever else the table holds; a file whose commit lost is removed again. */
export async function appendFile(
  table: DeltaTable,
  add: Add,
  options: AppendOptions,
): Promise<CommitOutcome> {
  const { txns = [], rows } = options;
  const outcome = await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    operationParameters: {
      mode: "Append",
      partitionBy: JSON.stringify(table.snapshot.metadata.partitionColumns),
    },
    operationMetrics: { numFiles: "1", numOutputRows: String(rows), numOutputBytes: String(add.size) },
    adds: [add],
    txns,
    reads: "none",
  });
  if (outcome.status === "conflict") await table.discard([add]);
  return outcome;
}
