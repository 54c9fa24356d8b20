/** A broker over arrays, with what Kafka's logs have and the embedded one has not: gaps, retention, new partitions. */
import type {
  Broker,
  Chunk,
  LogRecord,
  PartitionOffsets,
  ReadOptions,
  ReadRange,
} from "../../lib/broker/broker.ts";
import { OffsetOutOfRangeError } from "../../lib/errors.ts";

/** One partition: null is an offset that never was a message. */
export interface MadeUpPartition {
  earliest: number;
  readonly entries: (LogRecord | null)[];
}

/** A log that tests change as they like. */
export class MadeUpBroker implements Broker {
  readonly label = "made up";
  readonly partitions: MadeUpPartition[];
  id: string | null = null;
  /** Records of a chunk at most. */
  chunkRecords = 5;
  /** True for a broker that answers empty at the end of a range, as a slow Redpanda does. */
  hidesTail = false;

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => ({ earliest: 0, entries: [] }));
  }

  ensureTopic = () => Promise.resolve();
  publish: Broker["publish"] = () => Promise.reject(new Error("a made-up log is filled by its test"));
  logId = () => Promise.resolve(this.id);
  forget = () => Promise.resolve({ messages: 0, sizeBytes: 0 });
  commitOffsets = () => Promise.resolve();
  committedOffsets = () => Promise.resolve(new Map<number, bigint>());
  [Symbol.asyncDispose] = () => Promise.resolve();

  topicOffsets(): Promise<readonly PartitionOffsets[]> {
    return Promise.resolve(this.partitions.map(({ earliest, entries }, partition) => ({
      partition,
      earliest: BigInt(earliest),
      end: BigInt(entries.length),
    })));
  }

  /** Partitions take turns; a chunk ends at its last record, and a gap after it comes as a chunk of its own, or not. */
  async *read(
    _topic: string,
    ranges: readonly ReadRange[],
    _options: ReadOptions = {},
  ): AsyncGenerator<Chunk> {
    const open = ranges.map(({ partition, from, to }) => ({
      partition,
      to,
      records: this.#recordsOf(partition, Number(from), Number(to)),
    }));
    while (open.some(({ records }) => records.length > 0)) {
      for (const { partition, records } of open) {
        const mine = records.splice(0, this.chunkRecords);
        const last = mine.at(-1);
        if (last === undefined) continue;
        const sizeBytes = mine.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        yield await Promise.resolve({ partition, records: mine, nextOffset: last.offset + 1n, sizeBytes });
      }
    }
    if (this.hidesTail) return;
    for (const { partition, to } of open) yield { partition, records: [], nextOffset: to, sizeBytes: 0 };
  }

  #recordsOf(partition: number, from: number, to: number): LogRecord[] {
    const { earliest, entries } = this.partitions[partition] ?? { earliest: 0, entries: [] };
    if (from < earliest || to > entries.length) {
      throw new OffsetOutOfRangeError(`read ${from}-${to} outside of the log`);
    }
    return entries.slice(from, to).filter((entry) => entry !== null);
  }
}
