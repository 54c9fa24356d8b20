import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import pl from "nodejs-polars";
import { convertFolder } from "../../../lib/delta/maintain/convert_folder.ts";
import { partitionFolder } from "../../../lib/delta/schema/partition_folder.ts";
import { folderValues } from "../../../lib/delta/schema/partition_folder.ts";
import {
  createTable,
  formatType,
  MemoryStore,
  openTable,
  parsePredicate,
  scannedFiles,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { parquetTypes } from "../../../lib/delta/parquet/types.ts";
import { tableRows } from "../table_rows.ts";
import { seededRandom, testContext } from "../test_context.ts";

const ALL_TYPES = tableSchema({
  long: "long",
  integer: "integer",
  short: "short",
  byte: "byte",
  float: "float",
  double: "double",
  boolean: "boolean",
  string: "string",
  binary: "binary",
  date: "date",
  timestamp: "timestamp",
  small: "decimal(9,2)",
  large: "decimal(38,10)",
  list: { type: "array", elementType: tableSchema({ a: "long" }), containsNull: true },
  map: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
});

Deno.test("the types of Parquet files, as this library and polars write them, are found again", async () => {
  const table = await createTable(new MemoryStore(), { schema: ALL_TYPES }, testContext());
  const rows = await table.stageRows([{ long: 1n }]);
  const found = parquetTypes(await table.store.read(rows.path));
  assertEquals(
    found.map(({ name, type }) => [name, formatType(type)]),
    ALL_TYPES.fields.map(({ name, type }) => [name, formatType(type)]),
  );
  const frame = (await table.readFile(rows)).drop("map");
  const again = parquetTypes(new Uint8Array(frame.writeParquet()));
  assertEquals(
    again.map(({ type }) => formatType(type)),
    ALL_TYPES.fields.slice(0, -1).map(({ type }) => formatType(type)),
  );
});

Deno.test("a folder becomes a table with its rows, statistics and a history that says so", async () => {
  const store = new MemoryStore();
  await put(store, "a.parquet", { n: [1, 2] });
  await put(store, "deep/b.parquet", { n: [3], more: ["x"] });
  for (const path of ["_SUCCESS", ".hidden.parquet", "_tmp/c.parquet", "notes.txt"]) {
    await store.put(path, new Uint8Array(1));
  }
  const table = await convertFolder(store, { name: "numbers" }, testContext());
  assertEquals(await tableRows(table), [{ n: 1n, more: null }, { n: 2n, more: null }, { n: 3n, more: "x" }]);
  const { snapshot } = await openTable(store, testContext());
  assertEquals([snapshot.version, snapshot.metadata.name], [0, "numbers"]);
  const [entry] = await table.history();
  assertEquals([entry?.commitInfo.operation, entry?.commitInfo.operationMetrics?.numConvertedFiles], [
    "CONVERT",
    "2",
  ]);
  assertEquals(scannedFiles(snapshot, parsePredicate("n > 2", snapshot.schema)).map(({ add }) => add.path), [
    "deep/b.parquet",
  ]);
});

Deno.test("folders named by Hive become partitions with their types; null, blanks and signs come through", async () => {
  const store = new MemoryStore();
  const values = ["2025-02-17", "2025-02-18", null].flatMap((day) =>
    ["a/b=c", "päivä 1", null].map((text) => ({ day, text }))
  );
  for (const [index, value] of values.entries()) {
    await put(store, `${partitionFolder(["day", "text"], value)}${index}.parquet`, {
      n: [index],
      day: ["wrong"],
    });
  }
  const table = await convertFolder(store, { partitionTypes: { day: "date" } }, testContext());
  assertEquals(await tableRows(table), values.map((value, index) => ({ n: BigInt(index), ...value })));
  assertEquals(table.snapshot.metadata.partitionColumns, ["day", "text"]);
});

Deno.test("partition values come back from the folders that they make", () => {
  const random = seededRandom(3);
  const letters = [..."ab =/%#?:\\\"'{}[]^*\u0001äß\u{1f682}"];
  for (let round = 0; round < 300; round++) {
    const text = Array.from(
      { length: 1 + random() * 8 },
      () => letters[Math.floor(random() * letters.length)],
    ).join("");
    const values = { "a=b c": text, other: random() < 0.2 ? null : "x" };
    assertEquals(folderValues(`${partitionFolder(Object.keys(values), values)}file.parquet`), values);
  }
});

Deno.test("what cannot be one table is told, and the folder is left as it was", async () => {
  const faultOf = async (
    files: Readonly<Record<string, Readonly<Record<string, unknown[]>>>>,
    types = {},
  ) => {
    const store = new MemoryStore();
    for (const [path, columns] of Object.entries(files)) await put(store, path, columns);
    const before = await store.list("");
    const error = await assertRejects(
      () => convertFolder(store, { partitionTypes: types }, testContext()),
      TypeError,
    );
    assertEquals(await store.list(""), before);
    return error.message;
  };
  assertEquals(
    await faultOf({}),
    'Cannot convert the folder "memory": found no file that ends in .parquet, expected some',
  );
  assertEquals(
    await faultOf({ "a.parquet": { n: [1] }, "b.parquet": { n: ["1"] } }),
    'Cannot convert "b.parquet": column "n" is string, expected long as in the files before',
  );
  assertStringIncludes(
    await faultOf({ "x=1/a.parquet": { n: [1] }, "b.parquet": { n: [1] } }),
    "the same partition columns",
  );
  assertEquals(
    await faultOf({ "x=1/a.parquet": { n: [1] }, "x=no/b.parquet": { n: [1] } }, { x: "integer" }),
    'Cannot convert "x=no/b.parquet": found "no" for "x", expected integer',
  );
  const store = new MemoryStore();
  await createTable(store, { schema: tableSchema({ n: "long" }) }, testContext());
  await assertRejects(
    () => convertFolder(store, {}, testContext()),
    TypeError,
    "found a Delta table, expected plain Parquet files",
  );
});

Deno.test("types that Delta does not have are refused by the name of the column", async () => {
  const unsigned = pl.DataFrame([pl.Series("u", [1], pl.UInt32)]);
  const local = pl.DataFrame([pl.Series("t", [1], pl.Int64)]).withColumns(
    pl.col("t").cast(pl.Datetime("us")),
  );
  for (const [frame, name] of [[unsigned, "u"], [local, "t"]] as const) {
    const store = new MemoryStore();
    await store.put("a.parquet", new Uint8Array(frame.writeParquet()));
    await assertRejects(
      () => convertFolder(store, {}, testContext()),
      TypeError,
      `Cannot use the column "${name}"`,
    );
  }
});

async function put(
  store: MemoryStore,
  path: string,
  columns: Readonly<Record<string, unknown[]>>,
): Promise<void> {
  const series = Object.entries(columns).map(([name, values]) =>
    pl.Series(name, values, typeof values[0] === "number" ? pl.Int64 : pl.Utf8)
  );
  await store.put(path, new Uint8Array(pl.DataFrame(series).writeParquet()));
}
