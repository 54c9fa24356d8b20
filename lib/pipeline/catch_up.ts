/** Finishes what a crash, or another process, left between two commits: a release, then standard, then its accounting. */
import { LostRowsError } from "../errors.ts";
import { counted } from "../printable.ts";
import { readMessages } from "../landing/read_messages.ts";
import { restoreBatches } from "../quality/record_batches.ts";
import type { Lake } from "../tables/lake.ts";
import { type Batch, collectBatches } from "../validate/collect_batches.ts";
import { validateChunks } from "../validate/validate_chunks.ts";
import { completeRelease } from "./quarantine/complete_release.ts";
import { keepRejected } from "../landing/keep_rejected.ts";
import { ingestIntoStandard } from "./ingest_batch.ts";
import type { ProcessRun } from "./process_run.ts";

/**
 * Ingests into standard what landing has and standard has not, and completes the accounting.
 * Returns the messages; "overtaken" when another process is at work on the same offsets.
 *
 * @throws {LostRowsError} when landing lacks messages that it had
 */
export async function catchUp(run: ProcessRun): Promise<number | "overtaken"> {
  const { lake, limits: { maxBatchBytes }, surroundings: { monotonic, signal, releaseMemory } } = run;
  await completeRelease(lake);
  const missing = lake.standard.missingFrom(lake.landing);
  // By no policy: quarantine commits before landing, so what landing has and quarantine has not was let through by the
  // policy of the run that landed it, whatever that of today would say.
  const chunks = validateChunks(readMessages(lake, missing), { topic: lake.topic, aheadBytes: 0, monotonic });
  let messages = 0;
  const batches = collectBatches(keepRejected(chunks, lake.quarantine, missing), {
    maxBytes: maxBatchBytes,
    // A partition whose start nobody noted starts where landing has its first message.
    resume: new Map([...lake.landing.startOffsets(), ...lake.standard.nextOffsets()]),
    ends: new Map(missing.map(({ partition, to }) => [partition, to])),
    expired: new Map(missing.map(({ partition }) => [partition, openSkips(lake, partition).expired])),
    releaseMemory,
  });
  for await (const batch of batches) {
    checkLanded(batch, lake);
    if (await ingestIntoStandard(batch, run) === "overtaken") return "overtaken";
    messages += batch.messages;
    if (signal.aborted) break;
  }
  await restoreBatches(lake);
  return messages;
}

/** Offsets without a message that landing has counted and standard has not. */
function openSkips({ landing, standard }: Lake, partition: number) {
  const [landed, merged] = [landing.skippedOffsets(partition), standard.skippedOffsets(partition)];
  return { expired: landed.expired - merged.expired, gaps: landed.gaps - merged.gaps };
}

/** Rows that somebody deleted from landing must not pass for offsets that never were a message. */
function checkLanded(batch: Batch, lake: Lake): void {
  const { landing } = lake;
  for (const { partition, from, to, messages, gaps } of batch.ranges) {
    // Version 0.1.0 counted no gaps.
    const isCounted = landing.startOffsets().has(partition);
    const isExpected = isCounted
      ? gaps <= openSkips(lake, partition).gaps
      : gaps === 0n || batch.messages > 0;
    if (isExpected) continue;
    throw new LostRowsError(
      `Cannot catch up from the table "${landing.delta.store.label}": found ${
        counted(messages, "message")
      } of ` +
        `${landing.topic}/${partition}, expected offsets ${from} to ${to - 1n}`,
    );
  }
}
