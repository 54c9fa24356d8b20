/** One batch through the tables: quarantine, landing, standard, batches, in this order, one commit each. */
import type { Batch } from "../validate/collect_batches.ts";
import type { Rejection } from "../validate/rejection.ts";
import { addDrift } from "../validate/schema_drift.ts";
import { appendMessages } from "../landing/append_messages.ts";
import type { PipelineTables } from "../tables/lake.ts";
import { type BatchRecord, recordsMetric, type StageSeconds } from "../tables/batch_record.ts";
import { countRejections } from "../quality/count_rejections.ts";
import { countStandardRows } from "../quality/count_standard_rows.ts";
import { recordBatches } from "../quality/record_batches.ts";
import { tallyTag } from "../tables/counts.ts";
import { appendRejections } from "../landing/append_rejections.ts";
import { mergeTrains } from "../standard/merge_trains.ts";
import type { MergeCounts } from "../standard/plan_merge.ts";
import type { TrainIndex } from "../standard/train_index.ts";
import { isNext, takenIn, transactionsOf } from "../tables/offset_progress.ts";

/** What a batch needs on its way. */
export interface Intake {
  readonly tables: PipelineTables;
  readonly index: TrainIndex;
  readonly topic: string;
  /** Milliseconds of a clock that never goes back, for the timings. */
  readonly now: () => number;
}

/** The accounting of a batch that is in, or null when another process has taken its offsets in. */
export type BatchOutcome = readonly BatchRecord[] | null;

/** Takes a batch that starts where landing ends into all tables. */
export async function takeBatch(batch: Batch, intake: Intake): Promise<BatchOutcome> {
  const { tables, topic, now } = intake;
  const started = now();
  if (!await quarantine(batch, intake)) return null;
  const quarantined = now();
  if (!isNext(tables.landing, "landing", { topic, ranges: batch.ranges })) return null;
  const outcome = await appendMessages(
    tables.landing,
    batch.slices,
    transactionsOf("landing", topic, batch.ranges),
  );
  if (outcome.status === "conflict") return null;
  const landed = now();
  return await takeIntoStandard(batch, intake, {
    quarantine: (quarantined - started) / 1000,
    landing: (landed - quarantined) / 1000,
  });
}

/** Takes a batch that landing already has into standard, and notes its accounting. */
export async function takeIntoStandard(
  batch: Batch,
  intake: Intake,
  seconds: Pick<StageSeconds, "quarantine" | "landing"> = { quarantine: 0, landing: 0 },
): Promise<BatchOutcome> {
  const { tables, index, topic, now } = intake;
  const started = now();
  let records: readonly BatchRecord[] = [];
  const describeCommit = (counts: ReadonlyMap<number, MergeCounts>) => {
    records = recordsOf(batch, counts, {
      intake,
      seconds: { ...seconds, standard: (now() - started) / 1000 },
    });
    return recordsMetric(records);
  };
  const outcome = await mergeTrains(batch.slices, {
    table: tables.standard,
    index,
    describeRows: (rows) => tallyTag(countStandardRows(rows)),
    transactions: transactionsOf("standard", topic, batch.ranges),
    isNext: () => isNext(tables.standard, "standard", { topic, ranges: batch.ranges }),
    describeCommit,
  });
  if (outcome.status === "conflict") return null;
  await recordBatches(tables, records, outcome.version);
  return records;
}

/** False when another process was faster. Without a rejection there is nothing to commit. */
async function quarantine({ slices, ranges }: Batch, { tables, topic }: Intake): Promise<boolean> {
  const taken = takenIn(tables.quarantine, "quarantine", topic);
  const isNew = ({ partition, offset }: Rejection) => offset >= (taken.get(partition) ?? 0);
  const rejections = slices.flatMap((slice) => slice.rejections).filter(isNew);
  if (rejections.length === 0) return true;
  // After a crash quarantine may be ahead of a smaller batch; it must not be set back.
  const ahead = ranges.filter(({ partition, to }) => to > (taken.get(partition) ?? 0));
  const counted = rejections.map(({ code, path }) => ({ reasonCode: code, jsonPath: path }));
  const outcome = await appendRejections(tables.quarantine, rejections, {
    topic,
    transactions: transactionsOf("quarantine", topic, ahead),
    tags: tallyTag(countRejections(counted)),
  });
  return outcome.status === "committed";
}

function recordsOf(
  { slices, ranges }: Batch,
  counts: ReadonlyMap<number, MergeCounts>,
  { intake: { tables, topic }, seconds }: {
    readonly intake: Intake;
    readonly seconds: Omit<StageSeconds, "judge">;
  },
): readonly BatchRecord[] {
  const judge = slices.reduce((sum, slice) => sum + slice.seconds, 0);
  return ranges.map(({ partition, from, to }) => {
    const mine = slices.filter((slice) => slice.partition === partition);
    const sum = (count: (slice: typeof mine[number]) => number) =>
      mine.reduce((total, slice) => total + count(slice), 0);
    return {
      topic,
      partition,
      offsetFrom: from,
      offsetTo: to,
      landed: sum((slice) => slice.messages),
      quarantined: sum((slice) => slice.rejections.length),
      sizeBytes: sum((slice) => slice.sizeBytes),
      ...(counts.get(partition) ??
        { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rowsAdded: 0, rowsRemoved: 0 }),
      drift: mergeDrift(mine.map((slice) => slice.drift)),
      seconds: { judge, ...seconds },
      landingVersion: tables.landing.snapshot.version,
      quarantineVersion: tables.quarantine.snapshot.version,
    };
  });
}

function mergeDrift(counts: readonly ReadonlyMap<string, number>[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts.flatMap((drift) => [...drift])) addDrift(sums, name, count);
  return Object.fromEntries(sums);
}
