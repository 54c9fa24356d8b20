import { assertEquals, assertRejects } from "@std/assert";
import {
  addColumns,
  createTable,
  type DataType,
  MemoryStore,
  openTable,
  type StructType,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { testContext } from "../delta/test_context.ts";

const OURS = tableSchema({ id: "long", name: "string", parts: tableSchema({ code: "string" }) });

async function storeWith(schema: StructType, configuration: Readonly<Record<string, string>> = {}) {
  const store = new MemoryStore({ label: "zone/table" });
  await createTable(store, { schema, configuration }, testContext());
  return store;
}

function namesOf({ fields }: StructType): readonly string[] {
  return fields.map(({ name }) => name);
}

Deno.test("a table that is not there is created, and opened again without a commit", async () => {
  const store = new MemoryStore();
  assertEquals((await openLakeTable(store, { schema: OURS }, testContext())).snapshot.version, 0);
  assertEquals((await openLakeTable(store, { schema: OURS }, testContext())).snapshot.version, 0);
});

Deno.test("columns that an older version did not have are added in one commit, also by two at once", async () => {
  const store = await storeWith(tableSchema({ id: "long" }));
  const both = await Promise.all(
    ["a", "b"].map((name) => openLakeTable(store, { schema: OURS }, testContext(name))),
  );
  assertEquals(both.map(({ snapshot }) => [snapshot.version, ...namesOf(snapshot.schema)]), [
    [1, "id", "name", "parts"],
    [1, "id", "name", "parts"],
  ]);
  const reopened = await openLakeTable(store, { schema: OURS }, testContext());
  assertEquals(reopened.snapshot.version, 1);
  const [entry] = await reopened.history({ limit: 1 });
  assertEquals(entry?.commitInfo.operation, "ADD COLUMNS");
});

Deno.test("nullable columns and fields of others stay where they are", async () => {
  const theirs = tableSchema({
    note: "double",
    id: "long",
    parts: tableSchema({ code: "string", more: "string" }),
    name: "string",
  });
  const table = await openLakeTable(await storeWith(theirs), { schema: OURS }, testContext());
  assertEquals([table.snapshot.version, ...namesOf(table.snapshot.schema)], [
    0,
    "note",
    "id",
    "parts",
    "name",
  ]);
});

/** What the table has instead, and what is said of it. */
const REFUSED:
  readonly (readonly [name: string, columns: Readonly<Record<string, DataType>>, fault: string])[] = [
    ["another type", { id: "integer" }, 'column "id" is integer, expected long'],
    [
      "a field without its type",
      { parts: tableSchema({ code: "long" }) },
      'column "parts" is struct<code:long>',
    ],
  ];

for (const [name, columns, fault] of REFUSED) {
  Deno.test(`${name} in a column of ours is refused by name, and nothing is changed`, async () => {
    const store = await storeWith(tableSchema(columns));
    const open = () => openLakeTable(store, { schema: OURS }, testContext());
    await assertRejects(open, TypeError, `Cannot use the table "zone/table": ${fault}`);
    assertEquals((await openTable(store, testContext())).snapshot.version, 0);
  });
}

Deno.test("a column of others that must have a value cannot be kept null and is refused by name", async () => {
  const [required] = tableSchema({ note: "string" }).fields;
  if (required === undefined) throw new Error("no field");
  const store = await storeWith({
    type: "struct",
    fields: [...OURS.fields, { ...required, nullable: false }],
  });
  const fault = 'column "note" is string without nulls, expected no such column';
  await assertRejects(() => openLakeTable(store, { schema: OURS }, testContext()), TypeError, fault);
});

Deno.test("a table of a newer version, or of a format that is no number, is refused by name", async () => {
  for (const format of ["2", "99", "next"]) {
    const store = await storeWith(OURS, { "ratalake.format": format });
    const fault = 'Cannot use the table "zone/table": it was written by a newer version of Ratalake';
    await assertRejects(() => openLakeTable(store, { schema: OURS }, testContext()), TypeError, fault);
  }
});

Deno.test("other partition columns are refused with both", async () => {
  const store = await storeWith(OURS);
  const open = () => openLakeTable(store, { schema: OURS, partitionColumns: ["name"] }, testContext());
  await assertRejects(open, TypeError, 'it is partitioned by "", expected "name"');
});

Deno.test("columns that are there are not added again, whoever added them meanwhile", async () => {
  const store = await storeWith(tableSchema({ id: "long" }));
  const table = await openTable(store, testContext("slow"));
  await openLakeTable(store, { schema: OURS }, testContext("fast"));
  const { fields } = OURS;
  assertEquals((await addColumns(table, fields)).status, "unchanged");
  assertEquals(namesOf(table.snapshot.schema), ["id", "name", "parts"]);
});
