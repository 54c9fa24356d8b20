/**
 * Messages leave quarantine in numbered releases, one after another. Each takes three commits: the standard table gets
 * the rows and says which messages they are, quarantine loses these, batches records the counts. Each commit carries
 * the number of its release, so that whoever comes next sees how far one came that was killed.
 */
import type { SetTransaction, Snapshot } from "../delta/mod.ts";
import type { TopicTable } from "./topic_table.ts";

/** The last release that the table has a part in; 0 before the first. */
export function releaseNumber(table: TopicTable, snapshot: Snapshot = table.delta.snapshot): bigint {
  return snapshot.txns.get(appIdOf(table))?.version ?? 0n;
}

/** The action that goes with a release's commit. */
export function releaseAction(table: TopicTable, number: bigint): SetTransaction {
  return { appId: appIdOf(table), version: number };
}

function appIdOf({ name, topic }: TopicTable): string {
  return `${name}.release/${topic}`;
}
