/** Looks through messages that landing has for what no row of the standard table tells of trains, where no run has done so in passing. */
import { readMessages } from "../../landing/read_messages.ts";
import type { Lake } from "../../tables/lake.ts";
import type { OffsetRange } from "../../tables/topic_table.ts";
import { validateChunks } from "../../validate/validate_chunks.ts";
import { keepRejected } from "../../landing/keep_rejected.ts";
import type { AnalysisWork } from "./analysis_work.ts";

/** What it reads, and how. */
export interface SeeOptions {
  readonly lake: Pick<Lake, "landing" | "quarantine" | "topic">;
  /** Called between chunks. */
  readonly releaseMemory: () => Promise<void>;
  /** Ends it after the chunk at hand. */
  readonly signal: AbortSignal;
}

/** The messages that are trains and not in quarantine, as a run that catches up takes them; false when it was stopped. */
export async function seeLanded(
  ranges: readonly OffsetRange[],
  work: Pick<AnalysisWork, "see">,
  { lake, releaseMemory, signal }: SeeOptions,
): Promise<boolean> {
  const { topic, quarantine } = lake;
  const chunks = validateChunks(readMessages(lake, ranges), { topic, aheadBytes: 0, monotonic: () => 0 });
  for await (const chunk of keepRejected(chunks, quarantine, ranges)) {
    work.see([chunk], []);
    if (signal.aborted) return false;
    await releaseMemory();
  }
  work.see([], ranges);
  return true;
}
