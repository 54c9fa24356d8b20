/** Replays the quarantine of a lake, topic by topic, whichever broker they came from: it needs none. */
import { counterSource } from "../../quality/standard_counter.ts";
import { type LakeTables, openLakeTables } from "../../tables/lake_tables.ts";
import { lakeOf, openLake } from "../../tables/lake.ts";
import { otherTopics } from "../../tables/log_marks.ts";
import { TableNotFoundError } from "../../delta/mod.ts";
import { policyInUse, refusalOf } from "../report/policy_in_use.ts";
import type { PolicySource } from "../report/read_limits.ts";
import { missingQuarantine, type QuarantineOptions } from "./read_quarantine.ts";
import { addReplays, type ReplayCounts, type ReplayOptions, replayQuarantine } from "./replay_quarantine.ts";

/** What is replayed, and by which policy. */
export interface ReplayLakeOptions extends Omit<ReplayOptions, "refusal" | "counter"> {
  /** Says what is still kept out for its schema. */
  readonly policyFile?: PolicySource | undefined;
}

/**
 * The sum over all topics. A dry replay opens the tables for reading alone, any other adds what older versions lack.
 *
 * @throws {Error} when there are no tables yet, or the policy file may keep messages out and cannot be used
 */
export async function replayLake(
  options: QuarantineOptions,
  { policyFile, ...replay }: ReplayLakeOptions,
): Promise<ReplayCounts> {
  const { storeOf } = options;
  const tables = await openTables(options);
  const topics = otherTopics(tables.quarantine.snapshot, { name: "quarantine", topic: "" });
  const counts: ReplayCounts[] = [];
  const counter = counterSource(storeOf, options);
  const refusal = refusalOf(await policyInUse(policyFile));
  for (const topic of topics) {
    const lake = replay.isDry ? lakeOf(tables, topic) : await openLake(storeOf, { ...options, topic });
    counts.push(await replayQuarantine(lake, { ...replay, counter, refusal }));
  }
  return addReplays(counts);
}

async function openTables(options: QuarantineOptions): Promise<LakeTables> {
  try {
    return await openLakeTables(options.storeOf, options);
  } catch (cause) {
    if (cause instanceof TableNotFoundError) throw missingQuarantine(options, cause);
    throw cause;
  }
}
