/** Ingests all that waits: what a crash left between two tables, then what is new, again while others are faster. */
import { updateLake } from "../../tables/lake.ts";
import { catchUp } from "../catch_up.ts";
import { type IngestListeners, ingestTopic } from "../ingest_topic.ts";
import type { ProcessRun } from "../process_run.ts";

/** How it ended, and the messages of an earlier run that were merged. */
export interface IngestedAll {
  /** "overtaken" only when it was stopped then. */
  readonly outcome: "done" | "overtaken" | "no topic";
  readonly caughtUp: number;
}

/** How often a run starts again from the tables before it gives up on what is always faster. */
const ATTEMPT_LIMIT = 100;

/**
 * Ingests up to the end that the log has by then, or until the signal.
 *
 * @throws {BrokerError} when the log is not the one of these tables, or has vanished
 * @throws {Error} when other processes were faster without end
 */
export async function ingestAll(run: ProcessRun, listeners: IngestListeners): Promise<IngestedAll> {
  const { analysis, lake, surroundings: { signal } } = run;
  let caughtUp = 0;
  const ingest = async () => {
    const messages = await catchUp(run);
    if (messages === "overtaken") return messages;
    caughtUp += messages;
    return await ingestTopic(run, listeners);
  };
  let outcome: IngestedAll["outcome"] = "done";
  for (let attempt = 1; !signal.aborted && (outcome = await ingest()) === "overtaken"; attempt++) {
    if (attempt === ATTEMPT_LIMIT) throw alwaysOvertaken(run);
    await analysis.finish();
    await updateLake(lake);
  }
  return { outcome, caughtUp };
}

function alwaysOvertaken({ lake: { standard, topic } }: ProcessRun): Error {
  return new Error(
    `Cannot ingest "${topic}" into "${standard.delta.store.label}": found that another process, or the broker's ` +
      `retention, was faster ${ATTEMPT_LIMIT} times, expected to come first once`,
  );
}
