/** Replays the quarantine of a lake, topic by topic, whichever broker they came from: it needs none. */
import { counterSource } from "../../quality/standard_counter.ts";
import { type LakeTables, openLakeTables } from "../../tables/lake_tables.ts";
import { lakeOf, openLake } from "../../tables/lake.ts";
import { otherTopics } from "../../tables/log_marks.ts";
import { TableNotFoundError } from "../../delta/mod.ts";
import { missingQuarantine, type QuarantineOptions } from "./read_quarantine.ts";
import { addReplays, type ReplayCounts, type ReplayOptions, replayQuarantine } from "./replay_quarantine.ts";

/**
 * The sum over all topics. A dry replay opens the tables for reading alone, any other adds what older versions lack.
 *
 * @throws {Error} when there are no tables yet
 */
export async function replayLake(options: QuarantineOptions, replay: ReplayOptions): Promise<ReplayCounts> {
  const { storeOf } = options;
  const tables = await openTables(options);
  const topics = otherTopics(tables.quarantine.snapshot, { name: "quarantine", topic: "" });
  const counts: ReplayCounts[] = [];
  const counter = counterSource(storeOf, options);
  for (const topic of topics) {
    const lake = replay.isDry ? lakeOf(tables, topic) : await openLake(storeOf, { ...options, topic });
    counts.push(await replayQuarantine(lake, { ...replay, counter }));
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
