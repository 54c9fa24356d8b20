import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { appendFile, createTable, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { countsTag, countTable, type RowCounter } from "../../lib/tables/count_tags.ts";
import { countsUnder } from "../../lib/tables/counts.ts";
import { testContext } from "../delta/test_context.ts";

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
    ]
  ) {
    const table = await tableWith({ "ratalake.counts": tag });
    assertEquals([tag, await countTable(table, COUNTER), read], [tag, { rows: 5, "big.n": 3 }, 2]);
  }
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
