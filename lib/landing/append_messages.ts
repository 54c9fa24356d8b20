/**
 * Stage 4a of 7. Receives validated chunks from validate; hands every message, good or bad, to the landing table as it was
 * received.
 */
import pl from "nodejs-polars";
import type { ValidatedChunk } from "../validate/chunk_frames.ts";
import { appendFile, type CommitOutcome, type DeltaTable, type SetTransaction } from "../delta/mod.ts";

/** Appends all messages of the chunks in one commit that carries `transactions`. */
export async function appendMessages(
  table: DeltaTable,
  chunks: readonly ValidatedChunk[],
  transactions: readonly SetTransaction[],
): Promise<CommitOutcome> {
  const frames = chunks.map((chunk) => chunk.landing);
  const rows = frames.length === 1 && frames[0]
    ? frames[0]
    : pl.concat(frames, { how: "vertical", rechunk: false });
  const add = await table.stageFile(rows, { partitionValues: {} });
  return await appendFile(table, add, { txns: transactions, rows: rows.height });
}
