/** Judges a stream of slices in order, on this thread or ahead of the consumer in a worker. */
import type { Slice } from "../broker/broker.ts";
import { type IpcPieces, joinPieces } from "./arrow_ipc.ts";
import { frameSlice, type JudgedSlice } from "./chunk_frames.ts";
import { type EncodedSlice, judgeSlice } from "./validate_chunk.ts";
import type { JudgeRequest } from "./validate_worker.ts";
import { type PackedSlice, packSlice } from "./packed_chunk.ts";

/** How to judge. */
export interface JudgeOptions {
  /** Kafka topic, written into the landing rows. */
  readonly topic: string;
  /**
   * Bytes of messages to read and judge ahead of the consumer, in a worker thread: enough to keep it busy while the
   * consumer writes a batch. 0 judges on this thread, which is faster for less than some ten megabytes.
   */
  readonly aheadBytes: number;
  /** Milliseconds, for the timings. */
  readonly now: () => number;
}

/** Yields every slice judged, in the order of the slices. */
export async function* judgeSlices(
  slices: AsyncIterable<Slice>,
  options: JudgeOptions,
): AsyncGenerator<JudgedSlice> {
  const { topic, aheadBytes, now } = options;
  if (aheadBytes > 0) {
    yield* judgeAhead(slices, { topic, aheadBytes });
    return;
  }
  for await (const slice of slices) yield frameSlice(joined(judgeSlice(packSlice(slice), topic, now)));
}

async function* judgeAhead(
  slices: AsyncIterable<Slice>,
  { topic, aheadBytes }: Pick<JudgeOptions, "topic" | "aheadBytes">,
): AsyncGenerator<JudgedSlice> {
  using judge = new JudgeWorker(topic);
  const waiting: Promise<EncodedSlice>[] = [];
  let waitingBytes = 0;
  for await (const slice of slices) {
    waiting.push(judge.judge(packSlice(slice)));
    waitingBytes += slice.sizeBytes;
    while (waitingBytes > aheadBytes) {
      const judged = await waiting.shift();
      if (judged === undefined) break;
      waitingBytes -= judged.sizeBytes;
      yield judge.take(judged);
    }
  }
  for (const judged of waiting) yield judge.take(await judged);
}

function joined(judged: EncodedSlice<IpcPieces>): EncodedSlice {
  const join = (pieces: IpcPieces) => joinPieces(pieces, new Uint8Array(pieces.sizeBytes));
  return { ...judged, landing: join(judged.landing), rows: judged.rows && join(judged.rows) };
}

/** One worker thread; answers come in the order of the questions. */
class JudgeWorker implements Disposable {
  readonly #worker = new Worker(new URL("./validate_worker.ts", import.meta.url), { type: "module" });
  readonly #topic: string;
  readonly #open: PromiseWithResolvers<EncodedSlice>[] = [];
  readonly #spare: SharedArrayBuffer[] = [];

  constructor(topic: string) {
    this.#topic = topic;
    this.#worker.onmessage = ({ data }: MessageEvent<EncodedSlice>) => this.#open.shift()?.resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(`Cannot judge a slice in the worker: ${event.message}`);
      for (const { reject } of this.#open.splice(0)) reject(error);
    };
  }

  judge(slice: PackedSlice): Promise<EncodedSlice> {
    const answer = Promise.withResolvers<EncodedSlice>();
    // The consumer may leave before it awaits this one.
    answer.promise.catch(() => {});
    this.#open.push(answer);
    const request: JudgeRequest = { slice, topic: this.#topic, spare: this.#spare.pop() };
    this.#worker.postMessage(request, [slice.bytes.buffer]);
    return answer.promise;
  }

  /** Turns an answer into frames and keeps its memory for a later one. */
  take(answer: EncodedSlice): JudgedSlice {
    const judged = frameSlice(answer);
    if (answer.landing.buffer instanceof SharedArrayBuffer) this.#spare.push(answer.landing.buffer);
    return judged;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
