import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import pl from "nodejs-polars";
import { appendFrame } from "../../../lib/delta/change/append.ts";
import { deleteRows } from "../../../lib/delta/change/delete_rows.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type NewTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { overwriteTable } from "../../../lib/delta/change/overwrite_table.ts";
import { parsePredicate } from "../../../lib/delta/predicate/parser.ts";
import type { Predicate } from "../../../lib/delta/predicate/predicate.ts";
import { updateRows } from "../../../lib/delta/change/update_rows.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long", color: "string", size: "integer" });

Deno.test("an append splits its rows by partition, and may lack columns that may be null", async () => {
  const table = await newTable({ schema, partitionColumns: ["color"] });
  const outcome = await appendFrame(table, frameOf([[1, "red"], [2, "blue"], [3, "red"], [4, null]]));
  assertEquals(outcome.status === "committed" ? [outcome.version, outcome.metrics.numFiles] : [], [1, "3"]);
  assertEquals(await tableRows(table), [
    { id: 1n, color: "red", size: null },
    { id: 2n, color: "blue", size: null },
    { id: 3n, color: "red", size: null },
    { id: 4n, color: null, size: null },
  ]);
  const values = [...table.snapshot.files.values()].map(({ partitionValues }) => partitionValues.color);
  assertEquals(values.toSorted(), ["blue", "red", null].toSorted());
  const [entry] = await table.history();
  assertEquals(entry?.commitInfo.isBlindAppend, true);
});

Deno.test("null and the empty text are one partition, and both come back as null", async () => {
  const table = await newTable({ schema, partitionColumns: ["color"] });
  await appendFrame(table, frameOf([[1, ""], [2, null], [3, "x"]]));
  assertEquals((await tableRows(table)).map(({ id, color }) => [id, color]), [[1n, null], [2n, null], [
    3n,
    "x",
  ]]);
  assertEquals(table.snapshot.files.size, 2);
});

Deno.test("a frame without rows is no commit, unless it carries a transaction", async () => {
  const table = await newTable({ schema });
  assertEquals(await appendFrame(table, frameOf([]).head(0)), { status: "unchanged", version: 0 });
  const txns = [{ appId: "app", version: 7n }];
  assertEquals((await appendFrame(table, frameOf([]).head(0), { txns })).status, "committed");
  assertEquals(table.snapshot.txns.get("app"), { version: 7n });
  assertEquals(await appendFrame(table, frameOf([[1, "red"]])).then(({ status }) => status), "committed");
});

Deno.test("delete removes the rows for which the predicate is true, and keeps those for which it is null", async () => {
  const table = await threeFiles();
  const outcome = await deleteRows(table, where("size < 3"));
  assertEquals(outcome.status === "committed" ? outcome.metrics : {}, {
    numRemovedFiles: "2",
    numAddedFiles: "1",
    numDeletedRows: "3",
    numCopiedRows: "1",
  });
  assertEquals((await tableRows(table)).map(({ id }) => id), [3n, 5n, 6n]);
});

Deno.test("a delete of whole partitions opens no data file", async () => {
  const opened: string[] = [];
  const inner = new MemoryStore();
  const store = new Proxy(inner, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function") return value;
      return (path: string, ...rest: unknown[]) => {
        if (key === "read" && path.endsWith(".parquet")) opened.push(path);
        return value.call(target, path, ...rest);
      };
    },
  });
  const table = await createTable(store, { schema, partitionColumns: ["color"] }, testContext());
  await appendFrame(table, frameOf([[1, "red"], [2, "blue"], [3, null]]));
  await deleteRows(table, where("color = 'red'"));
  await deleteRows(table, where("color is null"));
  assertEquals(opened, []);
  assertEquals((await tableRows(table)).map(({ id }) => id), [2n]);
});

Deno.test("a delete that finds nothing commits nothing", async () => {
  const table = await threeFiles();
  assertEquals(await deleteRows(table, where("id = 99")), { status: "unchanged", version: 3 });
  assertEquals(await deleteRows(table, where("size = 1 and id = 5")), { status: "unchanged", version: 3 });
});

Deno.test("a delete without a predicate empties the table", async () => {
  const table = await threeFiles();
  const outcome = await deleteRows(table);
  assertEquals(outcome.status === "committed" ? outcome.metrics.numDeletedRows : "", "6");
  assertEquals([await tableRows(table), table.snapshot.files.size], [[], 0]);
});

Deno.test("update sets literals and expressions over the rows as they were", async () => {
  const table = await threeFiles();
  const outcome = await updateRows(table, {
    set: { size: pl.col("size").add(pl.lit(10).cast(pl.Int32)), color: "green" },
    where: where("id >= 3 and id <= 4"),
  });
  assertEquals(outcome.status === "committed" ? outcome.metrics : {}, {
    numRemovedFiles: "1",
    numAddedFiles: "1",
    numUpdatedRows: "2",
    numCopiedRows: "0",
  });
  const rows = (await tableRows(table)).map(({ id, color, size }) => [id, color, size]);
  assertEquals(rows.slice(2, 4), [[3n, "green", null], [4n, "green", 12]]);
  assertEquals(rows.length, 6);
});

Deno.test("an update moves rows to another partition", async () => {
  const table = await newTable({ schema, partitionColumns: ["color"] });
  await appendFrame(table, frameOf([[1, "red"], [2, "blue"]]));
  await updateRows(table, { set: { color: "blue" }, where: where("color = 'red'") });
  assertEquals((await tableRows(table)).map(({ color }) => color), ["blue", "blue"]);
  const values = [...table.snapshot.files.values()].map(({ partitionValues }) => partitionValues.color);
  assertEquals(values, ["blue", "blue"]);
});

Deno.test("an update with a value that the column cannot hold is refused with the column and both types", async () => {
  const table = await threeFiles();
  const cases: readonly (readonly [Parameters<typeof updateRows>[1]["set"], string])[] = [
    [{ size: "ten" }, 'Cannot set the column "size": found "ten", expected integer'],
    [{ size: 2 ** 31 }, 'Cannot set the column "size": found 2147483648, expected integer'],
    [{ size: pl.col("id") }, 'Cannot set the column "size": found long, expected integer'],
    [{ weight: 1 }, 'Cannot set the column "weight": found set, expected a column of the table'],
  ];
  for (const [set, message] of cases) {
    await assertRejects(() => updateRows(table, { set }), TypeError, message);
  }
  assertEquals((await table.update()).version, 3);
});

Deno.test("an overwrite replaces all rows in one version", async () => {
  const table = await threeFiles();
  await overwriteTable(table, frameOf([[9, "black"]]));
  assertEquals(await tableRows(table), [{ id: 9n, color: "black", size: null }]);
  assertEquals(table.snapshot.version, 4);
  const [entry] = await table.history();
  assertEquals(entry?.commitInfo.isBlindAppend, false);
});

Deno.test("replaceWhere replaces the rows that the predicate takes, and takes no others in", async () => {
  const table = await threeFiles();
  await overwriteTable(table, frameOf([[2, "white"]]), { replaceWhere: where("id <= 3") });
  const rows = (await tableRows(table)).map(({ id, color }) => [id, color]);
  assertEquals(rows, [[2n, "white"], [4n, "blue"], [5n, "red"], [6n, "blue"]]);
  await assertRejects(
    () => overwriteTable(table, frameOf([[2, "white"], [7, "white"]]), { replaceWhere: where("id <= 3") }),
    TypeError,
    "found 1 new rows outside, expected none",
  );
  assertEquals((await table.update()).version, 4);
});

Deno.test("an append-only table takes appends, and refuses everything else before it writes a file", async () => {
  const table = await newTable({ schema, configuration: { "delta.appendOnly": "true" } });
  await appendFrame(table, frameOf([[1, "red"]]));
  const before = await table.store.list("");
  await assertRejects(() => deleteRows(table), TypeError, "append only");
  await assertRejects(() => updateRows(table, { set: { size: 1 } }), TypeError, "append only");
  await assertRejects(() => overwriteTable(table, frameOf([[1, "red"]])), TypeError, "append only");
  assertEquals(await table.store.list(""), before);
});

Deno.test("new columns are added when that is asked for, refused with their names when not", async () => {
  const table = await threeFiles();
  const { metadata } = table.snapshot;
  const wide = frameOf([[7, "red"]]).withColumns(pl.lit(1.5).alias("weight"));
  await assertRejects(
    () => appendFrame(table, wide),
    TypeError,
    'column "weight" is double, expected no such column',
  );
  await appendFrame(table, wide, { mergeSchema: true });
  const names = table.snapshot.schema.fields.map(({ name }) => name);
  assertEquals(names, ["id", "color", "size", "weight"]);
  assertEquals((await tableRows(table)).map(({ weight }) => weight), [
    null,
    null,
    null,
    null,
    null,
    null,
    1.5,
  ]);
  assertEquals(table.snapshot.metadata, { ...metadata, schemaString: table.snapshot.metadata.schemaString });
  const evolved = table.snapshot.metadata;
  await appendFrame(table, wide, { mergeSchema: true });
  assertStrictEquals(table.snapshot.metadata, evolved);
});

Deno.test("files are cut at about the size that the table asks for", async () => {
  const table = await newTable({
    schema: tableSchema({ text: "string" }),
    configuration: { "delta.targetFileSize": "20kb" },
  });
  const texts = Array.from(
    { length: 3000 },
    (_, index) => Array.from({ length: 4 }, (_, part) => Math.sin(index * 7 + part)).join(),
  );
  await appendFrame(table, pl.DataFrame({ text: texts }));
  const sizes = [...table.snapshot.files.values()].map(({ size }) => size);
  assertEquals(sizes.length > 3 && sizes.every((size) => size < 30_000), true, sizes.join());
  assertEquals((await tableRows(table)).map(({ text }) => text).toSorted(), texts.toSorted());
  assertEquals((await table.store.list("part")).length, sizes.length);
});

async function newTable(definition: NewTable): Promise<DeltaTable> {
  return await createTable(new MemoryStore(), definition, testContext());
}

/** Ids 1 to 6 in three files of two rows; size is 1, 2, null, 2, null, null. */
async function threeFiles(): Promise<DeltaTable> {
  const table = await newTable({ schema });
  const sized = (rows: Parameters<typeof frameOf>[0], sizes: readonly (number | null)[]) =>
    frameOf(rows).withColumn(pl.Series("size", [...sizes]).cast(pl.Int32));
  await appendFrame(table, sized([[1, "red"], [2, "blue"]], [1, 2]));
  await appendFrame(table, sized([[3, "red"], [4, "blue"]], [null, 2]));
  await appendFrame(table, sized([[5, "red"], [6, "blue"]], [null, null]));
  return table;
}

function frameOf(rows: readonly (readonly [number, string | null])[]): pl.DataFrame {
  const frame = pl.DataFrame({ id: rows.map(([id]) => id), color: rows.map(([, color]) => color) });
  return frame.select(pl.col("id").cast(pl.Int64), pl.col("color").cast(pl.Utf8));
}

function where(text: string): Predicate {
  return parsePredicate(text, schema);
}
