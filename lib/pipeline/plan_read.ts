/** Where to read each partition of the topic, so that landing continues exactly where it ends. Pure. */
import type { PartitionOffsets, ReadRange } from "../broker/broker.ts";
import { BrokerError } from "../errors.ts";

/** What a run has to read. */
export interface ReadPlan {
  readonly ranges: readonly ReadRange[];
  /** Where landing ends per partition: the start of the first batch. */
  readonly resume: ReadonlyMap<number, bigint>;
  /** Offsets waiting: messages, and offsets without one (transaction markers, compaction). */
  readonly waiting: number;
  /** Offsets that the broker's retention removed before they were landed; not each had a message. */
  readonly expired: number;
}

/** What to check the broker's offsets against. */
export interface PlanOptions {
  /** The next offset that landing needs, per partition. */
  readonly landed: ReadonlyMap<number, bigint>;
  readonly topic: string;
  readonly brokerLabel: string;
}

/**
 * Plans the read of everything between landing's end and the log's end.
 *
 * @throws {BrokerError} when landing is ahead of the broker: it is another broker, or an emptied one
 */
export function planRead(offsets: readonly PartitionOffsets[], options: PlanOptions): ReadPlan {
  const { landed } = options;
  const ranges: ReadRange[] = [];
  const resume = new Map<number, bigint>();
  let waiting = 0, expired = 0;
  for (const [partition, next] of landed) {
    const isThere = next === 0n || offsets.some((each) => each.partition === partition);
    if (!isThere) throw otherBroker(options, partition, { next, end: 0n });
  }
  for (const { partition, earliest, end } of offsets) {
    const next = landed.get(partition) ?? earliest;
    if (next > end) throw otherBroker(options, partition, { next, end });
    resume.set(partition, next);
    if (next < earliest) expired += Number(earliest - next);
    const from = next < earliest ? earliest : next;
    if (from === end) continue;
    ranges.push({ partition, from, to: end });
    waiting += Number(end - from);
  }
  return { ranges, resume, waiting, expired };
}

function otherBroker(
  { topic, brokerLabel }: PlanOptions,
  partition: number,
  { next, end }: { readonly next: bigint; readonly end: bigint },
): BrokerError {
  return new BrokerError(
    `Cannot resume topic "${topic}" partition ${partition} from ${brokerLabel}: the tables are at offset ${next}, ` +
      `the log ends at ${end}, expected the broker that filled these tables (or another DATA_DIR)`,
  );
}
