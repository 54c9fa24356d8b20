/** Append-only tables: rows may be added and moved to other files, and never leave. */
import { assertEquals, assertRejects } from "@std/assert";
import {
  appendFile,
  appendFrame,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  optimizeTable,
  overwriteTable,
  replaceGroups,
  restoreTable,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long", name: "string" });
const ROWS = [1n, 2n, 3n, 4n].map((id) => ({ id, name: `row ${id}` }));

Deno.test("an append-only table can be compacted: the same rows in fewer files, all said to be no change", async () => {
  const table = await strictTable();
  const { filesRemoved, filesAdded } = await optimizeTable(table);
  assertEquals([filesRemoved, filesAdded], [4, 1]);
  assertEquals(await tableRows(table), ROWS);
  const { files, tombstones } = table.snapshot;
  assertEquals([...files.values(), ...tombstones.values()].map(({ dataChange }) => dataChange), [
    false,
    ...Array.from(ROWS, () => false),
  ]);
  assertEquals((await appendFrame(table, [{ id: 5n, name: "row 5" }])).status, "committed");
});

const CHANGES: Readonly<Record<string, (table: DeltaTable) => Promise<unknown>>> = {
  "rows are deleted": (table) => deleteRows(table, "id = 1"),
  "all rows are deleted": (table) => deleteRows(table),
  "rows are updated": (table) => updateRows(table, { set: { name: "other" }, where: "id = 1" }),
  "all is overwritten": (table) => overwriteTable(table, ROWS),
  "some is overwritten": (table) =>
    overwriteTable(table, [{ id: 1n, name: "x" }], { replaceWhere: "id = 1" }),
  "groups are replaced": (table) => replaceGroups(table, [{ id: 1n, name: "x" }], { by: ["id"] }),
  "rows are merged over others": (table) =>
    mergeInto(table, [{ id: 1n, name: "x" }], { on: ["id"], whenMatched: [{ action: "update" }] }),
  "an older version is restored": (table) => restoreTable(table, { version: 2 }),
  "a commit removes a file": (table) =>
    table.commit({
      readSnapshot: table.snapshot,
      operation: "DELETE",
      removes: [...table.snapshot.files.values()].slice(0, 1),
      reads: "none",
    }),
};

for (const [what, change] of Object.entries(CHANGES)) {
  Deno.test(`an append-only table is left as it is when ${what}`, async () => {
    const table = await strictTable();
    const { version } = table.snapshot;
    const before = await table.store.list("");
    await assertRejects(() => change(table), TypeError, "append only");
    assertEquals([await table.store.list(""), (await table.update()).version], [before, version]);
    assertEquals(await tableRows(table), ROWS);
  });
}

async function strictTable(): Promise<DeltaTable> {
  const configuration = { "delta.appendOnly": "true" };
  const table = await createTable(new MemoryStore(), { schema, configuration }, testContext());
  for (const row of ROWS) await appendFile(table, await table.stageRows([row]), { rows: 1 });
  return table;
}
