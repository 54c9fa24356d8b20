import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { decodePath } from "../../../lib/delta/actions/log_encoding.ts";
import { createTable, type DeltaTable, MemoryStore, openTable, tableSchema } from "../../../lib/delta/mod.ts";
import { readSnapshot } from "../../../lib/delta/log/reader.ts";
import { restoreTable } from "../../../lib/delta/maintain/restore_table.ts";
import { fakeAdd, seededRandom, testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long" });

Deno.test("after a restore the table has the files, columns and properties of that version", async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = seededRandom(seed);
    const { table, store } = await newTable();
    for (let step = 0; step < 15; step++) await randomChange(table, step, random);
    for (let step = 0; step < 5; step++) {
      const version = Math.floor(random() * (table.snapshot.version + 1));
      const expected = await readSnapshot(store, { version });
      const outcome = await restoreTable(table, { version });
      const { files, metadata, schema } = (await openTable(store, testContext())).snapshot;
      assertEquals([new Set(files.keys()), metadata, schema], [
        new Set(expected.files.keys()),
        expected.metadata,
        expected.schema,
      ]);
      assertEquals(outcome.restoredVersion, version);
      assertEquals((await restoreTable(table, { version })).version, undefined);
    }
  }
});

Deno.test("what applications would lose by a restore is refused, or kept where the caller says so; it can be undone", async () => {
  const { table } = await newTable();
  await write(table, "a");
  await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    reads: "none",
    adds: [fakeAdd("b")],
    txns: [{ appId: "app", version: 7n }],
  });
  await table.store.put("b", new Uint8Array(1));
  await assertRejects(
    () => restoreTable(table, { version: 1 }),
    TypeError,
    'Cannot restore version 1 of "memory": found 1 mark of applications that moved since, such as "app" from ' +
      "none to 7, expected none, or a word on them",
  );
  assertEquals(table.snapshot.version, 2);
  assertEquals(await restoreTable(table, { version: 1 }, { marks: "keep" }), {
    version: 3,
    restoredVersion: 1,
    filesRestored: 0,
    filesRemoved: 1,
  });
  assertEquals(table.snapshot.txns.get("app")?.version, 7n);
  await restoreTable(table, { version: 2 });
  assertEquals([...table.snapshot.files.keys()].toSorted(), ["a", "b"]);
});

Deno.test("marks are set back with the rows where that is asked for, and refused where there were none", async () => {
  const { table } = await newTable();
  await write(table, "a");
  for (const version of [7n, 9n]) {
    await table.commit({
      readSnapshot: table.snapshot,
      operation: "WRITE",
      reads: "none",
      adds: [fakeAdd(`b${version}`)],
      txns: [{ appId: "app", version }],
    });
  }
  await restoreTable(table, { version: 2 }, { marks: "restore" });
  assertEquals([...table.snapshot.files.keys()], ["a", "b7"]);
  for (const { txns } of [table.snapshot, (await openTable(table.store, testContext())).snapshot]) {
    assertEquals(txns.get("app")?.version, 7n);
  }
  await assertRejects(
    () => restoreTable(table, { version: 1 }, { marks: "restore" }),
    TypeError,
    'such as "app" from none to 7, expected marks that were there, since Delta cannot take one away',
  );
});

Deno.test("a version whose files a vacuum removed cannot be restored, and nothing is changed", async () => {
  const { table } = await newTable();
  await write(table, "a b");
  const [add] = table.snapshot.files.values();
  await table.commit({
    readSnapshot: table.snapshot,
    operation: "DELETE",
    reads: "none",
    removes: add ? [add] : [],
  });
  await table.store.remove(decodePath(add?.path ?? ""));
  await assertRejects(
    () => restoreTable(table, { version: 1 }),
    Error,
    'Cannot restore version 1 of "memory": found 1 of its files gone, such as "a%20b", expected all of them',
  );
  assertEquals(table.snapshot.version, 2);
  await assertRejects(() => restoreTable(table, { version: 9 }), RangeError);
});

Deno.test("a restore that loses a race to a change is worked out again, and never removes a data file", async () => {
  let interfere: (() => Promise<void>) | undefined;
  const store = new MemoryStore({
    beforePut: async (path) => {
      const act = path.startsWith("_delta_log/") ? interfere : undefined;
      if (act !== undefined) interfere = undefined;
      await act?.();
    },
  });
  const table = await createTable(store, { schema }, testContext());
  for (const name of ["a", "b"]) await write(table, name);
  await restoreTable(table, { version: 1 });
  const other = await openTable(store, testContext("other"));
  interfere = async () => {
    await other.commit({
      readSnapshot: other.snapshot,
      operation: "MERGE",
      reads: { matches: () => true },
      adds: [fakeAdd("c")],
    });
  };
  const outcome = await restoreTable(table, { version: 2 });
  assertEquals([outcome.version, outcome.filesRestored, outcome.filesRemoved], [5, 1, 1]);
  assertEquals([...table.snapshot.files.keys()].toSorted(), ["a", "b"]);
  assertNotEquals((await store.read("b")).length, 0);
});

async function newTable() {
  const store = new MemoryStore();
  return { store, table: await createTable(store, { schema }, testContext()) };
}

async function write(table: DeltaTable, name: string): Promise<void> {
  await table.store.put(name, new Uint8Array(1));
  await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    reads: "none",
    adds: [fakeAdd(encodeURIComponent(name))],
  });
}

async function randomChange(table: DeltaTable, step: number, random: () => number): Promise<void> {
  await write(table, `file ${step}`);
  const { snapshot } = table;
  const removes = [...snapshot.files.values()].filter(() => random() < 0.3);
  const metadata = { ...snapshot.metadata, configuration: { "user.step": String(step) } };
  await table.commit({
    readSnapshot: snapshot,
    operation: "CHANGE",
    reads: { matches: () => true },
    removes,
    ...(random() < 0.3 ? { metadata } : {}),
  });
}
