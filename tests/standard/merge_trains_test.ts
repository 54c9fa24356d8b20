/** A merge beside other writers: what it read may not change under it, and lost attempts leave nothing behind. */
import { assertEquals } from "@std/assert";
import { MemoryStore, openTable } from "../../lib/delta/mod.ts";
import { mergeTrains } from "../../lib/standard/merge_trains.ts";
import type { MergeCounts } from "../../lib/standard/plan_merge.ts";
import { TrainIndex } from "../../lib/standard/train_index.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import type { Batch } from "../../lib/validate/collect_batches.ts";
import { validateChunks } from "../../lib/validate/validate_chunks.ts";
import { testContext } from "../delta/test_context.ts";
import { FIRST_ROUND_MS, makeRound } from "../pipeline/made_up_log.ts";

const NO_TAGS = { ofFrame: () => ({}), ofColumns: () => ({}) };
const encoder = new TextEncoder();
const BASE = JSON.parse(new TextDecoder().decode(makeRound(1, 1, FIRST_ROUND_MS)[0]?.value ?? undefined));

/** A batch of one message of one partition, offset 0. */
async function batchOf(partition: number, version: number): Promise<Batch> {
  const value = encoder.encode(JSON.stringify({ ...BASE, version }));
  const record = { offset: 0n, timestampMs: FIRST_ROUND_MS, key: null, value, headers: {} };
  const source = (async function* () {
    yield await Promise.resolve({ partition, records: [record], nextOffset: 1n, sizeBytes: value.length });
  })();
  const options = { topic: "trains", aheadBytes: 0, monotonic: () => 0 };
  const chunks = await Array.fromAsync(validateChunks(source, options));
  const range = { partition, from: 0n, to: 1n, messages: 1, expired: 0n, gaps: 0n };
  return { chunks, ranges: [range], messages: 1, sizeBytes: value.length };
}

async function openStandard(store: MemoryStore, name: string): Promise<TopicTable> {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  const delta = await openLakeTable(store, definition, testContext(name));
  return new TopicTable(delta, { name: "standard", topic: "trains" });
}

/** Merges, and says what was decided in the end. */
async function merge(standard: TopicTable, batch: Batch): Promise<MergeCounts | undefined> {
  let counts: ReadonlyMap<number, MergeCounts> = new Map();
  await mergeTrains(standard, batch, {
    index: new TrainIndex(),
    tags: NO_TAGS,
    describeCommit: (found) => {
      counts = found.counts;
      return {};
    },
  });
  return [...counts.values()][0];
}

for (const [mine, decided] of [[7, "accepted"], [5, "stale"]] as const) {
  Deno.test(`a train that another process has merged meanwhile is decided anew: version ${mine} over 6 is ${decided}`, async () => {
    const store = new MemoryStore();
    const [first, second] = [await openStandard(store, "first"), await openStandard(store, "second")];
    // The second still stands before the first's commit, and takes the table for empty.
    await merge(first, await batchOf(0, 6));
    assertEquals((await merge(second, await batchOf(1, mine)))?.[decided], 1);
    const table = await openTable(store, testContext("reader"));
    const rows = await Promise.all([...table.snapshot.files.values()].map((add) => table.countRows(add)));
    assertEquals(rows, [BASE.timeTableRows.length]);
  });
}

Deno.test("a date that a merge only looked at counts as read: stale against what was there is not stale for ever", async () => {
  const store = new MemoryStore();
  await merge(await openStandard(store, "before"), await batchOf(2, 8));
  const [first, second] = [await openStandard(store, "first"), await openStandard(store, "second")];
  // Both see version 8; the second writes nothing, and yet what it decided rests on that date.
  await merge(first, await batchOf(0, 9));
  const attempts: number[] = [];
  await mergeTrains(second, await batchOf(1, 7), {
    index: new TrainIndex(),
    tags: NO_TAGS,
    describeCommit: () => {
      attempts.push(second.delta.snapshot.version);
      return {};
    },
  });
  assertEquals(attempts.length, 2);
});

Deno.test("files that were staged for an attempt that lost are removed", async () => {
  const store = new MemoryStore();
  const [first, second] = [await openStandard(store, "first"), await openStandard(store, "second")];
  await merge(first, await batchOf(0, 6));
  await merge(second, await batchOf(1, 7));
  const table = await openTable(store, testContext("reader"));
  const named = new Set([...table.snapshot.files.keys(), ...table.snapshot.tombstones.keys()]);
  const stored = (await store.list("")).map(({ path }) => path).filter((path) => path.endsWith(".parquet"));
  assertEquals(stored.filter((path) => !named.has(path)), []);
  assertEquals(stored.length, 2);
});
