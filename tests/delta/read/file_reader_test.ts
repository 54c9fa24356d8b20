import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import type { Add } from "../../../lib/delta/actions/actions.ts";
import { readDataFile } from "../../../lib/delta/read/file_reader.ts";
import { MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { stageRows } from "../../../lib/delta/write/stage_rows.ts";
import type { DataType } from "../../../lib/delta/schema/schema.ts";
import { frameRows } from "../frame_rows.ts";
import { fakeAdd, firstActions } from "../test_context.ts";

type Columns = Readonly<Record<string, DataType>>;

const old = pl.DataFrame({ id: [1, 2] }).select(pl.col("id").cast(pl.Int32));

Deno.test("columns that came after the file are null with their type", async () => {
  const inside = tableSchema({ a: "string" });
  const columns: Columns = {
    before: "decimal(10,2)",
    id: "integer",
    bytes: "binary",
    list: { type: "array", elementType: inside, containsNull: true },
    counts: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
  };
  const frame = await read(old, columns);
  assertEquals(frame.columns, Object.keys(columns));
  assertEquals(frameRows(frame)[1], { before: null, id: 2, bytes: null, list: null, counts: null });
});

Deno.test("columns that the table no longer has are left out, and the order is that of the table", async () => {
  const frame = await read(old.withColumns(pl.lit("x").alias("gone"), pl.lit("y").alias("text")), {
    text: "string",
    id: "integer",
  });
  assertEquals(frameRows(frame), [{ text: "y", id: 1 }, { text: "y", id: 2 }]);
});

Deno.test("numbers and times of other widths are widened, structs get their new fields", async () => {
  const file = old.withColumns(
    pl.col("id").cast(pl.Datetime("ms")).alias("time"),
    pl.col("id").cast(pl.Float32).alias("ratio"),
  );
  const rows = frameRows(await read(file, { id: "long", time: "timestamp", ratio: "double" }));
  assertEquals(rows, [{ id: 1n, time: 1000n, ratio: 1 }, { id: 2n, time: 2000n, ratio: 2 }]);
});

Deno.test("structs, also those in lists, get the fields that came later", async () => {
  const before = { one: tableSchema({ a: "string" }), many: listOf(tableSchema({ b: "long", a: "string" })) };
  const after = {
    one: tableSchema({ z: "long", a: "string" }),
    many: listOf(tableSchema({ a: "string", c: "string" })),
  };
  const store = new MemoryStore();
  const target = { store, ...shape(before), clock: () => 0, ids: () => "x" };
  const add = await stageRows([{ one: { a: "x" }, many: [{ b: 1, a: "y" }, null] }, {}], target);
  const rows = frameRows(await readDataFile(add, { store, ...shape(after) }));
  assertEquals(rows[0], { one: { z: null, a: "x" }, many: [{ a: "y", c: null }, null] });
  assertEquals(rows[1], { one: null, many: null });
});

Deno.test("files of several schemas in turn are read as what each of them is", async () => {
  const kinds = [pl.Int32, pl.Int64, pl.Int16].map((type) => old.select(pl.col("id").cast(type)));
  const widest = { id: "long" } as const;
  for (const file of [...kinds, ...kinds.toReversed(), ...kinds]) {
    assertEquals(frameRows(await read(file, widest)), [{ id: 1n }, { id: 2n }]);
  }
  await read(kinds[0] ?? old, { id: "integer" });
  await assertRejects(() => read(kinds[1] ?? old, { id: "integer" }), TypeError, "found long");
});

Deno.test("a column of another type is refused with both types", async () => {
  await assertRejects(
    () => read(old, { id: "short" }),
    TypeError,
    'column "id" of "file": found integer, expected short',
  );
  await assertRejects(() => read(old, { id: "string" }), TypeError, "found integer, expected string");
  await assertRejects(() => read(old, { id: listOf("integer") }), TypeError, "expected array<integer>");
});

Deno.test("a column that must not be null cannot be missing", async () => {
  const fields = [{ name: "more", type: "long", nullable: false, metadata: {} }] as const;
  const store = await storeOf(old);
  const source = { store, ...shape({}), schema: { type: "struct", fields } as const };
  await assertRejects(() => readDataFile(fakeAdd("file"), source), TypeError, "long without nulls");
});

Deno.test("partition values of every type become columns", async () => {
  const partition: Columns = {
    text: "string",
    big: "long",
    small: "byte",
    ratio: "float",
    yes: "boolean",
    raw: "binary",
    money: "decimal(38,18)",
    day: "date",
    time: "timestamp",
    nothing: "date",
  };
  const values = {
    text: "a=b",
    big: "9223372036854775807",
    small: "-3",
    ratio: "0.5",
    yes: "true",
    raw: "😈",
    money: "12.000000000000000000",
    day: "1969-12-31",
    time: "1970-01-02 08:45:00",
    nothing: null,
  };
  const add = fakeAdd("file", { partitionValues: values });
  const frame = await read(old, { ...partition, id: "integer" }, Object.keys(partition), add);
  assertEquals(frameRows(frame.drop("money"))[1], {
    text: "a=b",
    big: 2n ** 63n - 1n,
    small: -3,
    ratio: 0.5,
    yes: true,
    raw: [...new TextEncoder().encode("😈")],
    day: "1969-12-31",
    time: 117_900_000_000n,
    nothing: null,
    id: 2,
  });
  assertEquals(frameRows(frame.select(pl.col("money").cast(pl.Utf8)))[0], { money: "12.000000000000000000" });
});

Deno.test("only the requested columns are given, in the order of the table", async () => {
  const file = old.withColumns(pl.lit("y").alias("text"));
  const store = await storeOf(file);
  const source = { store, ...shape({ text: "string", id: "integer", day: "date" }, ["day"]) };
  const add = fakeAdd("file", { partitionValues: { day: "2025-02-17" } });
  const read = async (columns: readonly string[]) => frameRows(await readDataFile(add, source, { columns }));
  assertEquals((await read(["id"]))[0], { id: 1 });
  assertEquals((await read(["day", "text"]))[0], { text: "y", day: "2025-02-17" });
  assertEquals(await read(["day"]), [{ day: "2025-02-17" }, { day: "2025-02-17" }]);
  await assertRejects(() => read(["other"]), TypeError, "found text, id, day, expected one of them");
});

Deno.test("a path that climbs out of the table or lies elsewhere is refused", async () => {
  const source = { store: await storeOf(old), ...shape({ id: "integer" }) };
  for (
    const path of ["../file", "%2e%2e/file", "a/%2E%2E/%2E%2E/file", "/etc/passwd", "file:///etc/passwd"]
  ) {
    await assertRejects(() => readDataFile(fakeAdd(path), source), TypeError);
  }
});

async function read(
  file: pl.DataFrame,
  columns: Columns,
  partitionColumns: readonly string[] = [],
  add: Add = fakeAdd("file"),
): Promise<pl.DataFrame> {
  return await readDataFile(add, { store: await storeOf(file), ...shape(columns, partitionColumns) });
}

async function storeOf(file: pl.DataFrame): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.put("file", file.writeParquet({ compression: "zstd" }));
  return store;
}

function shape(columns: Columns, partitionColumns: readonly string[] = []) {
  const { metadata } = firstActions(columns, partitionColumns);
  if (metadata === undefined) throw new TypeError("a first version has metadata");
  return { metadata, schema: tableSchema(columns) };
}

function listOf(elementType: DataType): DataType {
  return { type: "array", elementType, containsNull: true };
}
