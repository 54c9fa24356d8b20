import { assertEquals, assertRejects } from "@std/assert";
import {
  addColumns,
  createTable,
  frameRows,
  MemoryStore,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { testContext } from "../test_context.ts";

async function tableWithRow() {
  const store = new MemoryStore({ label: "numbers" });
  const schema = tableSchema({ id: "long", parts: tableSchema({ code: "string" }) });
  const table = await createTable(store, { schema }, testContext());
  const add = await table.stageRows([{ id: 1n, parts: { code: "a" } }]);
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
  return { store, table };
}

Deno.test("columns and fields of structs are added in one commit, and old rows are null there", async () => {
  const { store, table } = await tableWithRow();
  const columns =
    tableSchema({ note: "string", parts: tableSchema({ code: "string", count: "long" }) }).fields;
  assertEquals((await addColumns(table, columns)).version, 2);
  const reopened = await openTable(store, testContext());
  const [add] = reopened.snapshot.files.values();
  if (add === undefined) throw new Error("no file");
  const rows = [...frameRows(await reopened.readFile(add), reopened.snapshot.schema.fields)];
  assertEquals(rows, [{ id: 1n, parts: { code: "a", count: null }, note: null }]);
});

Deno.test("columns that are there are no change, and nothing is committed", async () => {
  const { table } = await tableWithRow();
  assertEquals((await addColumns(table, tableSchema({ id: "long" }).fields)).status, "unchanged");
  assertEquals(table.snapshot.version, 1);
});

Deno.test("a column of another type, or one that must have a value, is refused by name", async () => {
  const { table } = await tableWithRow();
  await assertRejects(
    () => addColumns(table, tableSchema({ id: "string" }).fields),
    TypeError,
    'column "id" is string, expected long',
  );
  const required = tableSchema({ must: "long" }).fields.map((field) => ({ ...field, nullable: false }));
  await assertRejects(
    () => addColumns(table, required),
    TypeError,
    'Cannot add the column "must" to "numbers"',
  );
  assertEquals(table.snapshot.version, 1);
});

Deno.test("two writers that add the same column make one commit, others' commits in between are kept", async () => {
  const { store, table } = await tableWithRow();
  const other = await openTable(store, testContext("other"));
  const { fields } = tableSchema({ note: "string" });
  const outcomes = await Promise.all([addColumns(table, fields), addColumns(other, fields)]);
  assertEquals(outcomes.map(({ status }) => status).sort(), ["committed", "unchanged"]);
  assertEquals((await openTable(store, testContext())).snapshot.schema.fields.length, 3);
});
