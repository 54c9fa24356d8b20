/** Values are checked in the form in which the table holds them, whichever way they are written. */

import { assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  createTable,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  overwriteTable,
  parsePredicate,
  replaceGroups,
  type StructType,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const SCHEMA: StructType = {
  type: "struct",
  fields: [
    { name: "p", type: "string", nullable: false, metadata: {} },
    { name: "id", type: "double", nullable: true, metadata: {} },
  ],
};

async function newTable(schema: StructType = SCHEMA, configuration = {}): Promise<DeltaTable> {
  const table = await createTable(
    new MemoryStore(),
    { schema, partitionColumns: ["p"], configuration },
    testContext(),
  );
  await appendFrame(table, pl.DataFrame({ p: ["a"], id: [1] }));
  return table;
}

Deno.test("an empty text, which the log holds as null, is refused where a partition column is NOT NULL", async () => {
  const empty = pl.DataFrame({ p: ["b", ""], id: [2, 3] });
  const ways: Readonly<Record<string, (table: DeltaTable) => Promise<unknown>>> = {
    append: (table) => appendFrame(table, empty),
    overwrite: (table) => overwriteTable(table, empty),
    update: (table) => updateRows(table, { set: { p: "" } }),
    merge: (table) => mergeInto(table, empty, { on: ["p"], whenNotMatched: [{}] }),
    "update by merge": (table) =>
      mergeInto(table, pl.DataFrame({ p: [""], id: [1] }), {
        on: ["id"],
        whenMatched: [{ action: "update" }],
      }),
    groups: (table) => replaceGroups(table, empty, { by: ["id"] }),
    frame: (table) => table.stageFile(pl.DataFrame({ id: [1] }), { partitionValues: { p: "" } }),
    rows: (table) => table.stageRows([{ id: 1 }], { partitionValues: { p: "" } }),
  };
  for (const [name, write] of Object.entries(ways)) {
    const table = await newTable();
    const before = await table.store.list("");
    await assertRejects(() => write(table), TypeError, 'Cannot write to the partition of "p"', name);
    assertEquals(await table.store.list(""), before, `${name}: nothing stays behind`);
  }
});

Deno.test("replaceWhere, constraints and keys of groups see an empty partition text as the null that it becomes", async () => {
  const nullable = { ...SCHEMA, fields: SCHEMA.fields.map((field) => ({ ...field, nullable: true })) };
  const empty = pl.DataFrame({ p: [""], id: [3] });
  const table = await newTable(nullable);
  const where = (text: string) => ({ replaceWhere: parsePredicate(text, nullable) });
  await assertRejects(() => overwriteTable(table, empty, where("p = ''")), TypeError, "1 new rows outside");
  await assertRejects(() => replaceGroups(table, empty, { by: ["p"] }), TypeError, "found nulls");
  await overwriteTable(table, empty, where("p IS NULL"));
  assertEquals(await tableRows(table), [{ p: "a", id: 1 }, { p: null, id: 3 }]);
  const checked = await newTable(nullable, { "delta.constraints.known": "p IS NOT NULL" });
  await assertRejects(() => appendFrame(checked, empty), TypeError, '"known"');
});

Deno.test("a partition value that its type cannot hold exactly is refused, not rounded", async () => {
  const fields = [
    { name: "p", type: "decimal(5,2)", nullable: true, metadata: {} } as const,
    SCHEMA.fields[1],
  ];
  const schema: StructType = { type: "struct", fields: fields.flatMap((field) => field ?? []) };
  const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["p"] }, testContext());
  const stage = (p: string) => table.stageRows([{ id: 1 }], { partitionValues: { p } });
  for (const p of ["1.005", "1000", "1e2", "\ud800"]) {
    await assertRejects(() => stage(p), TypeError, "decimal(5,2)");
  }
  assertEquals((await stage("1.5")).partitionValues, { p: "1.50" });
});
