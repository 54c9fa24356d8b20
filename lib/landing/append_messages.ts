/**
 * Stage 4a of 7. Receives judged slices from batch; hands every message, good or bad, to the landing table as it was
 * received.
 */
import pl from "nodejs-polars";
import type { JudgedSlice } from "../validate/chunk_frames.ts";
import { appendFile, type CommitOutcome, type DeltaTable, type SetTransaction } from "../delta/mod.ts";

/** Appends all messages of the slices in one commit that carries `transactions`. */
export async function appendMessages(
  table: DeltaTable,
  slices: readonly JudgedSlice[],
  transactions: readonly SetTransaction[],
): Promise<CommitOutcome> {
  const frames = slices.map((slice) => slice.landing);
  const rows = frames.length === 1 && frames[0]
    ? frames[0]
    : pl.concat(frames, { how: "vertical", rechunk: false });
  const add = await table.stageFile(rows, { partitionValues: {} });
  return await appendFile(table, add, { txns: transactions, rows: rows.height });
}
