/** What a run of `process` did, and how it says so. */
import { counted } from "../printable.ts";
import type { RunRecord } from "../tables/run_record.ts";

/** What a run did. */
export interface ProcessSummary {
  readonly batches: number;
  readonly messages: number;
  /** Messages that an earlier run had landed and this one merged into standard. */
  readonly caughtUp: number;
  readonly interrupted: boolean;
  /** What the run measured; null when it was interrupted. */
  readonly run: RunRecord | null;
}

const NUMBER = new Intl.NumberFormat("en");

/** One line for people: what this run ingested, and what the tables hold now. */
export function describeProcess({ batches, messages, caughtUp, interrupted, run }: ProcessSummary): string {
  const ingested = `${counted(messages, "message")} ingested in ${counted(batches, "batch", "batches")}`;
  const earlier = caughtUp === 0 ? "" : `; ${counted(caughtUp, "message")} of an earlier run merged`;
  if (interrupted || run === null) {
    return `stopped: ${ingested}${earlier}, committed; the next run goes on from there`;
  }
  const { accepted, duplicate, stale, quarantined, standardRows } = run.account;
  const numbers = [accepted, duplicate, stale, quarantined].map((count) => NUMBER.format(count));
  return `${ingested}${earlier}; in all ${numbers[0]} accepted, ${numbers[1]} duplicate, ${
    numbers[2]
  } stale, ` +
    `${numbers[3]} quarantined; ${counted(standardRows, "timetable row")}`;
}
