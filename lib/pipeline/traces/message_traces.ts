/** Which spans led to the messages of a batch, as their headers say. */
import type { Chunk } from "../../broker/broker.ts";
import type { OffsetRange } from "../../tables/topic_table.ts";

/** The first message that a span led to, of those that follow each other. */
interface Trace {
  readonly partition: number;
  readonly offset: bigint;
  readonly parent: string;
}

const HEADER = "traceparent";
/** Messages are read ahead of their batch, but not for ever; a producer may give each message a span of its own. */
const MOST_NOTED = 1024;

/** Notes spans while messages are read, and gives them out batch by batch. */
export class MessageTraces {
  #noted: Trace[] = [];

  /** Messages that were read. */
  see({ partition, records }: Pick<Chunk, "partition" | "records">): void {
    let last: string | undefined;
    for (const { offset, headers } of records) {
      const parent = headers[HEADER];
      if (parent === undefined || parent === last) continue;
      last = parent;
      if (this.#noted.length < MOST_NOTED) this.#noted.push({ partition, offset, parent });
    }
  }

  /** The spans of messages below the ends of these ranges, each once; they are forgotten then. */
  take(ranges: readonly Pick<OffsetRange, "partition" | "to">[]): readonly string[] {
    const ends = new Map(ranges.map(({ partition, to }) => [partition, to]));
    const isIn = ({ partition, offset }: Trace) => offset < (ends.get(partition) ?? -1n);
    const taken = new Set(this.#noted.filter(isIn).map(({ parent }) => parent));
    this.#noted = this.#noted.filter((trace) => !isIn(trace));
    return [...taken];
  }
}
