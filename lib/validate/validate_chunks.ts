/** Validates a stream of chunks in order, on this thread or ahead of the consumer in a worker. */
import type { Chunk } from "../broker/broker.ts";
import type { PlacedRefusal } from "./drift/refuse_drift.ts";
import { packChunkColumns } from "./pack_chunk_columns.ts";
import { validateChunk, type ValidatedChunk } from "./validate_chunk.ts";
import type { ValidateRequest } from "./validate_worker.ts";
import { chunkWeight } from "./plan_validation.ts";
import { packChunk, type PackedChunk } from "./packed_chunk.ts";

/** How to validate. */
export interface ValidateOptions {
  /** Kafka topic, written into the landing rows. */
  readonly topic: string;
  /**
   * Bytes of messages to read and validate ahead of the consumer, in a worker thread: enough to keep it busy while the
   * consumer writes a batch. 0 validates on this thread, which is faster for less than some ten megabytes.
   */
  readonly aheadBytes: number;
  /** Milliseconds, for the timings. */
  readonly monotonic: () => number;
  /** Which trains are kept out though the schema takes them; none by default. */
  readonly refusal?: PlacedRefusal | null | undefined;
}

/** Yields every chunk validated, in the order of the chunks. */
export async function* validateChunks(
  chunks: AsyncIterable<Chunk>,
  options: ValidateOptions,
): AsyncGenerator<ValidatedChunk> {
  const { topic, aheadBytes, monotonic, refusal = null } = options;
  if (aheadBytes > 0) {
    yield* validateAhead(chunks, { topic, aheadBytes, refusal });
    return;
  }
  for await (const chunk of chunks) {
    const validated = validateChunk(packChunk(chunk), { topic, monotonic, refusal });
    yield packChunkColumns(validated, (sizeBytes) => new ArrayBuffer(sizeBytes));
  }
}

async function* validateAhead(
  chunks: AsyncIterable<Chunk>,
  { aheadBytes, ...options }: ChunkOptions & Pick<ValidateOptions, "aheadBytes">,
): AsyncGenerator<ValidatedChunk> {
  using worker = new ValidateWorker(options);
  const waiting: Promise<ValidatedChunk>[] = [];
  let weight = 0;
  for await (const chunk of chunks) {
    waiting.push(worker.validate(packChunk(chunk)));
    weight += chunkWeight({ ...chunk, messages: chunk.records.length });
    while (weight > aheadBytes) {
      const validated = await waiting.shift();
      if (validated === undefined) break;
      weight -= chunkWeight(validated);
      yield validated;
    }
  }
  for (const validated of waiting) yield await validated;
}

/** What each chunk goes to the worker with. */
type ChunkOptions = Omit<ValidateRequest, "chunk">;

/** One worker thread; answers come in the order of the questions. */
class ValidateWorker implements Disposable {
  readonly #worker = new Worker(new URL("./validate_worker.ts", import.meta.url), { type: "module" });
  readonly #options: ChunkOptions;
  readonly #open: PromiseWithResolvers<ValidatedChunk>[] = [];

  constructor(options: ChunkOptions) {
    this.#options = options;
    this.#worker.onmessage = ({ data }: MessageEvent<ValidatedChunk>) => this.#open.shift()?.resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const error = new Error(`Cannot validate a chunk in the worker: ${event.message}`);
      for (const { reject } of this.#open.splice(0)) reject(error);
    };
  }

  validate(chunk: PackedChunk): Promise<ValidatedChunk> {
    const answer = Promise.withResolvers<ValidatedChunk>();
    // The consumer may leave before it awaits this one.
    answer.promise.catch(() => {});
    this.#open.push(answer);
    const request: ValidateRequest = { chunk, ...this.#options };
    this.#worker.postMessage(request, [chunk.bytes.buffer]);
    return answer.promise;
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
