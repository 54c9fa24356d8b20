/** What a run of `process` did, and how it says so. */
import { counted, grouped } from "../printable.ts";
import { checkAccount } from "../quality/account.ts";
import type { RunRecord } from "../tables/run_record.ts";

/** What a run did. */
export interface ProcessSummary {
  readonly batches: number;
  readonly messages: number;
  /** Messages that an earlier run had landed and this one merged into standard. */
  readonly caughtUp: number;
  /** "no topic": nothing is there to ingest, and nothing was recorded. */
  readonly outcome: "done" | "interrupted" | "no topic";
  /** What the run measured; null unless it is done. */
  readonly run: RunRecord | null;
}

/** What went wrong in a run that is done: the one line that says why it failed; null when nothing did. */
export function describeLoss({ run }: ProcessSummary): string | null {
  if (run === null || run.newlyExpired === 0) return null;
  return `${
    counted(run.newlyExpired, "offset")
  } expired: the broker's retention deleted messages before they were ` +
    "landed; run process more often, or raise the topic's retention. `deno task fetch --full` publishes the live " +
    "trains again, `deno task replay` recorded ones";
}

/**
 * What does not add up though the run is done: a table was changed by another program. The report fails by it; here
 * stands what can be done.
 */
export function describeImbalance({ run }: ProcessSummary): string | null {
  const broken = run === null ? [] : checkAccount(run.account).filter(({ holds }) => !holds);
  if (broken.length === 0) return null;
  const sums = broken.map(({ name, left, right }) => `${name}: ${grouped(left)} against ${grouped(right)}`);
  return `The account does not add up (${
    sums.join("; ")
  }): another program has changed a table. The standard table is ` +
    "rebuilt from landing by the next run when its folder is removed";
}

/** One line for people: what this run ingested, and what the tables hold now. */
export function describeProcess({ batches, messages, caughtUp, outcome, run }: ProcessSummary): string {
  if (outcome === "no topic") {
    return "nothing to ingest: the topic does not exist yet; `deno task fetch` or `deno task replay` creates it";
  }
  const ingested = `${counted(messages, "message")} ingested in ${counted(batches, "batch", "batches")}`;
  const earlier = caughtUp === 0 ? "" : `; ${counted(caughtUp, "message")} of an earlier run merged`;
  if (run === null) {
    return `stopped: ${ingested}${earlier}, committed; the next run goes on from there`;
  }
  const { accepted, duplicate, stale, quarantined, standardRows } = run.account;
  const numbers = [accepted, duplicate, stale, quarantined].map((count) => grouped(count));
  return `${ingested}${earlier}; in all ${numbers[0]} accepted, ${numbers[1]} duplicate, ${
    numbers[2]
  } stale, ` +
    `${numbers[3]} quarantined; ${counted(standardRows, "timetable row")}`;
}
