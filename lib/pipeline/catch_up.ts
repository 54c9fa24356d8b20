/** Finishes what a crash, or another process, left between two commits: first standard, then its accounting. */
import { collectBatches } from "../validate/collect_batches.ts";
import { judgeSlices } from "../validate/validate_chunks.ts";
import { readMessages } from "../landing/read_messages.ts";
import { restoreBatches } from "../quality/record_batches.ts";
import { type OffsetRange, takenIn } from "../tables/offset_progress.ts";
import { type Intake, takeIntoStandard } from "./ingest_batch.ts";

/** Options of {@linkcode healTables}. */
export interface HealOptions {
  readonly maxBatchBytes: number;
  readonly settle: () => Promise<void>;
  readonly signal: AbortSignal;
}

/**
 * Takes into standard what landing has and standard has not, and completes the accounting.
 * Returns the messages taken, or null when another process is at work on the same offsets.
 */
export async function healTables(
  intake: Intake,
  { maxBatchBytes, settle, signal }: HealOptions,
): Promise<number | null> {
  const { tables, topic, now } = intake;
  const ranges = missingRanges(intake);
  const slices = judgeSlices(readMessages(tables, topic, ranges), { topic, aheadBytes: 0, now });
  // A partition that standard never saw starts where landing has its first message, which may not be offset 0.
  const resume = takenIn(tables.standard, "standard", topic);
  let messages = 0;
  for await (const batch of collectBatches(slices, { maxBytes: maxBatchBytes, resume, settle })) {
    if (await takeIntoStandard(batch, intake) === null) return null;
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
