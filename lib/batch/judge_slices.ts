/** Judges a stream of slices in order, on this thread or ahead of the consumer in a worker. */
import type { Slice } from "../broker/broker.ts";
import { type JudgedSlice, judgeSlice } from "./judge_slice.ts";
import { type PackedSlice, packSlice } from "./packed_slice.ts";

/** How to judge. */
export interface JudgeOptions {
  /** Kafka topic, written into the landing rows. */
  readonly topic: string;
  /** Judge in a worker thread, beside the consumer: pays from some ten megabytes on. */
  readonly inWorker: boolean;
  /** Milliseconds, for the timings. */
  readonly now: () => number;
}

/**
 * Bytes of messages that are read and judged ahead of the consumer: enough to keep the worker busy while the consumer
 * writes a batch, few enough to keep memory flat.
 */
const AHEAD_BYTES = 32 << 20;

/** Yields every slice judged, in the order of the slices. */
export async function* judgeSlices(
  slices: AsyncIterable<Slice>,
  options: JudgeOptions,
): AsyncGenerator<JudgedSlice> {
  const { topic, inWorker, now } = options;
  if (inWorker) {
    yield* judgeAhead(slices, topic);
    return;
  }
  for await (const slice of slices) yield judgeSlice(packSlice(slice), topic, now);
}

async function* judgeAhead(slices: AsyncIterable<Slice>, topic: string): AsyncGenerator<JudgedSlice> {
  using judge = new JudgeWorker(topic);
  const waiting: Promise<JudgedSlice>[] = [];
  let aheadBytes = 0;
  for await (const slice of slices) {
    waiting.push(judge.judge(packSlice(slice)));
    aheadBytes += slice.sizeBytes;
    while (aheadBytes > AHEAD_BYTES) {
      const judged = await waiting.shift();
      if (judged === undefined) break;
      aheadBytes -= judged.sizeBytes;
      yield judged;
    }
  }
  for (const judged of waiting) yield await judged;
}

/** One worker thread; answers come in the order of the questions. */
class JudgeWorker implements Disposable {
  readonly #worker = new Worker(new URL("./judge_worker.ts", import.meta.url), { type: "module" });
  readonly #topic: string;
  readonly #open: PromiseWithResolvers<JudgedSlice>[] = [];

  constructor(topic: string) {
    this.#topic = topic;
    this.#worker.onmessage = ({ data }: MessageEvent<JudgedSlice>) => this.#open.shift()?.resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(`Cannot judge a slice in the worker: ${event.message}`);
      for (const { reject } of this.#open.splice(0)) reject(error);
    };
  }

  judge(slice: PackedSlice): Promise<JudgedSlice> {
    const answer = Promise.withResolvers<JudgedSlice>();
    // The consumer may leave before it awaits this one.
    answer.promise.catch(() => {});
    this.#open.push(answer);
    this.#worker.postMessage({ slice, topic: this.#topic }, [slice.bytes.buffer]);
    return answer.promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
