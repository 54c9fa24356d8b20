/** Finishes what a crash, or another process, left between two commits: first standard, then its accounting. */
import { collectBatches } from "../validate/collect_batches.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import { readMessages } from "../landing/read_messages.ts";
import { restoreBatches } from "../quality/record_batches.ts";
import { type OffsetRange, takenIn } from "../tables/offset_progress.ts";
import { ingestIntoStandard, type Intake } from "./ingest_batch.ts";

/** Options of {@linkcode catchUp}. */
export interface CatchUpOptions {
  readonly maxBatchBytes: number;
  readonly releaseMemory: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Takes into standard what landing has and standard has not, and completes the accounting.
 * Returns the messages taken, or null when another process is at work on the same offsets.
 */
export async function catchUp(
  intake: Intake,
  { maxBatchBytes, releaseMemory, signal }: CatchUpOptions,
): Promise<number | null> {
  const { tables, topic, monotonic } = intake;
  const ranges = missingRanges(intake);
  const chunks = validateChunks(readMessages(tables, topic, ranges), { topic, aheadBytes: 0, monotonic });
  // A partition that standard never saw starts where landing has its first message, which may not be offset 0.
  const resume = takenIn(tables.standard, "standard", topic);
  let messages = 0;
  for await (const batch of collectBatches(chunks, { maxBytes: maxBatchBytes, resume, releaseMemory })) {
    if (await ingestIntoStandard(batch, intake) === null) return null;
    messages += batch.messages;
    if (signal.aborted) break;
  }
  await restoreBatches(tables, topic);
  return messages;
}

/** Offsets that landing has and standard has not. */
function missingRanges({ tables, topic }: Intake): readonly OffsetRange[] {
  const standard = takenIn(tables.standard, "standard", topic);
  const landed = [...takenIn(tables.landing, "landing", topic)];
  return landed.map(([partition, to]) => ({ partition, from: standard.get(partition) ?? 0, to }))
    .filter(({ from, to }) => from < to);
}
