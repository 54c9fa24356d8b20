import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  createTable,
  type DeltaTable,
  MemoryStore,
  openTable,
  type StructType,
  tableSchema,
  UnsupportedTableError,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { firstActions, testContext, writeLog } from "../test_context.ts";

const schema = tableSchema({ id: "long", color: "string" });

Deno.test("rows that break a CHECK constraint are refused with its name, and null breaks it too", async () => {
  const table = await constrained({ positive: "id > 0", color: "color IN ('red', 'blue')" });
  assertEquals(table.snapshot.protocol, { minReaderVersion: 1, minWriterVersion: 3 });
  assertEquals((await appendFrame(table, frameOf([[1, "red"], [2, "blue"]]))).status, "committed");
  const cases: readonly (readonly [Parameters<typeof frameOf>[0], string])[] = [
    [[[0, "red"], [1, "red"]], 'the table has the rule "positive" (id > 0), found 1 row that breaks it'],
    [[[null, "red"]], '"positive" (id > 0), found 1 row'],
    [[[1, "green"], [2, "grey"], [3, "red"]], "\"color\" (color IN ('red', 'blue')), found 2 rows"],
  ];
  for (const [rows, message] of cases) {
    await assertRejects(() => appendFrame(table, frameOf(rows)), TypeError, message);
    await assertRejects(() => table.stageFile(frameOf(rows), { partitionValues: {} }), TypeError, message);
  }
  await assertRejects(() => updateRows(table, { set: { id: -1n } }), TypeError, '"positive"');
  await assertRejects(
    () => table.stageRows([{ id: 1n, color: "red" }]),
    TypeError,
    'found the rule "positive"',
  );
  assertEquals((await tableRows(table)).length, 2);
  assertEquals((await table.store.list("part")).length, 1);
});

Deno.test("a constraint sees partition columns, which are not in the file", async () => {
  const table = await constrained({ color: "color <> 'red'" }, ["color"]);
  await appendFrame(table, frameOf([[1, "blue"]]));
  await assertRejects(
    () => appendFrame(table, frameOf([[1, "blue"], [2, "red"]])),
    TypeError,
    "1 row that breaks it",
  );
});

Deno.test("a constraint that cannot be evaluated keeps writers out, by the name of the feature", async () => {
  await assertRejects(() => constrained({ modulo: "id % 2 = 0" }), UnsupportedTableError, "checkConstraints");
  const store = new MemoryStore();
  const first = firstActions({ id: "long", color: "string" }, [], {
    "delta.constraints.modulo": "id % 2 = 0",
  });
  await writeLog(store, [{ ...first, protocol: { minReaderVersion: 1, minWriterVersion: 3 } }]);
  const table = await openTable(store, testContext());
  await assertRejects(
    () => appendFrame(table, frameOf([[2, "red"]])),
    UnsupportedTableError,
    "checkConstraints",
  );
});

Deno.test("invariants of columns are kept, those inside lists keep writers out", async () => {
  const metadata = { "delta.invariants": '{"expression":{"expression":"id < 10"}}' };
  const withInvariant: StructType = {
    type: "struct",
    fields: schema.fields.map((field) => field.name === "id" ? { ...field, metadata } : field),
  };
  const table = await createTable(new MemoryStore(), { schema: withInvariant }, testContext());
  await appendFrame(table, frameOf([[9, "red"]]));
  await assertRejects(() => appendFrame(table, frameOf([[10, "red"]])), TypeError, 'the rule "id" (id < 10)');
  const nested: StructType = {
    type: "struct",
    fields: [{
      name: "list",
      type: { type: "array", elementType: withInvariant, containsNull: true },
      nullable: true,
      metadata: {},
    }],
  };
  await assertRejects(
    () => createTable(new MemoryStore(), { schema: nested }, testContext()),
    UnsupportedTableError,
    "invariants",
  );
});

Deno.test("a new table is refused what this library does not write, by name", async () => {
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ "delta.enableChangeDataFeed": "true" }, "delta.enableChangeDataFeed=true"],
    [{ "delta.columnMapping.mode": "name" }, "delta.columnMapping.mode=name"],
    [{ "delta.enableDeletionVectors": "true" }, "delta.enableDeletionVectors=true"],
    [{ "delta.feature.rowTracking": "supported" }, "delta.feature.rowTracking=supported"],
  ];
  for (const [configuration, message] of cases) {
    const create = () => createTable(new MemoryStore(), { schema, configuration }, testContext());
    await assertRejects(create, UnsupportedTableError, message);
  }
  const generated = { "delta.generationExpression": "id + 1" };
  const fields = schema.fields.map((field) => ({ ...field, metadata: generated }));
  const create = () => createTable(new MemoryStore(), { schema: { type: "struct", fields } }, testContext());
  await assertRejects(create, UnsupportedTableError, "generatedColumns");
  const broken = { "delta.checkpointInterval": "often" };
  await assertRejects(
    () => createTable(new MemoryStore(), { schema, configuration: broken }, testContext()),
    TypeError,
    '"delta.checkpointInterval": found "often"',
  );
});

async function constrained(
  constraints: Readonly<Record<string, string>>,
  partitionColumns: readonly string[] = [],
): Promise<DeltaTable> {
  const entries = Object.entries(constraints).map(([name, text]) =>
    [`delta.constraints.${name}`, text] as const
  );
  const configuration = Object.fromEntries(entries);
  return await createTable(new MemoryStore(), { schema, partitionColumns, configuration }, testContext());
}

function frameOf(rows: readonly (readonly [number | null, string])[]): pl.DataFrame {
  return pl.DataFrame([
    pl.Series("id", rows.map(([id]) => id === null ? null : String(id)), pl.Utf8).cast(pl.Int64),
    pl.Series("color", rows.map(([, color]) => color), pl.Utf8),
  ]);
}
