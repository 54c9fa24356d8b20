import { assert, assertEquals, assertRejects } from "@std/assert";

import type { LogRecord } from "../../../lib/broker/broker.ts";
import { drainPartition, type FetchedRun } from "../../../lib/broker/kafka/drain_partition.ts";

Deno.test("a drain reads to its end and asks for nothing beyond", async () => {
  const log = fakeLog([0, 1, 2, 3, 4, 5], { perFetch: 2 });
  assertEquals(await drain(log, 1, 5), [1, 2, 3, 4]);
  assertEquals(log.asked, [1n, 3n]);
});

Deno.test("gaps inside and at the end of the range are passed", async () => {
  assertEquals(await drain(fakeLog([0, 1, 7, 9], { perFetch: 2 }), 0, 10), [0, 1, 7, 9]);
  assertEquals(await drain(fakeLog([0, 1, 20], { perFetch: 2 }), 0, 10), [0, 1]);
});

Deno.test("batches that hold nothing and tell nothing are stepped over without losing what follows", async () => {
  // Nothing is visible from 3 to 8, not even how far the gap goes, as with batches that compaction emptied.
  const log = fakeLog([1, 2, 9, 10], { perFetch: 2, hidden: [3, 9] });
  assertEquals(await drain(log, 1, 11), [1, 2, 9, 10]);
  assertEquals(log.asked.filter((offset) => offset === 3n).length, 3);
});

Deno.test("a hidden gap at the very end ends the drain", async () => {
  assertEquals(await drain(fakeLog([0, 1], { perFetch: 5, hidden: [2, 6] }), 0, 6), [0, 1]);
});

Deno.test("a throttled answer is asked for again and never taken for a gap", async () => {
  const log = fakeLog([0, 1], { perFetch: 5 });
  let throttled = 10;
  const fetch = (offset: bigint, maxBytes: number): Promise<FetchedRun> =>
    throttled-- > 0
      ? Promise.resolve({ records: [], nextOffset: offset, throttled: true })
      : log.fetch(offset, maxBytes);
  assertEquals(await drain({ fetch }, 0, 2), [0, 1]);
  assertEquals(log.asked, [0n]);
});

Deno.test("nextOffset covers the gap that follows the records", async () => {
  const fetch = (): Promise<FetchedRun> =>
    Promise.resolve({ records: [record(0), record(3)], nextOffset: 6n, throttled: false });
  const range = { partition: 4, from: 0n, to: 9n };
  const first = await drainPartition(fetch, { range, maxChunkBytes: 1 }).next();
  assertEquals([first.value?.partition, first.value?.nextOffset], [4, 3n]);
  const whole = await drainPartition(fetch, { range, maxChunkBytes: 1000 }).next();
  assertEquals(whole.value?.nextOffset, 6n);
});

Deno.test("only one fetch runs ahead of the consumer", async () => {
  const log = fakeLog([0, 1, 2, 3, 4, 5], { perFetch: 1 });
  const chunks = drainPartition(log.fetch, { range: { partition: 0, from: 0n, to: 6n }, maxChunkBytes: 100 });
  await chunks.next();
  assertEquals(log.asked, [0n, 1n]);
  await chunks.next();
  assertEquals(log.asked, [0n, 1n, 2n]);
  await chunks.return(undefined);
});

Deno.test("fetches shrink when batches unpack to more than a chunk, and grow when they bring little", async () => {
  const asked: number[] = [];
  const fetch = (offset: bigint, maxBytes: number): Promise<FetchedRun> => {
    asked.push(maxBytes);
    const size = offset < 3n ? 9_000_000 : 10;
    return Promise.resolve({
      records: [record(Number(offset), size)],
      nextOffset: offset + 1n,
      throttled: false,
    });
  };
  await drain({ fetch }, 0, 9, 4 * 1024 * 1024);
  assertEquals(asked.slice(0, 5), [512, 256, 128, 64, 128].map((kib) => kib * 1024));
  assert(asked.every((bytes) => bytes <= 4 * 1024 * 1024));
});

Deno.test("a failed fetch rejects the drain", async () => {
  const fetch = () => Promise.reject(new RangeError("no broker"));
  await assertRejects(() => drain({ fetch }, 0, 1), RangeError, "no broker");
});

interface FakeLog {
  readonly asked: bigint[];
  readonly fetch: (offset: bigint, maxBytes: number) => Promise<FetchedRun>;
}

/** A log with records at some offsets; a fetch from inside of `hidden` finds nothing at all. */
function fakeLog(
  offsets: readonly number[],
  { perFetch, hidden = [0, 0] }: { readonly perFetch: number; readonly hidden?: readonly [number, number] },
): FakeLog {
  const asked: bigint[] = [];
  const [hiddenFrom, hiddenTo] = hidden;
  const fetch = (offset: bigint): Promise<FetchedRun> => {
    asked.push(offset);
    const inHidden = offset >= hiddenFrom && offset < hiddenTo;
    const found = offsets.filter((each) => each >= offset && !inHidden).slice(0, perFetch);
    const nextOffset = found.length === 0 ? offset : BigInt(found.at(-1) ?? 0) + 1n;
    return Promise.resolve({ records: found.map((each) => record(each)), nextOffset, throttled: false });
  };
  return { asked, fetch };
}

function record(offset: number, size = 1): LogRecord {
  return { offset: BigInt(offset), timestampMs: 0, key: null, value: new Uint8Array(size), headers: {} };
}

async function drain(
  log: Pick<FakeLog, "fetch">,
  from: number,
  to: number,
  maxChunkBytes = 1000,
): Promise<number[]> {
  const range = { partition: 0, from: BigInt(from), to: BigInt(to) };
  const chunks = await Array.fromAsync(drainPartition(log.fetch, { range, maxChunkBytes }));
  return chunks.flatMap(({ records }) => records.map(({ offset }) => Number(offset)));
}
