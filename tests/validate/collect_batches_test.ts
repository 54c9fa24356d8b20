/** Batches of chunks, beside the rule in plain words: as many chunks as fit, no offset left out, the expired ones first. */
import { assert, assertEquals } from "@std/assert";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { ValidatedChunk } from "../../lib/validate/validate_chunk.ts";
import { type Batch, collectBatches } from "../../lib/validate/collect_batches.ts";

const MAX_BYTES = 10_000;
const MAX_DATES = 64;
const PLACE = {
  trainNumber: 1,
  sourceEpoch: 0,
  version: 1,
  contentHash: 0n,
  timestampMs: 0,
  fetchedAtMs: NaN,
  firstRow: 0,
  rowCount: 0,
};

/** Where the log of each partition begins, ends, and what has expired there; partition 3 has no message at all. */
interface PlainLog {
  readonly chunks: readonly ValidatedChunk[];
  readonly resume: Map<number, bigint>;
  readonly ends: Map<number, bigint>;
  readonly expired: Map<number, bigint>;
  /** Offsets that hold nothing, per partition. */
  readonly gaps: Map<number, bigint>;
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

/** Sizes and dates that often meet the bounds exactly. */
function randomChunk(random: Random, partition: number, from: bigint, gaps: bigint): ValidatedChunk {
  const messages = pick(random, [1, 2, 3, 5]);
  const first = pick(random, [0, 16, 32, 48]), count = pick(random, [0, 1, 16, 32, 64]);
  const spans = Array.from({ length: count }, (_, i) => {
    return { ...PLACE, departureDay: first + i, partition, offset: from };
  });
  const sizeBytes = pick(random, [500, 1000, 2000, 4999, 5000, 10_000, 12_000]);
  const result = { partition, firstOffset: from + gaps, nextOffset: from + gaps + BigInt(messages) };
  const parts = { spans, quarantine: {}, drift: new Map(), seconds: 0, landing: {}, rows: null };
  return { ...result, messages, sizeBytes, ...parts };
}

function randomLog(random: Random): PlainLog {
  const chunks: ValidatedChunk[] = [];
  const maps = [new Map<number, bigint>(), new Map<number, bigint>(), new Map<number, bigint>()] as const;
  const [resume, expired, gaps] = maps;
  const at = new Map<number, bigint>();
  for (const partition of [0, 1, 2, 3]) {
    resume.set(partition, BigInt(pick(random, [0, 7])));
    expired.set(partition, BigInt(pick(random, [0, 0, 3])));
    gaps.set(partition, 0n);
    at.set(partition, (resume.get(partition) ?? 0n) + (expired.get(partition) ?? 0n));
  }
  const skip = (partition: number) => {
    const gap = BigInt(pick(random, [0, 0, 0, 1, 2]));
    gaps.set(partition, (gaps.get(partition) ?? 0n) + gap);
    return gap;
  };
  for (let i = 0; i < Math.floor(random() * 12); i++) {
    const partition = pick(random, [0, 1, 2]);
    const chunk = randomChunk(random, partition, at.get(partition) ?? 0n, skip(partition));
    at.set(partition, chunk.nextOffset);
    chunks.push(chunk);
  }
  const ends = new Map([...at].map(([partition, next]) => [partition, next + skip(partition)]));
  return { chunks, resume, ends, expired, gaps };
}

const weightOf = (chunks: readonly ValidatedChunk[]) =>
  chunks.reduce((sum, { sizeBytes, messages }) => sum + Math.max(sizeBytes, messages * 250), 0);
const datesOf = (chunks: readonly ValidatedChunk[]) =>
  new Set(chunks.flatMap(({ spans }) => spans.map(({ departureDay }) => departureDay))).size;
const fits = (chunks: readonly ValidatedChunk[]) =>
  chunks.length < 2 || weightOf(chunks) <= MAX_BYTES && datesOf(chunks) <= MAX_DATES;

async function collect({ chunks, resume, ends, expired }: PlainLog) {
  const batches: Batch[] = [];
  const releasedAfter: number[] = [];
  const source = (async function* () {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  })();
  const releaseMemory = () => Promise.resolve(void releasedAfter.push(batches.length));
  const options = { maxBytes: MAX_BYTES, resume, ends, expired, releaseMemory };
  for await (const batch of collectBatches(source, options)) batches.push(batch);
  return { batches, releasedAfter };
}

Deno.test("a batch holds as many chunks as its bounds let in, in their order, and memory is released between any two", async () => {
  const random = seededRandom(41);
  for (let round = 0; round < 400; round++) {
    const log = randomLog(random);
    const { batches, releasedAfter } = await collect(log);
    assertEquals(batches.flatMap(({ chunks }) => chunks), log.chunks);
    batches.forEach(({ chunks, messages, sizeBytes }, i) => {
      assert(fits(chunks), `round ${round}`);
      const [next] = batches[i + 1]?.chunks ?? [];
      if (next !== undefined) assert(!fits([...chunks, next]), `round ${round}: a batch that is not full`);
      assertEquals(messages, chunks.reduce((sum, chunk) => sum + chunk.messages, 0));
      assertEquals(sizeBytes, chunks.reduce((sum, chunk) => sum + chunk.sizeBytes, 0));
    });
    assertEquals(releasedAfter, batches.slice(1).map((_, i) => i + 1));
  }
});

Deno.test("the ranges of batches cover each partition from its start to its end, each offset by what it was", async () => {
  const random = seededRandom(42);
  for (let round = 0; round < 400; round++) {
    const log = randomLog(random);
    const { batches } = await collect(log);
    for (const [partition, end] of log.ends) {
      const mine = batches.flatMap(({ ranges }) => ranges.filter((range) => range.partition === partition));
      let next = log.resume.get(partition) ?? 0n, open = log.expired.get(partition) ?? 0n;
      for (const { from, to, messages, expired, gaps } of mine) {
        assertEquals([from, to - from], [next, BigInt(messages) + expired + gaps]);
        // No gap before all that has expired is told.
        assertEquals(gaps === 0n || expired === open, true, `round ${round}`);
        next = to;
        open -= expired;
      }
      assertEquals([next, open], [end, 0n]);
      assertEquals(mine.reduce((sum, { gaps }) => sum + gaps, 0n), log.gaps.get(partition) ?? 0n);
      assert(mine.every(({ from, to }) => from < to));
    }
    for (const { ranges } of batches) {
      assertEquals(ranges.map(({ partition }) => partition), ranges.map(({ partition }) => partition).sort());
      assert(ranges.length > 0);
    }
  }
});
