import { assertEquals, assertRejects } from "@std/assert";
import { Dictionary, Int32, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { appendFrame } from "../../../lib/delta/change/append.ts";
import { sourceColumn } from "../../../lib/delta/change/merge_clauses.ts";
import { mergeInto } from "../../../lib/delta/change/merge_into.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type Store,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { replaceGroups } from "../../../lib/delta/change/replace_groups.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const schema = tableSchema({ day: "date", train: "long", name: "string" });
const upsert = { whenMatched: [{ action: "update" }], whenNotMatched: [{}] } as const;

Deno.test("an upsert updates what is there, inserts what is not, and says how much", async () => {
  const { table } = await twoDays();
  const outcome = await mergeInto(table, frameOf([["2025-02-17", 1, "new"], ["2025-02-18", 9, "more"]]), {
    on: ["day", "train"],
    ...upsert,
  });
  assertEquals(await shortRows(table), [
    ["2025-02-17", 1n, "new"],
    ["2025-02-17", 2n, "b"],
    ["2025-02-18", 1n, "c"],
    ["2025-02-18", 2n, "d"],
    ["2025-02-18", 9n, "more"],
  ]);
  assertEquals(outcome.status === "committed" ? outcome.metrics : {}, {
    numSourceRows: "2",
    numTargetRowsInserted: "1",
    numTargetRowsUpdated: "1",
    numTargetRowsDeleted: "0",
    numTargetRowsCopied: "1",
    numOutputRows: "3",
    numTargetFilesAdded: "2",
    numTargetFilesRemoved: "1",
  });
  const [entry] = await table.history();
  assertEquals(entry?.commitInfo.operationParameters, {
    predicate: '["(target.day = source.day)","(target.train = source.train)"]',
    matchedPredicates: '[{"actionType":"update"}]',
    notMatchedPredicates: '[{"actionType":"insert"}]',
    notMatchedBySourcePredicates: "[]",
  });
});

Deno.test("a merge opens only files that may hold its keys", async () => {
  const { table, opened } = await twoDays();
  await mergeInto(table, frameOf([["2025-02-18", 2, "new"]]), { on: ["day", "train"], ...upsert });
  assertEquals(opened.every((path) => path.startsWith("day=2025-02-18/")), true, opened.join());
  opened.length = 0;
  await mergeInto(table, frameOf([["2025-02-18", 50, "beyond the bounds"]]), {
    on: ["day", "train"],
    ...upsert,
  });
  assertEquals(opened, []);
});

Deno.test("a merge that only inserts reads the keys and rewrites nothing, on append-only tables too", async () => {
  const { table, opened } = await twoDays({ "delta.appendOnly": "true" });
  const before = [...table.snapshot.files.keys()];
  const source = frameOf([["2025-02-17", 1, "not again"], ["2025-02-17", 3, "new"], [
    "2025-02-17",
    3,
    "twice",
  ]]);
  const outcome = await mergeInto(table, source, { on: ["day", "train"], whenNotMatched: [{}] });
  assertEquals(outcome.status === "committed" ? outcome.metrics.numTargetRowsInserted : "", "2");
  assertEquals(before.every((path) => table.snapshot.files.has(path)), true);
  assertEquals(opened.length, 1);
  await assertRejects(
    () => mergeInto(table, source, { on: ["day", "train"], ...upsert }),
    TypeError,
    "append only",
  );
});

Deno.test("a merge in which a row matches several of the source is refused", async () => {
  const { table } = await twoDays();
  const source = frameOf([["2025-02-17", 1, "x"], ["2025-02-17", 1, "y"]]);
  await assertRejects(
    () => mergeInto(table, source, { on: ["day", "train"], ...upsert }),
    TypeError,
    "found rows that match several of the source by day, train, expected one",
  );
  assertEquals((await table.update()).version, 2);
});

Deno.test("a null in the key matches nothing and is inserted", async () => {
  const { table } = await twoDays();
  const source = [{ day: "2025-02-17", train: null, name: "x" }];
  for (let round = 0; round < 2; round++) await mergeInto(table, source, { on: ["day", "train"], ...upsert });
  assertEquals((await shortRows(table)).filter(([, , name]) => name === "x").length, 2);
});

Deno.test("rows that the source does not have are deleted where that is asked for", async () => {
  const { table } = await twoDays();
  await mergeInto(table, frameOf([["2025-02-17", 1, "x"]]), {
    on: ["day", "train"],
    whenNotMatchedBySource: [{ action: "delete", where: pl.col("train").eq(pl.lit(2)) }, {
      action: "update",
      set: { name: "left" },
    }],
  });
  assertEquals(await shortRows(table), [["2025-02-17", 1n, "a"], ["2025-02-18", 1n, "left"]]);
});

Deno.test("a merge that changes nothing commits nothing", async () => {
  const { table } = await twoDays();
  const source = frameOf([["2025-02-17", 7, "x"]]);
  const update = { on: ["train"], whenMatched: [{ action: "update" }] } as const;
  assertEquals(await mergeInto(table, source, update), { status: "unchanged", version: 2 });
});

Deno.test("new columns of the source are added where that is asked for", async () => {
  const { table } = await twoDays();
  const source = frameOf([["2025-02-17", 1, "x"]]).withColumns(pl.lit(true).alias("late"));
  await mergeInto(table, source, { on: ["day", "train"], ...upsert, mergeSchema: true });
  assertEquals((await tableRows(table)).map(({ late }) => late), [true, null, null, null]);
});

Deno.test("dictionary columns of the source are strings for the table", async () => {
  const { table } = await twoDays();
  const names = new Table({ name: vectorFromArray(["ÄS", "HKI"], new Dictionary(new Utf8(), new Int32())) });
  const plain = frameOf([["2025-02-17", 1, null], ["2025-02-17", 5, null]]).drop("name");
  const named = pl.readIPC(Buffer.from(tableToIPC(names, "file"))).getColumn("name");
  const source = plain.withColumn(named);
  await mergeInto(table, source, { on: ["day", "train"], ...upsert });
  assertEquals((await shortRows(table)).map(([, , name]) => name).slice(0, 3), ["ÄS", "b", "HKI"]);
});

Deno.test("a key that one side does not have, or with another type, is refused with both types", async () => {
  const { table } = await twoDays();
  const source = frameOf([["2025-02-17", 1, "x"]]);
  await assertRejects(
    () => mergeInto(table, source.withColumns(pl.col("train").cast(pl.Int32)), { on: ["train"], ...upsert }),
    TypeError,
    'Cannot merge by the column "train": found integer in the source and long in the table',
  );
  await assertRejects(
    () => mergeInto(table, source.drop("train"), { on: ["train"], ...upsert }),
    TypeError,
    "found missing in the source and long in the table",
  );
  const set = { name: sourceColumn("train") };
  await assertRejects(
    () => mergeInto(table, source, { on: ["train"], whenMatched: [{ action: "update", set }] }),
    TypeError,
    'Cannot set the column "name": found long, expected string',
  );
});

Deno.test("groups are replaced whole, whatever number of rows they have, and older ones stay out", async () => {
  const { table } = await twoDays();
  const withVersion = (rows: Parameters<typeof frameOf>[0], version: number) =>
    frameOf(rows).withColumns(pl.lit(version).cast(pl.Int32).alias("version"));
  const by = ["day", "train"];
  const newest = { by, newestBy: "version", mergeSchema: true };
  await replaceGroups(table, withVersion([["2025-02-17", 1, "x"], ["2025-02-17", 1, "y"]], 5), newest);
  const older = withVersion([["2025-02-17", 1, "old"], ["2025-02-17", 2, "first"]], 4);
  const outcome = await replaceGroups(table, older, newest);
  assertEquals(outcome.status === "committed" ? outcome.metrics.numTargetRowsInserted : "", "1");
  assertEquals((await tableRows(table)).map(({ name, version }) => [name, version]), [
    ["x", 5],
    ["y", 5],
    ["first", 4],
    ["c", null],
    ["d", null],
  ]);
  await assertRejects(
    () => replaceGroups(table, frameOf([["2025-02-17", null, "x"]]), { by }),
    TypeError,
    '"train": found nulls',
  );
});

/** Trains 1 and 2 of two days, one file per day, with the names a to d; tells which data files are opened. */
async function twoDays(
  configuration: Readonly<Record<string, string>> = {},
): Promise<{ readonly table: DeltaTable; readonly opened: string[] }> {
  const opened: string[] = [];
  const inner = new MemoryStore();
  const store: Store = {
    label: "watched",
    guarantees: inner.guarantees,
    read: (path, range) => {
      if (path.endsWith(".parquet")) opened.push(path);
      return inner.read(path, range);
    },
    list: (prefix, options) => inner.list(prefix, options),
    put: (path, bytes) => inner.put(path, bytes),
    putIfAbsent: (path, bytes) => inner.putIfAbsent(path, bytes),
    remove: (path) => inner.remove(path),
  };
  const table = await createTable(store, { schema, partitionColumns: ["day"], configuration }, testContext());
  await appendFrame(table, frameOf([["2025-02-17", 1, "a"], ["2025-02-17", 2, "b"]]));
  await appendFrame(table, frameOf([["2025-02-18", 1, "c"], ["2025-02-18", 2, "d"]]));
  return { table, opened };
}

async function shortRows(table: DeltaTable): Promise<readonly (readonly unknown[])[]> {
  return (await tableRows(table)).map(({ day, train, name }) => [day, train, name]);
}

function frameOf(rows: readonly (readonly [string, number | null, string | null])[]): pl.DataFrame {
  const days = rows.map(([day]) => Date.parse(`${day}T00:00:00Z`) / 86_400_000);
  return pl.DataFrame([
    pl.Series("day", days, pl.Int32).cast(pl.Date),
    pl.Series("train", rows.map(([, train]) => train === null ? null : String(train)), pl.Utf8).cast(
      pl.Int64,
    ),
    pl.Series("name", rows.map(([, , name]) => name), pl.Utf8),
  ]);
}
