import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { z } from "zod";
import { appendFile, createTable, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import {
  countsOf,
  countsTag,
  countTable,
  keysOf,
  type RowCounter,
  rowsTag,
} from "../../lib/tables/count_tags.ts";
import { countsUnder } from "../../lib/tables/counts.ts";
import { fakeAdd, testContext } from "../delta/test_context.ts";

let read = 0;

const COUNTER: RowCounter = {
  set: "numbers-2",
  count: (rows) => {
    read++;
    return { rows: rows.height, "big.n": rows.filter(pl.col("n").gt(5)).height };
  },
};

/** A table of two files; `tags` go to the first. */
async function tableWith(tags?: Readonly<Record<string, string>>) {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ n: "long" }) }, testContext());
  for (const [i, rows] of [[1, 9], [7, 8, 2]].entries()) {
    const frame = pl.DataFrame([pl.Series("n", rows, pl.Int64)]);
    const add = await table.stageFile(frame, { ...(i === 0 && tags ? { tags } : {}) });
    await appendFile(table, add, { rows: rows.length });
  }
  read = 0;
  return table;
}

Deno.test("files that carry their counts are not read, others are, and the sum is the same", async () => {
  const table = await tableWith(countsTag(COUNTER, { rows: 2, "big.n": 1 }));
  assertEquals(await countTable(table, COUNTER), { rows: 5, "big.n": 3 });
  assertEquals(read, 1);
});

Deno.test("a tag that is no record of counts is another writer's and is passed over", async () => {
  for (
    const tag of [
      "",
      "{",
      "null",
      "[]",
      '{"rows":-1}',
      '"5"',
      '{"rows":"2"}',
      '{"rows":1.5}',
      '{"rows":null}',
      '{"set":"numbers-2"}',
      '{"set":"numbers-2","counts":[]}',
      '{"set":"numbers-2","counts":{"rows":-1}}',
      '{"set":"numbers-2","counts":{"rows":"2"}}',
      '{"set":"numbers-2","counts":{"rows":1.5}}',
      '{"set":"numbers-2","counts":{"rows":null}}',
      '{"set":2,"counts":{"rows":2}}',
      '{"set":"numbers-2","counts":{},"packed":null}',
      '{"set":"numbers-2","counts":{},"packed":{"a.b":2}}',
      '{"set":"numbers-2","counts":{},"packed":{"a.b":"c:-1"}}',
      '{"set":"numbers-2","counts":{},"packed":{"a.b":"c:1,"}}',
      '{"set":"numbers-2","counts":{},"packed":["c"]}',
    ]
  ) {
    const table = await tableWith({ "ratalake.counts": tag });
    assertEquals([tag, await countTable(table, COUNTER), read], [tag, { rows: 5, "big.n": 3 }, 2]);
  }
});

Deno.test("many small counts come back from a few characters, whatever they are called", async () => {
  const counts = {
    rows: 5,
    "a.b.-15": 3,
    "a.b.0": 1,
    "a.c": 7,
    "a.b.with space:1,2": 4,
    "a.b.": 6,
    "b.c.d": 2,
  };
  const tag = countsTag({ set: COUNTER.set, packed: "a." }, counts);
  assertEquals(JSON.parse(tag["ratalake.counts"] ?? "").packed, { "a.b": "-15:3,0:1", a: "c:7" });
  assertEquals(countsOf({ ...fakeAdd("file"), tags: tag }, COUNTER), counts);
  assertEquals(await countTable(await tableWith(tag), COUNTER), { ...counts, rows: 8, "big.n": 2 });
});

Deno.test("counts of another set are not taken: a rule that is new or means something else is counted anew", async () => {
  const table = await tableWith(countsTag({ set: "numbers-1" }, { rows: 2, "big.n": 77 }));
  assertEquals(await countTable(table, COUNTER), { rows: 5, "big.n": 3 });
  assertEquals(read, 2);
});

Deno.test("a part of the counts is named without its prefix", () => {
  assertEquals(countsUnder({ "drift.$.a": 1, "drift.": 2, rows: 3, drift: 4 }, "drift."), {
    "$.a": 1,
    "": 2,
  });
});

/** What a tag may hold, said by another library. */
const REFERENCE = z.object({
  set: z.string(),
  counts: z.record(z.string(), z.int().min(0)),
  keys: z.string().regex(/^[0-9a-z.]*$/).optional(),
});

Deno.test("of any JSON in a tag, counts and keys are taken where it is a whole record of this set, and nothing else", () => {
  const random = seededRandom(11);
  let taken = 0;
  for (let round = 0; round < 2000; round++) {
    const value = someTag(random);
    const add = addWith(JSON.stringify(value));
    const { success, data } = REFERENCE.safeParse(value);
    const isMine = success && data.set === COUNTER.set;
    const context = JSON.stringify(value);
    assertEquals(countsOf(add, COUNTER), isMine ? data.counts : null, context);
    assertEquals(keysOf(add, COUNTER) === null, !isMine || data.keys === undefined, context);
    if (isMine) taken++;
  }
  assertEquals(taken > 100 && taken < 1900, true);
});

Deno.test("keys come back in rising order, each once, however they were given; without any there is a difference between none and unknown", () => {
  const random = seededRandom(12);
  for (let size = 0; size < 30; size++) {
    const keys = Array.from({ length: size }, () => Math.floor(random() * 2 ** (random() * 45)));
    const add = { ...fakeAdd("file"), tags: countsTag(COUNTER, { rows: 1 }, keys) };
    assertEquals(keysOf(add, COUNTER), [...new Set(keys)].sort((a, b) => a < b ? -1 : 1));
    assertEquals(keysOf(add, { set: "numbers-1" }), null);
  }
  const unknown = { ...fakeAdd("file"), tags: countsTag(COUNTER, { rows: 0 }) };
  assertEquals([keysOf(unknown, COUNTER), countsOf(unknown, COUNTER)], [null, { rows: 0 }]);
  assertEquals(unknown.tags, { "ratalake.counts": '{"set":"numbers-2","counts":{"rows":0}}' });
  assertEquals([keysOf(fakeAdd("file"), COUNTER), countsOf(fakeAdd("file"), COUNTER)], [null, null]);
});

Deno.test("the tag of new rows has what the counter says of them, keys only where it knows keys", async () => {
  const table = await tableWith();
  const rows = pl.DataFrame([pl.Series("n", [6, 1], pl.Int64)]);
  const withKeys: RowCounter = { ...COUNTER, keys: ({ height }) => [height, 40] };
  const [plain, keyed] = await Promise.all(
    [COUNTER, withKeys].map((counter) => table.stageFile(rows, { tags: rowsTag(counter)(rows) })),
  );
  if (plain === undefined || keyed === undefined) throw new Error("no file");
  assertEquals([countsOf(plain, COUNTER), keysOf(plain, COUNTER)], [{ rows: 2, "big.n": 1 }, null]);
  assertEquals([countsOf(keyed, COUNTER), keysOf(keyed, COUNTER)], [{ rows: 2, "big.n": 1 }, [2, 40]]);
});

function addWith(tag: string) {
  return { ...fakeAdd("file"), tags: { "ratalake.counts": tag } };
}

/** A record in which each part is right most of the time. */
function someTag(random: Random): unknown {
  const pick = (right: readonly unknown[], wrong: readonly unknown[]) => {
    const from = random() < 0.85 ? right : wrong;
    return from[Math.floor(random() * from.length)];
  };
  const counts = pick([{}, { rows: 0 }, { rows: 3, "big.n": 1 }], [
    undefined,
    null,
    5,
    "x",
    [],
    [1],
    { rows: -1 },
    { rows: 0.5 },
    { rows: "2" },
    { rows: 2, other: 2 ** 53 },
  ]);
  const set = pick(["numbers-2"], ["numbers-1", 2, null, undefined]);
  const keys = pick([undefined, undefined, "", "0", "a.1.z"], ["A", "-1", 5, null, ["a"]]);
  return pick([{ set, counts, keys }], [null, "text", 5, [], [{ set, counts }], {}]);
}
