/** The commits of a release that follow the one of the standard table, by whichever process comes to make them. */
import type { Add } from "../../delta/mod.ts";
import { releaseRejections } from "../../landing/release_rejections.ts";
import { recordRelease } from "../../quality/record_batches.ts";
import { QUARANTINE_COUNTER } from "../../quality/rejection_counter.ts";
import { rowsTag } from "../../tables/count_tags.ts";
import type { Lake } from "../../tables/lake.ts";
import { releaseNumber } from "../../tables/release_mark.ts";
import { type Release, releaseOfMetrics } from "../../tables/release_record.ts";
import type { TopicTable } from "../../tables/topic_table.ts";

type ReleaseTables = Pick<Lake, "standard" | "quarantine" | "batches">;

/**
 * Completes the last release, if a crash left it, or another process is about to: after that its messages are in
 * standard, not in quarantine, and counted.
 *
 * @throws {Error} when the log of the standard table no longer says which messages they are
 */
export async function completeRelease(tables: ReleaseTables): Promise<void> {
  const { standard, quarantine, batches } = tables;
  const number = releaseNumber(standard);
  if ([quarantine, batches].every((table) => releaseNumber(table) >= number)) return;
  const { release, version } = await findRelease(standard, number);
  await finishRelease(tables, release, version);
}

/** Takes the messages out of quarantine and records their counts; returns the files with what stays of theirs. */
export async function finishRelease(
  { quarantine, batches }: ReleaseTables,
  release: Release,
  standardVersion: number,
): Promise<readonly Add[]> {
  const rest = await releaseRejections(quarantine, release, { tagsOf: rowsTag(QUARANTINE_COUNTER) });
  await recordRelease({ batches }, release, standardVersion);
  return rest;
}

async function findRelease(
  { delta, topic }: TopicTable,
  number: bigint,
): Promise<{ readonly release: Release; readonly version: number }> {
  for (const { version, commitInfo } of await delta.history({ limit: Infinity })) {
    const release = releaseOfMetrics(commitInfo.operationMetrics);
    if (release?.topic === topic && release.number === number) return { release, version };
  }
  throw new Error(
    `Cannot complete release ${number} of quarantine: found no word of it in the log of ` +
      `"${delta.store.label}", expected the commit that made it`,
  );
}
