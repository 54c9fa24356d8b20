/**
 * The pipeline as a reader would explain it, for tests to compare with: messages in, expected tables and account out.
 * Slow, in memory, one message after the other; it knows nothing of batches, chunks, files, crashes or Arrow.
 */
import { createHash } from "node:crypto";

/** One message as the generator made it: it says itself what it is, so that nothing here has to validate. */
export interface NaiveMessage {
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly key: string | null;
  readonly value: Uint8Array | null;
  /** How often the source had been set up anew. */
  readonly sourceEpoch: number;
  /** The train that it is, or why it is none. */
  readonly meaning: { readonly train: NaiveTrain } | { readonly reason: string; readonly missing?: string };
}

// deno-lint-ignore no-explicit-any -- JSON as it comes
export type NaiveTrain = any;
type Row = Readonly<Record<string, unknown>>;

const NO_COUNTS = {
  offsets: 0,
  landed: 0,
  expired: 0,
  gaps: 0,
  accepted: 0,
  duplicate: 0,
  stale: 0,
  conflict: 0,
  quarantined: 0,
  sizeBytes: 0,
};

/** What became of offsets, and the bytes of their messages. */
export type NaiveCounts = typeof NO_COUNTS;

/** What is expected after all messages. */
export class NaivePipeline {
  readonly landing: Row[] = [];
  readonly quarantine: Row[] = [];
  /** What became of the offsets of each partition. */
  readonly partitions: NaiveCounts[] = [];
  /** Columns that quarantined messages had no value for. */
  readonly missing = new Map<string, number>();
  /** Why messages are in quarantine. */
  readonly reasons = new Map<string, number>();
  /** Fields of trains that nobody knows, by JSON path. */
  readonly drift = new Map<string, number>();
  newestMs = -Infinity;
  readonly #trains = new Map<string, NaiveMessage & { readonly meaning: { readonly train: NaiveTrain } }>();

  constructor(readonly topic: string) {}

  /** An offset without a message: nobody knows what it was ("expired"), or it was none ("gaps"). */
  skip(partition: number, why: "expired" | "gaps"): void {
    const counts = this.countsOf(partition);
    counts.offsets++;
    counts[why]++;
  }

  ingest(message: NaiveMessage): void {
    const counts = this.countsOf(message.partition);
    counts.offsets++;
    counts.landed++;
    counts.sizeBytes += message.value?.length ?? 0;
    this.newestMs = Math.max(this.newestMs, message.timestampMs);
    this.landing.push({ jsonValue: textOf(message.value), ...this.#place(message) });
    if ("reason" in message.meaning) {
      const { missing, reason } = message.meaning;
      if (missing !== undefined) count(this.missing, missing);
      count(this.reasons, reason);
      counts.quarantined++;
      this.quarantine.push({ rawValue: message.value, reasonCode: reason, ...this.#place(message) });
      return;
    }
    const { train } = message.meaning;
    // The one field that the tests add.
    if ("extra" in train) count(this.drift, "$.extra");
    const id = `${train.departureDate}/${train.trainNumber}`;
    const held = this.#trains.get(id);
    const mine = rankOf(message.sourceEpoch, train),
      theirs = held && rankOf(held.sourceEpoch, held.meaning.train);
    if (theirs !== undefined && theirs > mine) return void counts.stale++;
    if (held !== undefined && theirs === mine) {
      if (textOf(held.value) === textOf(message.value)) return void counts.duplicate++;
      counts.conflict++;
    }
    counts.accepted++;
    this.#trains.set(id, { ...message, meaning: { train } });
  }

  countsOf(partition: number): NaiveCounts {
    return this.partitions[partition] ??= { ...NO_COUNTS };
  }

  /** What became of all offsets. */
  get counts(): NaiveCounts {
    const sums = { ...NO_COUNTS };
    for (const counts of this.partitions) {
      for (const name of Object.keys(sums) as (keyof NaiveCounts)[]) sums[name] += counts?.[name] ?? 0;
    }
    return sums;
  }

  /** The rows of the newest version of each train. */
  get standard(): readonly Row[] {
    return [...this.#trains.values()].flatMap((message) =>
      message.meaning.train.timeTableRows.map((row: NaiveTrain, index: number) =>
        standardRow(message, row, index)
      )
    );
  }

  #place({ partition, offset, timestampMs, key, sourceEpoch }: NaiveMessage): Row {
    return {
      kafkaTopic: this.topic,
      kafkaPartition: partition,
      kafkaOffset: offset,
      kafkaMessageTimestamp: BigInt(timestampMs) * 1000n,
      messageKey: key,
      sourceEpoch: sourceEpoch || null,
    };
  }
}

/** A number that rises with the epoch, and within one with the version. */
function rankOf(sourceEpoch: number, { version }: NaiveTrain): bigint {
  return BigInt(sourceEpoch) * 2n ** 64n + BigInt(version);
}

function standardRow(
  { partition, offset, timestampMs, value, sourceEpoch, meaning: { train } }: NaiveMessage & {
    readonly meaning: { readonly train: NaiveTrain };
  },
  row: NaiveTrain,
  rowNumber: number,
): Row {
  const digest = createHash("sha1").update(value ?? new Uint8Array()).digest();
  const travel = `${train.trainNumber}_${row.stationShortCode}_${row.scheduledTime}_${row.type}`;
  return {
    ...pick(train, ["operatorShortCode", "trainType", "trainCategory", "commuterLineID", "runningCurrently"]),
    ...pick(train, ["departureDate", "timetableType", "timetableAcceptanceDate"]),
    ...pick(row, [
      "stationShortCode",
      "countryCode",
      "type",
      "trainStopping",
      "commercialStop",
      "commercialTrack",
    ]),
    ...pick(row, ["cancelled", "estimateSource", "unknownDelay", "unknownTrack", "stopSector"]),
    trainNumber: long(train.trainNumber),
    operatorUICCode: long(train.operatorUICCode),
    trainCancelled: train.cancelled ?? null,
    trainDeleted: train.deleted ?? null,
    version: long(train.version),
    stationUICCode: long(row.stationUICCode),
    scheduledTime: micros(row.scheduledTime),
    liveEstimateTime: micros(row.liveEstimateTime),
    actualTime: micros(row.actualTime),
    differenceInMinutes: long(row.differenceInMinutes),
    causes: row.causes?.map((cause: NaiveTrain) => ({
      ...pick(cause, ["categoryCode", "detailedCategoryCode", "thirdCategoryCode"]),
      categoryCodeId: long(cause.categoryCodeId),
      detailedCategoryCodeId: long(cause.detailedCategoryCodeId),
      thirdCategoryCodeId: long(cause.thirdCategoryCodeId),
    })) ?? null,
    trainReady: row.trainReady ? pick(row.trainReady, ["source", "accepted", "timestamp"]) : null,
    trainTravelId: createHash("sha1").update(travel).digest("hex"),
    rowNumber,
    contentHash: digest.readBigInt64LE(0),
    kafkaPartition: partition,
    kafkaOffset: offset,
    kafkaMessageTimestamp: BigInt(timestampMs) * 1000n,
    sourceEpoch: sourceEpoch || null,
  };
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function pick(object: NaiveTrain, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, object[name] ?? null]));
}

function long(value: number | null | undefined): bigint | null {
  return value === null || value === undefined ? null : BigInt(value);
}

function micros(text: string | null | undefined): bigint | null {
  return text === null || text === undefined || text === "" ? null : BigInt(Date.parse(text)) * 1000n;
}

function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
