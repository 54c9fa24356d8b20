/** Compares a log with messages that it must have: is it the one they were read from? */
import type { Broker, LogRecord, PartitionOffsets, ReadRange } from "../broker/broker.ts";
import { OffsetOutOfRangeError } from "../errors.ts";
import { type Fingerprint, hashValue, withinCalendar } from "../tables/fingerprint.ts";

/** Tables keep microseconds, which far from today are not exact; a log that was made anew is off by more. */
const TIME_TOLERANCE_MS = 1000;

/** A log as it stands. */
export interface ComparedLog {
  readonly broker: Broker;
  readonly topic: string;
  readonly offsets: readonly PartitionOffsets[];
}

/** What a log turned out to be. */
export type LogComparison =
  | { readonly outcome: "same" }
  /** It has none of these offsets any more, or there is nothing to compare it with. */
  | { readonly outcome: "unknown" }
  | {
    readonly outcome: "other";
    readonly expected: Fingerprint;
    /** What stands there instead; null for nothing. */
    readonly found: LogRecord | null;
  };

/**
 * Looks the messages up in the log. One with another content makes it another log. So does one that is not there,
 * unless others are: compaction removes single messages of a log that is the same. Offsets that retention takes
 * meanwhile are no longer compared.
 */
export async function compareLog(
  log: ComparedLog,
  fingerprints: readonly Fingerprint[],
): Promise<LogComparison> {
  try {
    return await lookUp(log, fingerprints);
  } catch (error) {
    if (!(error instanceof OffsetOutOfRangeError)) throw error;
    const offsets = await log.broker.topicOffsets(log.topic);
    // A log that has not moved would say the same for ever.
    if (!hasMoved(log.offsets, offsets)) throw error;
    return await compareLog({ ...log, offsets }, fingerprints);
  }
}

async function lookUp(log: ComparedLog, fingerprints: readonly Fingerprint[]): Promise<LogComparison> {
  const within = fingerprints.filter((each) => isWithin(each, log.offsets));
  let missing: Fingerprint | undefined;
  let matches = 0;
  for (const round of rounds(within)) {
    const records = await readRecords(log, round);
    for (const expected of round) {
      const found = records.get(expected.partition);
      if (found === undefined) missing ??= expected;
      else if (await isSame(expected, found)) matches++;
      else return { outcome: "other", expected, found };
    }
  }
  if (matches > 0) return { outcome: "same" };
  return missing === undefined
    ? { outcome: "unknown" }
    : { outcome: "other", expected: missing, found: null };
}

function hasMoved(before: readonly PartitionOffsets[], after: readonly PartitionOffsets[]): boolean {
  return before.some(({ partition, earliest, end }) => {
    const now = after.find((each) => each.partition === partition);
    return now?.earliest !== earliest || now.end !== end;
  });
}

/** One message of each partition to know this log by later, from its middle: the oldest expire first. */
export async function takeFingerprints(
  { broker, topic }: Pick<ComparedLog, "broker" | "topic">,
): Promise<readonly Fingerprint[]> {
  const offsets = await broker.topicOffsets(topic);
  const ranges = offsets.map(({ partition, earliest, end }) => ({
    partition,
    from: earliest + (end - earliest) / 2n,
    to: end,
  }));
  return await firstFingerprints({ broker, topic }, ranges);
}

/** Those of the first message of each range; a range without one has none. */
export async function firstFingerprints(
  { broker, topic }: Pick<ComparedLog, "broker" | "topic">,
  ranges: readonly ReadRange[],
): Promise<readonly Fingerprint[]> {
  const taken: Fingerprint[] = [];
  for (const range of ranges) {
    const { partition } = range;
    for await (const { records: [record] } of broker.read(topic, [range], { maxChunkBytes: 1 })) {
      if (record === undefined) continue;
      const { offset, timestampMs, value } = record;
      taken.push({
        partition,
        offset,
        timestampMs: withinCalendar(timestampMs),
        hash: await hashValue(value),
      });
      break;
    }
  }
  return taken;
}

function isWithin({ partition, offset }: Fingerprint, offsets: readonly PartitionOffsets[]): boolean {
  const log = offsets.find((candidate) => candidate.partition === partition);
  return log !== undefined && log.earliest <= offset && offset < log.end;
}

/** One message per partition each, as a read takes one range of a partition. */
function rounds(fingerprints: readonly Fingerprint[]): readonly (readonly Fingerprint[])[] {
  const groups = [...Map.groupBy(fingerprints, ({ partition }) => partition).values()];
  const most = groups.reduce((longest, group) => Math.max(longest, group.length), 0);
  return Array.from({ length: most }, (_, round) => groups.flatMap((group) => group[round] ?? []));
}

async function readRecords(
  { broker, topic }: ComparedLog,
  fingerprints: readonly Fingerprint[],
): Promise<ReadonlyMap<number, LogRecord>> {
  const ranges = fingerprints.map(({ partition, offset }): ReadRange => ({
    partition,
    from: offset,
    to: offset + 1n,
  }));
  const records = new Map<number, LogRecord>();
  for await (const chunk of broker.read(topic, ranges, { maxChunkBytes: 1 })) {
    for (const record of chunk.records) records.set(chunk.partition, record);
  }
  return records;
}

async function isSame(
  { timestampMs, hash }: Fingerprint,
  { timestampMs: foundMs, value }: LogRecord,
): Promise<boolean> {
  const isSameTime = Math.abs(withinCalendar(foundMs) - timestampMs) < TIME_TOLERANCE_MS;
  return isSameTime && (hash === null || hash === await hashValue(value));
}
