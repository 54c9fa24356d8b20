import { assertEquals, assertRejects } from "@std/assert";
import {
  addColumns,
  createTable,
  type DataType,
  formatType,
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

Deno.test("tables of this format and of older ones are opened, whatever number says it", async () => {
  for (const format of ["1", "0", "-1", "1.0"]) {
    const store = await storeWith(OURS, { "ratalake.format": format });
    assertEquals((await openLakeTable(store, { schema: OURS }, testContext())).snapshot.version, 0);
  }
});

const ELEMENT = tableSchema({ code: "string" });
const MAP: DataType = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true };

function listOf(elementType: DataType): DataType {
  return { type: "array", elementType, containsNull: true };
}

/** A type of ours, a type that a table has, and whether values of ours fit. */
const PAIRS: readonly (readonly [ours: DataType, found: DataType, fits: boolean])[] = [
  ["long", "long", true],
  ["long", "integer", false],
  ["string", ELEMENT, false],
  [ELEMENT, "string", false],
  [ELEMENT, listOf(ELEMENT), false],
  [listOf(ELEMENT), ELEMENT, false],
  [listOf("string"), listOf("string"), true],
  [listOf("string"), listOf("long"), false],
  [listOf("string"), "string", false],
  [listOf(ELEMENT), listOf(tableSchema({ code: "string", more: "long" })), true],
  [listOf(ELEMENT), listOf(tableSchema({ more: "long" })), false],
  [listOf(ELEMENT), listOf(requiring("more")), false],
  [listOf(ELEMENT), listOf(requiring("code")), true],
  [MAP, MAP, true],
  [MAP, { ...MAP, valueType: "string" }, false],
  [MAP, ELEMENT, false],
  [ELEMENT, MAP, false],
  [MAP, listOf("long"), false],
  [listOf("long"), MAP, false],
  [ELEMENT, tableSchema({ more: tableSchema({ deep: "date" }), code: "string" }), true],
  [ELEMENT, tableSchema({ code: "long", more: "string" }), false],
  [ELEMENT, requiring("more"), false],
  [
    tableSchema({ parts: ELEMENT }),
    tableSchema({ parts: tableSchema({ code: "string", more: "long" }) }),
    true,
  ],
  [tableSchema({ parts: ELEMENT }), tableSchema({ parts: requiring("more") }), false],
  [tableSchema({ parts: ELEMENT }), tableSchema({ parts: tableSchema({ other: "string" }) }), false],
];

for (const [ours, found, fits] of PAIRS) {
  const [mine, theirs] = [ours, found].map(formatType);
  const required = formatType(found) === formatType(ours) && !fits ? " (required)" : "";
  Deno.test(`${mine} ${fits ? "fits" : "does not fit"} into ${theirs}${required}`, async () => {
    const store = await storeWith(tableSchema({ value: found }));
    const opened = openLakeTable(store, { schema: tableSchema({ value: ours }) }, testContext());
    if (fits) assertEquals((await opened).snapshot.schema, tableSchema({ value: found }));
    else {
      const fault = `Cannot use the table "zone/table": column "value" is ${theirs}, expected ${mine}`;
      await assertRejects(() => opened, TypeError, fault);
    }
  });
}

/** The field of ours, and one, it or another, that must have a value. */
function requiring(name: string): StructType {
  const { fields } = tableSchema({ code: "string", [name]: "string" });
  return {
    type: "struct",
    fields: fields.map((field) => field.name === name ? { ...field, nullable: false } : field),
  };
}

Deno.test("all faults of a table are told at once", async () => {
  const store = await storeWith(tableSchema({ id: "integer", name: "long" }));
  const open = () => openLakeTable(store, { schema: OURS, partitionColumns: ["id"] }, testContext());
  const faults =
    'column "id" is integer, expected long; column "name" is long, expected string; it is partitioned';
  await assertRejects(open, TypeError, faults);
});

Deno.test("no checkpoint is written between the commits of a run, however many there are", async () => {
  const store = new MemoryStore();
  const table = await openLakeTable(store, { schema: OURS }, testContext());
  for (let version = 1; version <= 12; version++) {
    await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", reads: "none" });
  }
  assertEquals(table.snapshot.version, 12);
  assertEquals((await store.list("")).filter(({ path }) => !/\d{20}\.json$/.test(path)), []);
});
