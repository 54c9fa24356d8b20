import type { RunRecord } from "../tables/run_record.ts";

/** What a run did. */
export interface ProcessSummary {
  readonly batches: number;
  readonly messages: number;
  /** Messages that an earlier run had landed and this one took into standard. */
  readonly caughtUp: number;
  readonly interrupted: boolean;
  /** What the run measured; null when it was interrupted. */
  readonly run: RunRecord | null;
}

const NUMBER = new Intl.NumberFormat("en");

/** One line for people: what this run took in, and what the tables hold now. */
export function describeProcess({ batches, messages, caughtUp, interrupted, run }: ProcessSummary): string {
  const taken = `${NUMBER.format(messages)} messages taken in by ${NUMBER.format(batches)} batches`;
  const earlier = caughtUp === 0
    ? ""
    : `; ${NUMBER.format(caughtUp)} that an earlier run had landed were merged`;
  if (interrupted || run === null) {
    return `stopped: ${taken}${earlier}, committed; the next run goes on from there`;
  }
  const { accepted, duplicate, stale, quarantined, standardRows } = run.account;
  return `${taken}${earlier}; in all ${NUMBER.format(accepted)} accepted, ${
    NUMBER.format(duplicate)
  } duplicate, ` +
    `${NUMBER.format(stale)} stale, ${NUMBER.format(quarantined)} quarantined; ${
      NUMBER.format(standardRows)
    } timetable rows`;
}
