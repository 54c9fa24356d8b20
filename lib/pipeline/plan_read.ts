/** Where to read each partition of the topic, so that landing continues exactly where it ends. Pure. */
import type { PartitionOffsets, ReadRange } from "../broker/broker.ts";
import { OtherLogError } from "../errors.ts";
import { OTHER_LOG_ADVICE } from "./check_log.ts";

/** What a run has to read. */
export interface ReadPlan {
  readonly ranges: readonly ReadRange[];
  /** Where landing ends per partition: the start of the first batch. */
  readonly resume: ReadonlyMap<number, bigint>;
  /** Up to where this run ingests each partition: the log's end. */
  readonly ends: ReadonlyMap<number, bigint>;
  /** Offsets per partition that the broker's retention deleted before they were landed. */
  readonly expired: ReadonlyMap<number, bigint>;
  /** Offsets that can still be read; not each of them holds a message. */
  readonly waiting: number;
  /** The first offset of partitions that landing sees for the first time. */
  readonly starts: ReadonlyMap<number, bigint>;
}

/** What to check the broker's offsets against. */
export interface PlanOptions {
  /** The next offset that landing needs, per partition. */
  readonly landed: ReadonlyMap<number, bigint>;
  /** Whether landing has noted where the partitions of the topic began. */
  readonly isNoted: boolean;
  readonly topic: string;
  readonly brokerLabel: string;
}

/**
 * Plans the read of everything between landing's end and the log's end.
 *
 * @throws {OtherLogError} when landing is ahead of the broker: it is another broker, or an emptied one
 */
export function planRead(offsets: readonly PartitionOffsets[], options: PlanOptions): ReadPlan {
  const { landed, isNoted } = options;
  const resume = new Map<number, bigint>();
  const starts = new Map<number, bigint>();
  for (const [partition, next] of landed) {
    const isThere = next === 0n || offsets.some((each) => each.partition === partition);
    if (!isThere) throw otherBroker(options, partition, { next, end: 0n });
  }
  for (const { partition, earliest, end } of offsets) {
    // A partition that was added to a known log began at 0, whatever retention has deleted since.
    const next = landed.get(partition) ?? (isNoted ? 0n : earliest);
    if (next > end) throw otherBroker(options, partition, { next, end });
    if (!landed.has(partition)) starts.set(partition, next);
    resume.set(partition, next);
  }
  const spans = offsets.map(({ partition, earliest, end }) => {
    const next = resume.get(partition) ?? earliest;
    return { partition, next, from: next < earliest ? earliest : next, to: end };
  });
  const ranges = spans.filter(({ from, to }) => from < to).map(({ partition, from, to }) => ({
    partition,
    from,
    to,
  }));
  return {
    ranges,
    resume,
    ends: new Map(spans.map(({ partition, to }) => [partition, to])),
    expired: new Map(
      spans.filter(({ next, from }) => next < from).map((
        { partition, next, from },
      ) => [partition, from - next]),
    ),
    waiting: ranges.reduce((sum, { from, to }) => sum + Number(to - from), 0),
    starts,
  };
}

function otherBroker(
  { topic, brokerLabel }: PlanOptions,
  partition: number,
  { next, end }: { readonly next: bigint; readonly end: bigint },
): OtherLogError {
  return new OtherLogError(
    `Cannot resume topic "${topic}" partition ${partition} from ${brokerLabel}: the tables are at offset ${next}, ` +
      `the log ends at ${end}, expected the log that filled these tables; ${OTHER_LOG_ADVICE}`,
  );
}
