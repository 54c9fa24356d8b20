/** Finishes what a crash, or another process, left between two commits: first standard, then its accounting. */
import { readMessages } from "../landing/read_messages.ts";
import { restoreBatches } from "../quality/record_batches.ts";
import { collectBatches } from "../validate/collect_batches.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import { ingestIntoStandard } from "./ingest_batch.ts";
import type { ProcessRun } from "./process_run.ts";

/**
 * Ingests into standard what landing has and standard has not, and completes the accounting.
 * Returns the messages; "overtaken" when another process is at work on the same offsets.
 */
export async function catchUp(run: ProcessRun): Promise<number | "overtaken"> {
  const { lake, limits: { maxBatchBytes }, surroundings: { monotonic, signal, releaseMemory } } = run;
  const missing = lake.standard.missingFrom(lake.landing);
  const chunks = validateChunks(readMessages(lake, missing), { topic: lake.topic, aheadBytes: 0, monotonic });
  // A partition that standard never saw starts where landing has its first message, which may not be offset 0.
  const resume = lake.standard.nextOffsets();
  let messages = 0;
  for await (const batch of collectBatches(chunks, { maxBytes: maxBatchBytes, resume, releaseMemory })) {
    if (await ingestIntoStandard(batch, run) === "overtaken") return "overtaken";
    messages += batch.messages;
    if (signal.aborted) break;
  }
  await restoreBatches(lake);
  return messages;
}
