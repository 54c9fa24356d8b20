import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  createTable,
  MemoryStore,
  type Store,
  TableNotFoundError,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { findLakeTables, findRuleResults, openLakeTables } from "../../lib/tables/lake_tables.ts";
import { TABLE_PATHS, type TableName } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";

/** Stores of which some have a table. */
async function storesWith(names: readonly TableName[]): Promise<(path: string) => Store> {
  const stores = new Map(Object.values(TABLE_PATHS).map((path) => [path, new MemoryStore({ label: path })]));
  const storeOf = (path: string) => stores.get(path) ?? new MemoryStore();
  for (const name of names) {
    await createTable(storeOf(TABLE_PATHS[name]), { schema: tableSchema({ [name]: "long" }) }, testContext());
  }
  return storeOf;
}

const ALL: readonly TableName[] = ["landing", "quarantine", "standard", "batches", "runs"];

Deno.test("tables are opened under their own names, as they are", async () => {
  const storeOf = await storesWith(ALL);
  for (
    const tables of [
      await openLakeTables(storeOf, testContext()),
      (await findLakeTables(storeOf, testContext())).tables,
    ]
  ) {
    const columns = Object.entries(tables).map((
      [name, { snapshot }],
    ) => [name, snapshot.schema.fields[0]?.name]);
    assertEquals(columns, ALL.map((name) => [name, name]));
  }
});

Deno.test("of a lake that is not whole those that are there are found; opening all ends, and makes none", async () => {
  const storeOf = await storesWith(["landing", "runs"]);
  assertEquals(Object.keys((await findLakeTables(storeOf, testContext())).tables), ["landing", "runs"]);
  const open = () => openLakeTables(storeOf, testContext());
  await assertRejects(open, TableNotFoundError, "_zone/");
  assertEquals(await storeOf(TABLE_PATHS.standard).list(""), []);
});

Deno.test("no lake needs the results of rules to be read; where they are they are found", async () => {
  const without = await storesWith(ALL);
  assertEquals(await findRuleResults(without, testContext()), null);
  const storeOf = await storesWith([...ALL, "results"]);
  assertEquals((await findRuleResults(storeOf, testContext()))?.snapshot.version, 0);
  assertEquals(Object.keys(await openLakeTables(storeOf, testContext())), [...ALL]);
  assertEquals(Object.keys((await findLakeTables(storeOf, testContext())).tables), [...ALL, "results"]);
});

Deno.test("what only the system says of a table that is there names the table; other words stay as they are", async () => {
  const cases: readonly (readonly [thrown: unknown, isNamed: boolean])[] = [
    [new Error("Not a directory (os error 20)"), true],
    [new Error('Cannot read "0.json": the disk fails'), false],
    ["a text", false],
  ];
  for (const [thrown, isNamed] of cases) {
    const whole = await storesWith(ALL);
    const storeOf = (path: string) =>
      path === TABLE_PATHS.standard ? failingStore(thrown, path) : whole(path);
    const found = await findLakeTables(storeOf, testContext());
    assertEquals(Object.keys(found.tables), ALL.filter((name) => name !== "standard"));
    const thrownBy: unknown = await openLakeTables(storeOf, testContext()).then(
      () => null,
      (reason) => reason,
    );
    for (const error of [thrownBy, found.faults.get("standard")]) {
      if (!isNamed) assertStrictEquals(error, thrown);
      else if (!(error instanceof Error)) throw new Error("no error");
      else {
        assertEquals(error.message, 'Cannot open the table "standard_zone/trains_travel"');
        assertStrictEquals(error.cause, thrown);
      }
    }
  }
});

/** A store whose listing and reading fail. */
function failingStore(thrown: unknown, label: string): Store {
  const fail = () => Promise.reject(thrown);
  return Object.assign(new MemoryStore({ label }), { read: fail, list: fail });
}
