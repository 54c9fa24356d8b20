import { assert, assertEquals, assertRejects } from "@std/assert";

import type { LogRecord } from "../../../lib/broker/broker.ts";
import { drainPartition, type FetchedRun } from "../../../lib/broker/kafka/drain_partition.ts";
import type { RecordBatch } from "../../../lib/broker/kafka/wire/record_batch.ts";

Deno.test("a drain reads to its end and asks for nothing beyond", async () => {
  const log = fakeLog([0, 1, 2, 3, 4, 5], { perFetch: 2 });
  assertEquals(await drain(log, 1, 5), [1, 2, 3, 4]);
  assertEquals(log.asked, [1n, 3n]);
});

Deno.test("gaps inside and at the end of the range are passed", async () => {
  assertEquals(await drain(fakeLog([0, 1, 7, 9], { perFetch: 2 }), 0, 10), [0, 1, 7, 9]);
  assertEquals(await drain(fakeLog([0, 1, 20], { perFetch: 2 }), 0, 10), [0, 1]);
});

Deno.test("gaps that a later batch, a marker or an emptied batch shows cost no wait", async () => {
  const time = fakeTime();
  const batches = new Map([[0n, [0, 1]], [2n, [10]], [11n, []], [20n, [20]], [21n, []]]);
  const ends = new Map([[0n, 2n], [2n, 11n], [11n, 20n], [20n, 21n], [21n, 30n]]);
  const fetch = (offset: bigint): Promise<FetchedRun> =>
    Promise.resolve(run((batches.get(offset) ?? []).map((each) => record(each)), ends.get(offset) ?? offset));
  assertEquals(await drain({ fetch }, 0, 30, { time }), [0, 1, 10, 20]);
  assertEquals(time.now(), 0);
});

Deno.test("an empty answer is no gap: what is there comes, however often the broker says nothing first", async () => {
  for (const perFetch of [1, 3]) {
    for (const empties of [1, 2, 3, 4, 50]) {
      const time = fakeTime();
      const log = fakeLog([0, 1, 2, 3, 4, 5], { perFetch, empties, time });
      assertEquals(await drain(log, 0, 6, { time }), [0, 1, 2, 3, 4, 5], `${perFetch} ${empties}`);
    }
  }
});

Deno.test("an answer that takes the broker five seconds and is empty is asked for again, from the same offset", async () => {
  const time = fakeTime();
  const log = fakeLog([0, 1, 7, 8], { perFetch: 1, empties: 5, emptyMs: 5000, time });
  assertEquals(await drain(log, 0, 9, { time }), [0, 1, 7, 8]);
  assertEquals(new Set(log.asked), new Set([0n, 1n, 2n, 8n]));
});

Deno.test("after half a minute of nothing the offset is asked for once more, and what comes then is taken", async () => {
  const time = fakeTime();
  // Seven empty answers of five seconds: the seventh was asked for after thirty.
  const late = fakeLog([0, 1, 2], { perFetch: 1, empties: 6, emptyMs: 5000, time });
  assertEquals(await drain(late, 0, 3, { time }), [0, 1, 2]);
});

Deno.test("an invisible tail costs half a minute, and nothing beyond the last record is said to be read", async () => {
  const time = fakeTime();
  const log = fakeLog([0, 1], { perFetch: 5, empties: 0, emptyMs: 5000, time });
  const range = { partition: 0, from: 0n, to: 6n };
  const chunks = await Array.fromAsync(
    drainPartition(log.fetch, { range, maxChunkBytes: 1000, waiting: time }),
  );
  assertEquals(chunks.map(({ nextOffset }) => nextOffset), [2n]);
  assert(time.now() >= 30_000 && time.now() <= 40_000, `${time.now()}`);
  assertEquals(new Set(log.asked), new Set([0n, 2n]));
});

Deno.test("several partitions wait for their tails at the same time", async () => {
  const time = fakeTime();
  const range = { partition: 0, from: 2n, to: 6n };
  const asked: bigint[] = [];
  const drains = [1, 2, 3].map(() => {
    const fetch = (offset: bigint) => {
      asked.push(offset);
      return Promise.resolve(run([], offset));
    };
    return drainPartition(fetch, { range, maxChunkBytes: 1000, waiting: time });
  });
  assertEquals(asked.length, 3);
  for (const each of drains) assertEquals(await Array.fromAsync(each), []);
});

Deno.test("nobody waits for a tail that nobody reads any more", async () => {
  const left = new AbortController();
  let asked = 0;
  const fetch = (offset: bigint) => {
    if (++asked === 3) left.abort();
    return Promise.resolve(run([], offset));
  };
  const options = { range: { partition: 0, from: 0n, to: 6n }, maxChunkBytes: 1000, signal: left.signal };
  assertEquals(await Array.fromAsync(drainPartition(fetch, { ...options, waiting: fakeTime() })), []);
  assertEquals(asked, 3);
});

Deno.test("records below the offset that was asked for, and twice the same, are taken once", async () => {
  const fetch = (offset: bigint): Promise<FetchedRun> =>
    Promise.resolve(run([3, 4, 5, 6].map((each) => record(each)), offset < 5n ? 5n : 7n));
  assertEquals(await drain({ fetch }, 4, 7), [4, 5, 6]);
});

Deno.test("a throttled answer is asked for again and never taken for a gap", async () => {
  const log = fakeLog([0, 1], { perFetch: 5 });
  let throttled = 1000;
  const fetch = (offset: bigint): Promise<FetchedRun> =>
    throttled-- > 0 ? Promise.resolve({ ...run([], offset), throttled: true }) : log.fetch(offset);
  assertEquals(await drain({ fetch }, 0, 2), [0, 1]);
  assertEquals(log.asked, [0n]);
});

Deno.test("nextOffset covers the gap that follows the records", async () => {
  const fetch = (): Promise<FetchedRun> => Promise.resolve(run([record(0), record(3)], 6n));
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

Deno.test("fetches grow to the size of a chunk; what unpacks to more comes in several chunks", async () => {
  const asked: number[] = [];
  const fetch = (offset: bigint, maxBytes: number): Promise<FetchedRun> => {
    asked.push(maxBytes);
    const records = [0, 1, 2].map((index) => record(Number(offset) + index, 3_000_000));
    return Promise.resolve(run(records, offset + 3n));
  };
  const range = { partition: 0, from: 0n, to: 15n };
  const chunks = await Array.fromAsync(drainPartition(fetch, { range, maxChunkBytes: 4 * 1024 * 1024 }));
  assertEquals(chunks.map(({ records }) => records.length), new Array(15).fill(1));
  assertEquals(asked, [512, 1024, 2048, 4096, 4096].map((kib) => kib * 1024));
});

Deno.test("a hundred thousand records without a value come in chunks of so many as are asked for", async () => {
  const fetch = (): Promise<FetchedRun> => {
    const records = Array.from({ length: 100_000 }, (_, index) => ({ ...record(index), value: null }));
    return Promise.resolve(run(records, 100_000n));
  };
  const range = { partition: 0, from: 0n, to: 100_000n };
  const chunks = await Array.fromAsync(
    drainPartition(fetch, { range, maxChunkBytes: 1, maxChunkRecords: 25_000 }),
  );
  assertEquals(chunks.map(({ records }) => records.length), [25_000, 25_000, 25_000, 25_000]);
});

Deno.test("a failed fetch, and a batch that cannot be unpacked, reject the drain", async () => {
  const fetch = () => Promise.reject(new RangeError("no broker"));
  await assertRejects(() => drain({ fetch }, 0, 1), RangeError, "no broker");
  const readRecords = () => Promise.reject(new RangeError("damaged"));
  const damaged = () => Promise.resolve({ ...run([], 1n), batches: [{ ...batch([]), readRecords }] });
  await assertRejects(() => drain({ fetch: damaged }, 0, 1), RangeError, "damaged");
});

interface FakeTime {
  readonly now: () => number;
  readonly pass: (milliseconds: number) => void;
  readonly monotonic: () => number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Time that passes only when somebody waits. */
function fakeTime(): FakeTime {
  let nowMs = 0;
  const now = () => nowMs;
  const pass = (milliseconds: number) => {
    nowMs += milliseconds;
  };
  return { now, pass, monotonic: now, pause: (milliseconds) => Promise.resolve(pass(milliseconds)) };
}

interface FakeLog {
  readonly asked: bigint[];
  readonly fetch: (offset: bigint) => Promise<FetchedRun>;
}

interface FakeLogOptions {
  readonly perFetch: number;
  /** How often each offset is answered with nothing before it gives what it has. */
  readonly empties?: number;
  /** How long the broker takes for an empty answer. */
  readonly emptyMs?: number;
  readonly time?: FakeTime;
}

/** A log with records at some offsets. */
function fakeLog(
  offsets: readonly number[],
  { perFetch, empties = 0, emptyMs = 0, time }: FakeLogOptions,
): FakeLog {
  const asked: bigint[] = [];
  const fetch = (offset: bigint): Promise<FetchedRun> => {
    const before = asked.filter((each) => each === offset).length;
    asked.push(offset);
    const found = before < empties ? [] : offsets.filter((each) => each >= offset).slice(0, perFetch);
    if (found.length === 0) time?.pass(emptyMs);
    return Promise.resolve(
      run(found.map((each) => record(each)), found.length === 0 ? offset : BigInt(found.at(-1) ?? 0) + 1n),
    );
  };
  return { asked, fetch };
}

function run(records: readonly LogRecord[], nextOffset: bigint): FetchedRun {
  return { batches: records.length === 0 ? [] : [batch(records)], nextOffset, throttled: false };
}

function batch(records: readonly LogRecord[]): RecordBatch {
  return {
    firstOffset: records[0]?.offset ?? 0n,
    lastOffset: records.at(-1)?.offset ?? 0n,
    producerId: -1n,
    isTransactional: false,
    isControl: false,
    readRecords: () => Promise.resolve(records),
  };
}

function record(offset: number, size = 1): LogRecord {
  return { offset: BigInt(offset), timestampMs: 0, key: null, value: new Uint8Array(size), headers: {} };
}

async function drain(
  log: Pick<FakeLog, "fetch">,
  from: number,
  to: number,
  { time = fakeTime() }: { readonly time?: FakeTime } = {},
): Promise<number[]> {
  const range = { partition: 0, from: BigInt(from), to: BigInt(to) };
  const chunks = await Array.fromAsync(
    drainPartition(log.fetch, { range, maxChunkBytes: 1000, waiting: time }),
  );
  return chunks.flatMap(({ records }) => records.map(({ offset }) => Number(offset)));
}
