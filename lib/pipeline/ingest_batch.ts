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
import { countsTag } from "../tables/counts.ts";
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
  readonly monotonic: () => number;
}

/** The accounting of a batch that is in, or null when another process has taken its offsets in. */
export type BatchOutcome = readonly BatchRecord[] | null;

/** Takes a batch that starts where landing ends into all tables. */
export async function ingestBatch(batch: Batch, intake: Intake): Promise<BatchOutcome> {
  const { tables, topic, monotonic } = intake;
  const started = monotonic();
  if (!await quarantine(batch, intake)) return null;
  const quarantined = monotonic();
  if (!isNext(tables.landing, "landing", { topic, ranges: batch.ranges })) return null;
  const outcome = await appendMessages(
    tables.landing,
    batch.chunks,
    transactionsOf("landing", topic, batch.ranges),
  );
  if (outcome.status === "conflict") return null;
  const landed = monotonic();
  return await ingestIntoStandard(batch, intake, {
    quarantine: (quarantined - started) / 1000,
    landing: (landed - quarantined) / 1000,
  });
}

/** Takes a batch that landing already has into standard, and notes its accounting. */
export async function ingestIntoStandard(
  batch: Batch,
  intake: Intake,
  seconds: Pick<StageSeconds, "quarantine" | "landing"> = { quarantine: 0, landing: 0 },
): Promise<BatchOutcome> {
  const { tables, index, topic, monotonic } = intake;
  const started = monotonic();
  let records: readonly BatchRecord[] = [];
  const describeCommit = (counts: ReadonlyMap<number, MergeCounts>) => {
    records = recordsOf(batch, counts, {
      intake,
      seconds: { ...seconds, standard: (monotonic() - started) / 1000 },
    });
    return recordsMetric(records);
  };
  const outcome = await mergeTrains(batch.chunks, {
    table: tables.standard,
    index,
    describeRows: (rows) => countsTag(countStandardRows(rows)),
    transactions: transactionsOf("standard", topic, batch.ranges),
    isNext: () => isNext(tables.standard, "standard", { topic, ranges: batch.ranges }),
    describeCommit,
  });
  if (outcome.status === "conflict") return null;
  await recordBatches(tables, records, outcome.version);
  return records;
}

/** False when another process was faster. Without a rejection there is nothing to commit. */
async function quarantine({ chunks, ranges }: Batch, { tables, topic }: Intake): Promise<boolean> {
  const taken = takenIn(tables.quarantine, "quarantine", topic);
  const isNew = ({ partition, offset }: Rejection) => offset >= (taken.get(partition) ?? 0);
  const rejections = chunks.flatMap((chunk) => chunk.rejections).filter(isNew);
  if (rejections.length === 0) return true;
  // After a crash quarantine may be ahead of a smaller batch; it must not be set back.
  const ahead = ranges.filter(({ partition, to }) => to > (taken.get(partition) ?? 0));
  const counted = rejections.map(({ code, path }) => ({ reasonCode: code, jsonPath: path }));
  const outcome = await appendRejections(tables.quarantine, rejections, {
    topic,
    transactions: transactionsOf("quarantine", topic, ahead),
    tags: countsTag(countRejections(counted)),
  });
  return outcome.status === "committed";
}

function recordsOf(
  { chunks, ranges }: Batch,
  counts: ReadonlyMap<number, MergeCounts>,
  { intake: { tables, topic }, seconds }: {
    readonly intake: Intake;
    readonly seconds: Omit<StageSeconds, "judge">;
  },
): readonly BatchRecord[] {
  const judge = chunks.reduce((sum, chunk) => sum + chunk.seconds, 0);
  return ranges.map(({ partition, from, to }) => {
    const mine = chunks.filter((chunk) => chunk.partition === partition);
    const sum = (count: (chunk: typeof mine[number]) => number) =>
      mine.reduce((total, chunk) => total + count(chunk), 0);
    return {
      topic,
      partition,
      offsetFrom: from,
      offsetTo: to,
      landed: sum((chunk) => chunk.messages),
      quarantined: sum((chunk) => chunk.rejections.length),
      sizeBytes: sum((chunk) => chunk.sizeBytes),
      ...(counts.get(partition) ??
        { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rowsAdded: 0, rowsRemoved: 0 }),
      drift: mergeDrift(mine.map((chunk) => chunk.drift)),
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
