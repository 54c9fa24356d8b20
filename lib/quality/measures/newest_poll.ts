/** When the newest messages that the standard table has were fetched, without reading a file. */
import { type Add, columnBounds } from "../../delta/mod.ts";
import { fingerprintsOf } from "../../tables/fingerprint_tag.ts";
import type { TopicTable } from "../../tables/topic_table.ts";

/** The tables of one topic. */
export interface PolledTables {
  readonly landing: TopicTable;
  readonly standard: TopicTable;
}

/**
 * Milliseconds since 1970 UTC, from the statistics of landing's files; null when none says it. What landing alone has
 * is left out, so that a batch is counted alike whoever takes it into standard, and when.
 */
export function newestPoll({ landing, standard }: PolledTables): number | null {
  const next = standard.nextOffsets();
  const { snapshot } = landing.delta;
  const boundsOf = columnBounds(["fetchedAt"], snapshot);
  const isMerged = (add: Add) => {
    const messages = fingerprintsOf(add, landing.topic);
    return messages.length > 0 &&
      messages.every(({ partition, offset }) => offset < (next.get(partition) ?? 0n));
  };
  const files = [...snapshot.files.values()].flatMap((add) => {
    const { upper } = boundsOf(add);
    return typeof upper === "bigint" ? [{ add, timeMs: Number(upper / 1000n) }] : [];
  });
  return files.sort((a, b) => b.timeMs - a.timeMs).find(({ add }) => isMerged(add))?.timeMs ?? null;
}
