/** The last word of a follower, for people. */
import { counted, grouped } from "../../printable.ts";
import type { FollowSummary } from "./follow_topic.ts";

/** One line. */
export function describeFollow(
  { batches, messages, rows, rejected, duplicates, stale, failures, lost, run }: FollowSummary,
): string {
  const parts = [
    `stopped: ${counted(messages, "message")} ingested in ${counted(batches, "batch", "batches")}`,
    `${counted(rows, "timetable row")} written`,
    `${grouped(duplicates)} duplicate, ${grouped(stale)} stale, ${grouped(rejected)} quarantined`,
  ];
  if (failures > 0) parts.push(`began again after ${counted(failures, "failure")}`);
  if (lost > 0) parts.push(`${counted(lost, "offset")} expired before they were landed`);
  if (run === null) parts.push("no run was recorded");
  return `${parts.join("; ")}; the next process goes on from there`;
}
