import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  createTable,
  type DeltaTable,
  exactLiteral,
  LocalStore,
  MemoryStore,
  mergeInto,
  replaceGroups,
  type Store,
  type StructType,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const UPSERT = { whenMatched: [{ action: "update" }], whenNotMatched: [{}] } as const;

Deno.test("a merge writes one file per partition, with the rows that are new there", async () => {
  const table = await tableOf(tableSchema({ part: "string", id: "long", note: "string" }));
  const old = [1, 2, 3].flatMap((id) => ["a", "b"].map((part) => ({ part, id, note: "old" })));
  await appendFrame(table, old);
  const news = [["a", 2], ["a", 9], ["b", 3], ["c", 1], [null, 1], ["", 2]] as const;
  await mergeInto(table, news.map(([part, id]) => ({ part, id, note: "new" })), {
    on: ["part", "id"],
    ...UPSERT,
  });
  const files = [...table.snapshot.files.values()].map(({ partitionValues }) => partitionValues.part);
  assertEquals(files.map(String).toSorted(), ["a", "b", "c", "null"]);
  const rows = (await tableRows(table)).map(({ part, id, note }) => [part, id, note].join(" "));
  assertEquals(rows.toSorted(), [
    ...[
      " 1 new",
      " 2 new",
      "a 1 old",
      "a 2 new",
      "a 3 old",
      "a 9 new",
      "b 1 old",
      "b 2 old",
      "b 3 new",
      "c 1 new",
    ],
  ]);
});

Deno.test("the two zeros and NaN are keys as in polars also where they are partitions", async () => {
  const table = await tableOf(tableSchema({ part: "double", id: "long", note: "string" }));
  await appendFrame(table, [-0, 0, NaN].map((part, id) => ({ part, id, note: "old" })));
  const news = [[0, 0], [-0, 1], [NaN, 2]] as const;
  const outcome = await mergeInto(table, news.map(([part, id]) => ({ part, id, note: "new" })), {
    on: ["part", "id"],
    ...UPSERT,
  });
  assertEquals(outcome.status === "committed" && outcome.metrics.numTargetRowsUpdated, "3");
  assertEquals((await tableRows(table)).map(({ note }) => note), ["new", "new", "new"]);
});

Deno.test("a partition is found however its writer has spelled the value", async () => {
  const table = await tableOf(tableSchema({ part: "timestamp", id: "long", note: "string" }));
  const rows = (note: string) => [1, 2].map((id) => ({ part: new Date("2025-02-17T10:00:00Z"), id, note }));
  await appendFrame(table, rows("old"));
  const [add] = table.snapshot.files.values();
  const texts = ["2025-02-17 10:00:00", "2025-02-17T10:00:00.000000Z"];
  for (const [index, part] of texts.entries()) {
    const adds = add === undefined ? [] : [{ ...add, partitionValues: { part } }];
    await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
    await mergeInto(table, rows("new"), { on: ["part", "id"], ...UPSERT });
    // The second time the file comes back beside what the first merge made of it.
    const notes = (await tableRows(table)).map(({ note }) => note);
    assertEquals([notes, table.snapshot.files.size], [Array(2 * index + 2).fill("new"), 1]);
  }
});

Deno.test("rows that an update moves to one partition from several end up in one file", async () => {
  const rows = ["a", "b", "c"].map((part, id) => ({ part, id, note: "x" }));
  const schema = tableSchema({ part: "string", id: "long", note: "string" });
  const [updated, merged] = [await tableOf(schema), await tableOf(schema)];
  for (const table of [updated, merged]) await appendFrame(table, rows);
  await updateRows(updated, { set: { part: "z" } });
  await mergeInto(merged, rows, {
    on: ["part", "id"],
    whenMatched: [{ action: "update", set: { part: "z", id: exactLiteral(7n, "long") } }],
  });
  for (const table of [updated, merged]) assertEquals(table.snapshot.files.size, 1);
});

Deno.test("groups are replaced with one file per partition, also where the table had none", async () => {
  const table = await tableOf(tableSchema({ part: "date", id: "long", note: "string" }));
  const rows = ["2025-02-17", "2025-02-18"].map((part) => ({ part, id: 1, note: "old" }));
  await appendFrame(table, rows);
  const days = ["2025-02-18", "2025-02-19"];
  await replaceGroups(table, days.flatMap((part) => [1, 2].map((id) => ({ part, id, note: "new" }))), {
    by: ["part", "id"],
  });
  assertEquals(table.snapshot.files.size, 3);
  assertEquals((await tableRows(table)).length, 5);
});

Deno.test("a change that fails in a later partition leaves no file behind", async () => {
  let fails = false;
  let written = 0;
  const store = new MemoryStore({
    beforePut: (path) => {
      if (fails && path.startsWith("part=") && ++written === 3) throw new TypeError("no room");
    },
  });
  const table = await tableOf(tableSchema({ part: "string", id: "long" }), store);
  await appendFrame(table, ["a", "b", "c", "d", "e"].map((part) => ({ part, id: 1 })));
  const before = (await store.list("")).map(({ path }) => path);
  fails = true;
  await assertRejects(
    () => updateRows(table, { set: { id: exactLiteral(2n, "long") } }),
    TypeError,
    "no room",
  );
  assertEquals((await store.list("")).map(({ path }) => path), before);
});

Deno.test({
  name: "files that are written beside others hold the same rows and statistics as those written alone",
  permissions: { read: true, write: true, sys: true, ffi: true, env: true },
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      const found = [];
      for (const store of [new LocalStore(folder), new MemoryStore()]) found.push(await mergeLarge(store));
      assertEquals(found[0], found[1]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

// Three partitions of more rows than are written at once.
async function mergeLarge(store: Store): Promise<unknown> {
  const table = await tableOf(
    tableSchema({ part: "string", id: "integer", text: "string", time: "timestamp", share: "double" }),
    store,
  );
  const frame = (parts: readonly string[], first: number, count: number) =>
    pl.concat(
      parts.map((part) =>
        pl.DataFrame({ id: Array.from({ length: count }, (_, row) => first + row) }).select(
          pl.lit(part).alias("part"),
          pl.col("id").cast(pl.Int32),
          pl.when(pl.col("id").modulo(3).eq(pl.lit(0))).then(pl.lit(null)).otherwise(
            pl.col("id").cast(pl.Utf8),
          )
            .alias("text"),
          pl.col("id").cast(pl.Int64).cast(pl.Datetime("us", "UTC")).alias("time"),
          pl.col("id").div(7).alias("share"),
        )
      ),
    );
  await appendFrame(table, frame(["a", "b", "c"], 0, 9000));
  await mergeInto(table, frame(["a", "b", "c", "d"], 8990, 6000), { on: ["part", "id"], ...UPSERT });
  const stats = [...table.snapshot.files.values()].map((
    { partitionValues, stats },
  ) => [partitionValues, stats]);
  return { stats, rows: await tableRows(table) };
}

async function tableOf(schema: StructType, store: Store = new MemoryStore()): Promise<DeltaTable> {
  return await createTable(store, { schema, partitionColumns: ["part"] }, testContext());
}
