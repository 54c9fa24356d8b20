import { assert, assertEquals } from "@std/assert";
import type { TrainSpan } from "../../lib/validate/validate_chunk.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { planMerge, trainKey, type TrainState } from "../../lib/standard/plan_merge.ts";

type Spans = readonly TrainSpan[];
type Table = Map<number, TrainState>;

const DAY = 20_136;

/** Messages of few trains with few versions of few epochs, so that all cases come often. */
function makeSpans(random: Random, count: number, options: { readonly contents: number }): Spans {
  return Array.from({ length: count }, (_, place) => {
    const trainNumber = 1 + Math.floor(random() * 4), version = Math.floor(random() * 4);
    // One train stays in one partition, as its key decides.
    const partition = trainNumber % 2;
    // A source that was set up anew may say the very same again.
    const sourceEpoch = random() < 0.5 ? 0 : Math.floor(random() * 3);
    const content = Math.floor(random() * options.contents);
    return {
      departureDay: DAY - Math.floor(random() * 2),
      trainNumber,
      sourceEpoch,
      version,
      contentHash: BigInt(version * 10 + content),
      partition,
      offset: BigInt(place),
      timestampMs: place,
      fetchedAtMs: NaN,
      firstRow: place * 10,
      rowCount: 2 + trainNumber + version + 10 * sourceEpoch,
    };
  });
}

function keyOf({ departureDay, trainNumber }: TrainSpan): number {
  return trainKey(departureDay, trainNumber);
}

/** Takes the spans in batches, each cut into chunks, and returns the table and the sums of all counts. */
function takeAll(spans: Spans, random: Random) {
  const table: Table = new Map();
  const sums = { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rows: 0 };
  for (let at = 0; at < spans.length;) {
    const batch = spans.slice(at, at += 1 + Math.floor(random() * spans.length));
    const chunks: Spans[] = [];
    for (let from = 0; from < batch.length;) {
      chunks.push(batch.slice(from, from += 1 + Math.floor(random() * 5)));
    }
    const { winners, counts } = planMerge(chunks, (key) => table.get(key));
    for (const mine of counts.values()) {
      for (const name of ["accepted", "duplicate", "stale", "conflict"] as const) sums[name] += mine[name];
      sums.rows += mine.rowsAdded - mine.rowsRemoved;
    }
    for (const [key, { chunk, span }] of winners) {
      assert(chunks[chunk]?.includes(span));
      assertEquals(key, keyOf(span));
      table.set(key, span);
    }
  }
  return { table, sums };
}

/** The rule in its plainest form: one message after the other. */
function takeOneByOne(spans: Spans) {
  const table: Table = new Map();
  const sums = { accepted: 0, duplicate: 0, stale: 0, conflict: 0 };
  for (const span of spans) {
    const held = table.get(keyOf(span));
    const isSame = held?.sourceEpoch === span.sourceEpoch && held.version === span.version;
    if (held !== undefined && !isSame && isNewer(held, span)) sums.stale++;
    else if (isSame && held.contentHash === span.contentHash) sums.duplicate++;
    else {
      if (isSame) sums.conflict++;
      sums.accepted++;
      table.set(keyOf(span), span);
    }
  }
  return { table, sums };
}

function isNewer(a: TrainState, b: TrainState): boolean {
  return a.sourceEpoch > b.sourceEpoch || (a.sourceEpoch === b.sourceEpoch && a.version > b.version);
}

function contentOf(table: Table): readonly string[] {
  return [...table].map(([key, { sourceEpoch, version, contentHash, rowCount }]) =>
    `${key} ${sourceEpoch} ${version} ${contentHash} ${rowCount}`
  ).sort();
}

Deno.test("batches and chunks of any size decide as if each message came alone, conflicts included", () => {
  const random = seededRandom(71);
  for (let round = 0; round < 500; round++) {
    const spans = makeSpans(random, 1 + Math.floor(random() * 40), { contents: 2 });
    const { table, sums: { rows, ...sums } } = takeAll(spans, random);
    const model = takeOneByOne(spans);
    assertEquals({ round, sums, table: [...table].sort() }, {
      round,
      sums: model.sums,
      table: [...model.table].sort(),
    });
    assertEquals(rows, [...table.values()].reduce((sum, { rowCount }) => sum + rowCount, 0));
    assertEquals(sums.accepted + sums.duplicate + sums.stale, spans.length);
  }
});

Deno.test("any order and any repetition of the same messages gives the same winners", () => {
  const random = seededRandom(72);
  for (let round = 0; round < 500; round++) {
    const spans = makeSpans(random, 1 + Math.floor(random() * 30), { contents: 1 });
    const again = spans.flatMap((span) => random() < 0.3 ? [span, span] : [span])
      .map((span) => ({ span, place: random() })).sort((a, b) => a.place - b.place)
      .map(({ span }, place) => ({ ...span, offset: BigInt(place), timestampMs: place }));
    const { table, sums } = takeAll(again, random);
    assertEquals(contentOf(table), contentOf(takeOneByOne(spans).table));
    assertEquals([sums.accepted + sums.duplicate + sums.stale, sums.conflict], [again.length, 0]);
  }
});

Deno.test("of two contents of one version the later in the log stays, in whatever order partitions are read", () => {
  const [span] = makeSpans(seededRandom(73), 1, { contents: 1 });
  assert(span !== undefined);
  const early = { ...span, contentHash: 1n, partition: 0, offset: 9n, timestampMs: 5 };
  const late = { ...span, contentHash: 2n, partition: 1, offset: 2n, timestampMs: 6 };
  const tied = { ...span, contentHash: 3n, partition: 2, offset: 0n, timestampMs: 6 };
  for (const order of [[early, late, tied], [tied, late, early], [late, tied, early], [early, tied, late]]) {
    const { winners, counts } = planMerge([order], () => undefined);
    assertEquals(winners.get(keyOf(span))?.span.contentHash, 3n);
    const sum = [...counts.values()].reduce((total, { accepted, stale }) => total + accepted + stale, 0);
    assertEquals(sum, 3);
  }
});

Deno.test("within a partition the later offset is the later message, whatever its clock said", () => {
  const [span] = makeSpans(seededRandom(75), 1, { contents: 1 });
  assert(span !== undefined);
  const first = { ...span, contentHash: 1n, offset: 3n, timestampMs: 5 };
  for (const timestampMs of [4, 5, 6]) {
    const second = { ...first, contentHash: 2n, offset: 4n, timestampMs };
    for (const [held, message, outcome] of [[first, second, "accepted"], [second, first, "stale"]] as const) {
      const { winners, counts } = planMerge([[message]], () => held);
      const { accepted, stale, conflict } = counts.get(span.partition) ?? {};
      assertEquals(
        [winners.size, accepted, stale, conflict],
        outcome === "accepted" ? [1, 1, 0, 1] : [0, 0, 1, 1],
      );
    }
  }
});

Deno.test("counts belong to the partition of the message, rows removed to that of the winner", () => {
  const [span] = makeSpans(seededRandom(74), 1, { contents: 1 });
  assert(span !== undefined);
  const held = { ...span, version: 1, rowCount: 7, partition: 0 };
  const newer = { ...span, version: 2, rowCount: 3, partition: 1 };
  const { counts } = planMerge([[{ ...held, version: 0 }, held], [newer]], () => held);
  const none = { accepted: 0, duplicate: 0, stale: 0, conflict: 0, rowsAdded: 0, rowsRemoved: 0 };
  assertEquals(counts.get(0), { ...none, duplicate: 1, stale: 1 });
  assertEquals(counts.get(1), { ...none, accepted: 1, rowsAdded: 3, rowsRemoved: 7 });
});

Deno.test("no two trains of any dates share a key", () => {
  const keys = new Set<number>();
  for (const day of [-719_528, -1, 0, 1, 20_136, 2_932_896]) {
    for (const number of [1, 2, 99_998, 99_999]) keys.add(trainKey(day, number));
  }
  assertEquals(keys.size, 24);
});

Deno.test("a train that is merged anew is compared again with none but versions that nobody has compared", () => {
  const made = (version: number, offset: number): TrainSpan => ({
    ...{ departureDay: DAY, trainNumber: 7, sourceEpoch: 0, version, contentHash: BigInt(offset) },
    ...{
      partition: 0,
      offset: BigInt(offset),
      timestampMs: offset,
      fetchedAtMs: NaN,
      firstRow: 0,
      rowCount: 2,
    },
  });
  // The table has version 4 of offset 2; 3 is older, another 4 and a 5 were in quarantine.
  const spans = [made(3, 0), made(4, 1), made(4, 2), made(5, 3)];
  const anew = new Set(spans.map(keyOf));
  const { renewals } = planMerge(spans.map((span) => [span]), () => spans[2], { anew });
  assertEquals(renewals.map(({ before, after }) => [before?.span.offset, after.span.offset]), [[2n, 3n]]);
});

Deno.test("a source that was set up anew takes nothing back, and what comes late of before is no fault of it", () => {
  const made = (sourceEpoch: number, version: number, offset: number): TrainSpan => ({
    ...{ departureDay: DAY, trainNumber: 7, sourceEpoch, version, contentHash: BigInt(offset), partition: 0 },
    ...{ offset: BigInt(offset), timestampMs: offset, fetchedAtMs: 100 + offset, firstRow: 0, rowCount: 2 },
  });
  const spans = [made(0, 90, 0), made(0, 91, 1), made(1, 3, 2), made(0, 95, 3), made(1, 2, 4), made(1, 4, 5)];
  const { winners, renewals, backwards, counts } = planMerge([spans], () => undefined);
  assertEquals(winners.get(trainKey(DAY, 7))?.span.offset, 5n);
  assertEquals(renewals.map(({ before, after }) => [before?.span.offset, after.span.offset]), [[0n, 1n], [
    2n,
    5n,
  ]]);
  // Within the new count a version went back.
  assertEquals(backwards.map(({ offset }) => offset), [4n]);
  const { accepted, stale, conflict } = counts.get(0) ?? {};
  assertEquals([accepted, stale, conflict], [4, 2, 0]);
});
