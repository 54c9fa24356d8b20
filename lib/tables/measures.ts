/**
 * What is counted of batches beside their accounting: what newer versions of trains say of older ones, and how long
 * messages take. Batch by batch in the column `measures` of `quality_zone/batches`, added up in that of a run.
 */
import { countOf, type Counts } from "./counts.ts";

/** The counts by name. Names with a dot and a number after it are bins of delays; see delay_bins.ts. */
export const MEASURES = {
  /** Messages of batches that were measured. */
  messages: "messages",
  /** Messages with a lower version than one before them, that the source wrote later and nobody had sent before. */
  backwards: "messages.backwards",
  /** Newer versions of trains that were compared with the one before, and those that take something back. */
  versions: "versions",
  revised: "versions.revised",
  /** Rows of them: actual times that went or moved, and rows that are no more in the route. */
  vanishedTimes: "actualTime.vanished",
  movedTimes: "actualTime.moved",
  vanishedRows: "rows.vanished",
  /** Estimates by minutes ahead, when the actual time is there: `estimates.6-12`, and `off.6-12` out of tolerance. */
  estimates: "estimates",
  off: "off",
  /** From an actual time to when it was first seen. */
  lag: "lag",
  /** From fetched to published, to landed, to the standard table; and all the way. */
  publishing: "publishing",
  landing: "landing",
  merging: "merging",
  whole: "whole",
  /** From one answer of the source to the next that brought something. */
  polls: "polls",
} as const;

/** All counts of both. */
export function addCounts(a: Counts, b: Counts): Counts {
  const sums: Record<string, number> = { ...a };
  for (const [name, count] of Object.entries(b)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}

/** What has come to the counts since they were as before. */
export function countsSince(now: Counts, before: Counts): Counts {
  const grown = Object.entries(now).map(([name, count]) => [name, count - countOf(before, name)] as const);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}
