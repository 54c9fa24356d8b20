import { assertEquals } from "@std/assert";
import {
  addColumns,
  appendChange,
  createTable,
  frameRows,
  MemoryStore,
  openTable,
  scanTable,
  type Store,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { noteLog } from "../../lib/tables/note_log.ts";
import { type IngestedRange, type OffsetRange, TopicTable } from "../../lib/tables/topic_table.ts";
import { testContext } from "../delta/test_context.ts";

const SCHEMA = tableSchema({ partition: "long", offset: "long" });

/** One of several processes on a table of offsets. */
async function openOffsets(store: Store, process: string, isSparse = false): Promise<TopicTable> {
  const delta = await createTable(store, { schema: SCHEMA }, testContext(process));
  return new TopicTable(delta, { name: "landing", topic: "trains", isSparse });
}

/** Writes every offset of the ranges that the table says is new. */
async function ingestAll(table: TopicTable, ranges: readonly IngestedRange[]) {
  const messages = ranges.flatMap(({ partition, from, to }) =>
    Array.from({ length: Number(to - from) }, (_, i) => ({ partition, offset: from + BigInt(i) }))
  );
  return await table.ingest(ranges, async ({ snapshot: { metadata }, isNew }) => {
    const rows = messages.filter(isNew).map((message) => ({
      ...message,
      partition: BigInt(message.partition),
    }));
    if (rows.length === 0) return undefined;
    return appendChange([await table.delta.stageRows(rows)], rows.length, metadata);
  });
}

async function offsetsIn(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const frame of scanTable(await openTable(store, testContext()))) {
    for (const { partition, offset } of frameRows(frame, SCHEMA.fields)) found.push(`${partition}/${offset}`);
  }
  return found.sort();
}

function upTo(ends: ReadonlyMap<number, bigint>): readonly string[] {
  return [...ends].flatMap(([partition, end]) =>
    Array.from({ length: Number(end) }, (_, offset) => `${partition}/${offset}`)
  ).sort();
}

/** What a process would ingest next, as far as it knows. */
function someRanges(random: Random, table: TopicTable): readonly OffsetRange[] {
  const next = table.nextOffsets();
  return [0, 1, 2].filter(() => random() < 0.6).map((partition) => {
    const from = next.get(partition) ?? 0n;
    return { partition, from, to: from + 1n + BigInt(Math.floor(random() * 4)) };
  });
}

Deno.test("whatever processes on one table do in whatever order, it has each offset up to its end once", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed, 31);
    const store = new MemoryStore();
    const processes = await Promise.all(["a", "b", "c"].map((name) => openOffsets(store, name)));
    let overtaken = 0;
    for (let step = 0; step < 40; step++) {
      const table = processes[Math.floor(random() * processes.length)];
      if (table === undefined) continue;
      const ranges = someRanges(random, table);
      if (await ingestAll(table, ranges) === "overtaken") overtaken++;
      if (random() < 0.5) await table.delta.update();
    }
    const ends = (await openOffsets(store, "reader")).nextOffsets();
    assertEquals(await offsetsIn(store), upTo(ends), `seed ${seed}`);
    assertEquals(overtaken > 0 && ends.size === 3, true);
  }
});

Deno.test("processes at the same moment: one ingests, the others are overtaken", async () => {
  const store = new MemoryStore();
  const processes = await Promise.all(["a", "b", "c", "d"].map((name) => openOffsets(store, name)));
  const ranges = [{ partition: 0, from: 0n, to: 5n }];
  const outcomes = await Promise.all(processes.map((table) => ingestAll(table, ranges)));
  assertEquals(outcomes.filter((outcome) => outcome === "overtaken").length, 3);
  assertEquals(await offsetsIn(store), upTo(new Map([[0, 5n]])));
});

Deno.test("a commit of another partition or of new columns is no reason to be overtaken", async () => {
  const store = new MemoryStore();
  const [mine, other] = await Promise.all([openOffsets(store, "a"), openOffsets(store, "b")]);
  await ingestAll(other, [{ partition: 1, from: 0n, to: 3n }]);
  await addColumns(other.delta, tableSchema({ note: "string" }).fields);
  assertEquals(await ingestAll(mine, [{ partition: 0, from: 0n, to: 2n }]), { version: 3 });
  assertEquals(await offsetsIn(store), upTo(new Map([[0, 2n], [1, 3n]])));
});

Deno.test("a range that does not begin where the table stands is not taken, before or behind it", async () => {
  const store = new MemoryStore();
  const table = await openOffsets(store, "a");
  await ingestAll(table, [{ partition: 0, from: 7n, to: 9n }]);
  for (const from of [0n, 8n, 10n]) {
    assertEquals(await ingestAll(table, [{ partition: 0, from, to: 12n }]), "overtaken");
  }
  assertEquals(table.nextOffsets(), new Map([[0, 9n]]));
});

Deno.test("a sparse table takes only what is new to it, and never goes back", async () => {
  const store = new MemoryStore();
  const table = await openOffsets(store, "a", true);
  await ingestAll(table, [{ partition: 0, from: 0n, to: 4n }]);
  await ingestAll(table, [{ partition: 0, from: 2n, to: 6n }, { partition: 1, from: 0n, to: 1n }]);
  assertEquals(await ingestAll(table, [{ partition: 0, from: 1n, to: 3n }]), { version: 2 });
  assertEquals(table.nextOffsets(), new Map([[0, 6n], [1, 1n]]));
  assertEquals(await offsetsIn(store), upTo(new Map([[0, 6n], [1, 1n]])));
});

Deno.test("what one table lacks of another is told per partition", async () => {
  const landing = await openOffsets(new MemoryStore(), "a"),
    standard = await openOffsets(new MemoryStore(), "b");
  await ingestAll(landing, [{ partition: 0, from: 0n, to: 4n }, { partition: 1, from: 0n, to: 2n }]);
  await ingestAll(standard, [{ partition: 0, from: 0n, to: 4n }]);
  assertEquals(standard.missingFrom(landing), [{ partition: 1, from: 0n, to: 2n }]);
  assertEquals(landing.missingFrom(standard), []);
});

Deno.test("offsets beyond 2^53, other topics and other tables do not mix", async () => {
  const store = new MemoryStore();
  const table = await openOffsets(store, "a");
  const far = 2n ** 62n;
  await ingestAll(table, [{ partition: 0, from: far, to: far + 2n }]);
  const other = new TopicTable(table.delta, { name: "landing", topic: "trains2" });
  assertEquals([table.nextOffsets(), other.nextOffsets()], [new Map([[0, far + 2n]]), new Map()]);
});

Deno.test("offsets without a message add up over commits, per partition and kind, and are marks only where there are some", async () => {
  const random = seededRandom(3, 17);
  const table = await openOffsets(new MemoryStore(), "a");
  const sums = new Map<number, { expired: bigint; gaps: bigint }>();
  for (let round = 0; round < 12; round++) {
    const ranges = someRanges(random, table).map((range) => {
      const expired = BigInt(Math.floor(random() * 2)), gaps = BigInt(Math.floor(random() * 3));
      const before = sums.get(range.partition) ?? { expired: 0n, gaps: 0n };
      sums.set(range.partition, { expired: before.expired + expired, gaps: before.gaps + gaps });
      return { ...range, expired, gaps };
    });
    await ingestAll(table, ranges);
  }
  for (const partition of [0, 1, 2]) {
    const { expired = 0n, gaps = 0n } = sums.get(partition) ?? {};
    assertEquals(table.skippedOffsets(partition), { expired, gaps });
  }
  await ingestAll(table, [{ partition: 7, from: 0n, to: 1n, expired: 0n, gaps: 0n }]);
  const marks = [...table.delta.snapshot.txns.keys()].filter((appId) => appId.endsWith("/7"));
  assertEquals([marks, table.skippedOffsets(7)], [["landing/trains/7"], { expired: 0n, gaps: 0n }]);
});

Deno.test("a commit marks the partitions that it moves, and no others: a new one with nothing in it too", async () => {
  for (const isSparse of [true, false]) {
    const table = await openOffsets(new MemoryStore(), "a", isSparse);
    const ingest = async (from: bigint, to: bigint) => {
      const outcome = await table.ingest(
        [{ partition: 0, from, to, expired: 1n, gaps: 1n }],
        ({ snapshot: { metadata } }) => Promise.resolve(appendChange([], 0, metadata)),
      );
      const version = outcome === "overtaken" ? -1 : outcome.version;
      const path = `_delta_log/${String(version).padStart(20, "0")}.json`;
      const lines = new TextDecoder().decode(await table.delta.store.read(path)).trim().split("\n");
      return lines.flatMap((line) => JSON.parse(line).txn?.appId ?? []).sort();
    };
    const skipped = isSparse ? [] : ["landing.expired/trains/0", "landing.gaps/trains/0"];
    assertEquals(await ingest(0n, 0n), [...skipped, "landing/trains/0"]);
    assertEquals(await ingest(0n, 4n), [...skipped, "landing/trains/0"]);
    assertEquals(await ingest(4n, 4n), skipped);
    assertEquals(table.nextOffsets(), new Map([[0, 4n]]));
  }
});

Deno.test("nothing to write is no commit, and where nobody else writes nothing of the log is read again", async () => {
  const store = new MemoryStore();
  const table = await openOffsets(store, "a");
  let reads = 0;
  const { read, list } = store;
  store.read = (...given) => (reads++, read.apply(store, given));
  store.list = (...given) => (reads++, list.apply(store, given));
  assertEquals(await ingestAll(table, [{ partition: 0, from: 0n, to: 3n }]), { version: 1 });
  const perCommit = reads;
  assertEquals(await table.ingest([{ partition: 0, from: 3n, to: 4n }], () => Promise.resolve(undefined)), {
    version: 1,
  });
  assertEquals([reads - perCommit, table.delta.snapshot.version, table.nextOffsets().get(0)], [0, 1, 3n]);
});

Deno.test("what a table lacks begins where the other began, for a partition that it never saw", async () => {
  const landing = await openOffsets(new MemoryStore(), "a"),
    standard = await openOffsets(new MemoryStore(), "b");
  const { delta } = landing;
  await noteLog(landing, { logId: null, starts: new Map([[0, 5n], [1, 0n], [2, 9n]]) });
  await ingestAll(landing, [{ partition: 0, from: 5n, to: 8n }]);
  assertEquals(delta.snapshot.version, 2);
  assertEquals(standard.missingFrom(landing), [{ partition: 0, from: 5n, to: 8n }]);
  assertEquals(landing.missingFrom(landing), []);
});
