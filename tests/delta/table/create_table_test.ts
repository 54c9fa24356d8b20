import { assertEquals, assertRejects } from "@std/assert";
import {
  createTable,
  MemoryStore,
  type NewTable,
  openTable,
  TableNotFoundError,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

const DEFINITION: NewTable = {
  schema: tableSchema({
    id: "long",
    day: "date",
    list: { type: "array", elementType: "string", containsNull: true },
  }),
  partitionColumns: ["day"],
  configuration: { "delta.dataSkippingNumIndexedCols": "-1" },
  name: "trains",
  description: "one row per train",
};

Deno.test("a new table has version 0 with protocol 1 and 2, its metadata and who made it", async () => {
  const store = new MemoryStore();
  const { snapshot } = await createTable(store, DEFINITION, testContext());
  assertEquals(snapshot.version, 0);
  assertEquals(snapshot.protocol, { minReaderVersion: 1, minWriterVersion: 2 });
  assertEquals(snapshot.metadata, {
    id: "id-0",
    name: "trains",
    description: "one row per train",
    format: { provider: "parquet", options: {} },
    schemaString: JSON.stringify(DEFINITION.schema),
    partitionColumns: ["day"],
    configuration: { "delta.dataSkippingNumIndexedCols": "-1" },
    createdTime: Date.UTC(2025, 1, 17),
  });
  assertEquals(snapshot.schema, DEFINITION.schema);
  assertEquals((await openTable(store, testContext())).snapshot, snapshot);
});

Deno.test("creating it again opens the table that is there", async () => {
  const store = new MemoryStore();
  const first = await createTable(store, DEFINITION, testContext());
  const second = await createTable(store, DEFINITION, testContext("other"));
  assertEquals(second.snapshot.metadata.id, first.snapshot.metadata.id);
  assertEquals((await store.list("")).length, 1);
});

Deno.test("of many who create it at once all get the same table", async () => {
  const store = new MemoryStore();
  const tables = await Promise.all(
    Array.from({ length: 5 }, (_, index) => createTable(store, DEFINITION, testContext(`creator ${index}`))),
  );
  assertEquals(new Set(tables.map(({ snapshot }) => snapshot.metadata.id)).size, 1);
  assertEquals((await store.list("")).length, 1);
});

Deno.test("a table with other columns is refused, with every name and both types", async () => {
  const store = new MemoryStore({ label: "here" });
  await createTable(store, DEFINITION, testContext());
  const other = tableSchema({ id: "string", day: "date", more: "long" });
  const error = await assertRejects(() => createTable(store, { schema: other }, testContext()), TypeError);
  assertEquals(
    error instanceof Error ? error.message : "",
    'Cannot use the table "here": column "id" is long, expected string; column "more" is missing, expected long; ' +
      'column "list" is array<string>, expected no such column; it is partitioned by "day", expected ""',
  );
});

const BAD: readonly (readonly [NewTable, string])[] = [
  [{ schema: tableSchema({ "a b": "long" }) }, '"a b"'],
  [{ schema: tableSchema({ "": "long" }) }, '""'],
  [{ schema: tableSchema({ id: "long", ID: "long" }) }, '"ID"'],
  [{ schema: tableSchema({ id: "long" }), partitionColumns: ["day"] }, '"day"'],
  [{ schema: tableSchema({ id: "long" }), partitionColumns: ["id"] }, "partition columns only"],
  [{ ...DEFINITION, partitionColumns: ["list"] }, '"list"'],
];

Deno.test("a table that could not be read by all is not created", async () => {
  for (const [bad, message] of BAD) {
    const store = new MemoryStore();
    await assertRejects(() => createTable(store, bad, testContext()), TypeError, message);
    assertEquals(await store.list(""), []);
  }
});

Deno.test("opening where nothing is says so", async () => {
  await assertRejects(() => openTable(new MemoryStore(), testContext()), TableNotFoundError);
});
