import { assertEquals } from "@std/assert";
import type { Frame } from "../../lib/delta/mod.ts";
import type { ValidatedChunk } from "../../lib/validate/validate_chunk.ts";
import { landingFrame, quarantineRows, standardFrame } from "./chunk_frames.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import type { Chunk } from "../../lib/broker/broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { makeLog } from "../pipeline/made_up_log.ts";

/** The log cut into chunks of very different sizes. */
async function* chunksOf(trains: number): AsyncGenerator<Chunk> {
  const random = seededRandom(101);
  const records = makeLog({ trains }).map(({ key, value, headers }, offset) => ({
    offset: BigInt(offset),
    timestampMs: offset,
    key,
    value,
    headers,
  }));
  for (let from = 0; from < records.length;) {
    const some = records.slice(from, from += 1 + Math.floor(random() ** 3 * 40));
    const sizeBytes = some.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    yield { partition: 1, records: some, nextOffset: BigInt(from), sizeBytes };
    await Promise.resolve();
  }
}

/** Everything but the timing; the columns are read only now, when all chunks are validated. */
function contentOf({ landing, quarantine, rows, seconds: _, ...result }: ValidatedChunk) {
  const rowsOf = (frame: Frame | null) =>
    frame &&
    frameRows(frame).map((row) =>
      JSON.stringify(row, (_, value) => typeof value === "bigint" ? `${value}` : value)
    );
  return {
    ...result,
    quarantine: quarantineRows(quarantine),
    landing: rowsOf(landingFrame(landing)),
    rows: rowsOf(standardFrame(rows)),
  };
}

async function validateAll(trains: number, aheadBytes: number) {
  const validated = await Array.fromAsync(
    validateChunks(chunksOf(trains), { topic: "trains", aheadBytes, monotonic: () => 0 }),
  );
  return validated.map(contentOf);
}

Deno.test("a worker validates as this thread does, in the same order", async () => {
  const here = await validateAll(10, 0);
  assertEquals(here.some(({ quarantine }) => quarantine.length > 0), true);
  for (const aheadBytes of [1, 200_000]) assertEquals(await validateAll(10, aheadBytes), here);
});

/** The workers that were started while it lives, and how many of them were ended. */
class WatchedWorkers implements Disposable {
  readonly #original = globalThis.Worker;
  started = 0;
  ended = 0;

  constructor() {
    const started = () => this.started++, ended = () => this.ended++;
    globalThis.Worker = class extends this.#original {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        started();
      }

      override terminate(): void {
        ended();
        super.terminate();
      }
    };
  }

  [Symbol.dispose](): void {
    globalThis.Worker = this.#original;
  }
}

Deno.test("a worker is started only to validate ahead, and ended when all is validated", async () => {
  using workers = new WatchedWorkers();
  await validateAll(2, 0);
  assertEquals([workers.started, workers.ended], [0, 0]);
  await validateAll(2, 1);
  assertEquals([workers.started, workers.ended], [1, 1]);
});

Deno.test("leaving the loop early ends the worker and closes the source", async () => {
  using workers = new WatchedWorkers();
  let isClosed = false;
  async function* source() {
    try {
      yield* chunksOf(10);
    } finally {
      isClosed = true;
    }
  }
  for await (
    const { messages } of validateChunks(source(), {
      topic: "trains",
      aheadBytes: 1,
      monotonic: () => 0,
    })
  ) {
    assertEquals(messages > 0, true);
    break;
  }
  assertEquals([isClosed, workers.started, workers.ended], [true, 1, 1]);
});
