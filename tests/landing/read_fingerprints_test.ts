import { createHash } from "node:crypto";
import { assertEquals } from "@std/assert";
import { type Add, appendChange } from "../../lib/delta/mod.ts";
import { appendMessages } from "../../lib/landing/append_messages.ts";
import { readFingerprintsAt } from "../../lib/landing/find_messages.ts";
import { readFingerprints } from "../../lib/landing/read_fingerprints.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { Fingerprint } from "../../lib/tables/fingerprint.ts";
import type { TopicTable } from "../../lib/tables/topic_table.ts";
import { batchOf, type Landed, landedRow, openTables } from "./landing_rig.ts";

/** Appends messages as another engine may have: without a tag, and without statistics. */
async function appendPlain(
  landing: TopicTable,
  messages: readonly Landed[],
  ends: readonly (readonly [number, number])[],
) {
  const next = landing.nextOffsets();
  const ranges = ends.map(([partition, to]) => ({
    partition,
    from: next.get(partition) ?? 0n,
    to: BigInt(to),
  }));
  await landing.ingest(ranges, async ({ snapshot: { metadata } }) => {
    const adds = messages.length === 0
      ? []
      : [withoutStats(await landing.delta.stageRows(messages.map(landedRow)))];
    return appendChange(adds, messages.length, metadata);
  });
}

function withoutStats({ stats: _, ...add }: Add): Add {
  return add;
}

/** Computed by other means than the code under test does in the log. */
function hashOf(offset: number): string {
  return createHash("sha256").update(`message ${offset}`).digest("hex").slice(0, 16);
}

function shown(found: readonly Fingerprint[]): readonly string[] {
  return found.map(({ partition, offset, timestampMs, hash }) =>
    `${partition}/${offset} ${timestampMs} ${hash}`
  );
}

Deno.test("of each partition the last, the first and one between of the ends of all files, the newest first", async () => {
  for (let files = 1; files <= 5; files++) {
    const { landing } = await openTables();
    const random = seededRandom(files);
    const next = new Map([[0, 0], [1, 10]]);
    const ends = new Map<number, number[]>([[0, []], [1, []]]);
    for (let file = 0; file < files; file++) {
      const chunks: Landed[][] = [], ranges: [number, number, number][] = [];
      for (const [partition, from] of next) {
        const to = from + 1 + Math.floor(random() * 3);
        chunks.push(Array.from({ length: to - from }, (_, i) => ({ partition, offset: from + i })));
        ranges.push([partition, from, to]);
        ends.get(partition)?.push(...new Set([from, to - 1]));
        next.set(partition, to);
      }
      await appendMessages(landing, batchOf({ chunks, ranges }));
    }
    const found = await readFingerprints(landing);
    for (const [partition, offsets] of ends) {
      const sorted = offsets.toSorted((a, b) => b - a);
      const three = [...new Set([sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)])];
      assertEquals(
        shown(found.filter((each) => each.partition === partition)),
        three.map((offset = -1) => `${partition}/${offset} ${offset} ${hashOf(offset)}`),
      );
    }
  }
});

Deno.test("a partition whose files have no tags gives its last message, by place and time, from whatever file has it", async () => {
  const { landing } = await openTables();
  await appendPlain(landing, [{ partition: 0, offset: 4, timestampMs: 77 }, { partition: 2, offset: 0 }], [[
    0,
    5,
  ], [2, 1]]);
  await appendPlain(landing, [{ partition: 2, offset: 1, timestampMs: -3 }], [[2, 2]]);
  await appendMessages(landing, batchOf({ chunks: [[{ partition: 1, offset: 0 }]], ranges: [[1, 0, 1]] }));
  assertEquals(shown(await readFingerprints(landing)).toSorted(), [
    "0/4 77 null",
    `1/0 0 ${hashOf(0)}`,
    "2/1 -3 null",
  ]);
});

Deno.test("nothing is known of a partition without messages, one that ends in a gap, and one whose last has no time", async () => {
  const { landing } = await openTables();
  assertEquals(await readFingerprints(landing), []);
  await appendPlain(landing, [], [[0, 0]]);
  await appendPlain(
    landing,
    [{ partition: 1, offset: 0 }, { partition: 2, offset: 0, timestampMs: null }, {
      partition: 3,
      offset: 1,
    }],
    [[1, 5], [2, 1], [3, 2]],
  );
  assertEquals(shown(await readFingerprints(landing)), ["3/1 1 null"]);
});

Deno.test("files are opened from the newest on, until each partition is known, and none where tags know all", async () => {
  const { landing } = await openTables();
  for (let offset = 0; offset < 4; offset++) {
    await appendPlain(landing, [{ partition: 0, offset }, { partition: 1, offset }], [[0, offset + 1], [
      1,
      offset + 1,
    ]]);
  }
  // A partition in which nothing ever was is not looked for.
  await appendPlain(landing, [], [[9, 0]]);
  const opened: string[] = [];
  const { store } = landing.delta;
  const { read } = store;
  store.read = (path, ...rest) => (opened.push(path), read.call(store, path, ...rest));
  assertEquals((await readFingerprints(landing)).length, 2);
  assertEquals(new Set(opened).size, 1);
  await appendMessages(
    landing,
    batchOf({
      chunks: [[{ partition: 0, offset: 4 }, { partition: 1, offset: 4 }]],
      ranges: [[0, 4, 5], [1, 4, 5]],
    }),
  );
  opened.length = 0;
  assertEquals([(await readFingerprints(landing)).length, opened], [2, []]);
});

Deno.test("the messages at given places are read from the files that have them; what landing does not have is absent", async () => {
  const { landing } = await openTables();
  const opened: string[] = [];
  const { store } = landing.delta;
  const { read } = store;
  store.read = (path, ...rest) => (opened.push(path), read.call(store, path, ...rest));
  assertEquals([await readFingerprintsAt(landing, [{ partition: 0, offset: 0n }]), opened], [[], []]);
  const foreign = { partition: 0, offset: 1, topic: "buses", value: "of another topic" };
  for (const [from, others] of [[0, [foreign]], [3, []], [6, []]] as const) {
    const mine = [0, 1].flatMap((partition) =>
      [0, 1, 2].map((i): Landed => ({ partition, offset: from + i, timestampMs: 1000 * partition + i }))
    );
    const chunks = [[...mine, ...others]];
    await appendMessages(landing, batchOf({ chunks, ranges: [[0, from, from + 3], [1, from, from + 3]] }));
  }
  opened.length = 0;
  assertEquals([await readFingerprintsAt(landing, []), opened], [[], []]);
  const places = [[0, 1], [1, 4], [0, 9], [2, 1]].map(([partition = 0, offset = 0]) => {
    return { partition, offset: BigInt(offset) };
  });
  assertEquals(shown(await readFingerprintsAt(landing, places)).toSorted(), [
    `0/1 1 ${hashOf(1)}`,
    `1/4 1001 ${hashOf(4)}`,
  ]);
  assertEquals(new Set(opened).size, 2);
});
