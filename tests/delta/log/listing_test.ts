import { assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import {
  appendFrame,
  checkpointTable,
  createTable,
  type DeltaTable,
  MemoryStore,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import { tableRows } from "../table_rows.ts";
import { fakeAdd, testContext } from "../test_context.ts";

Deno.test("a table that slept while the log was cleaned sees the newest version and does not write behind it", async () => {
  const { store, sleeper } = await cleanedTable();
  const adds = [fakeAdd("lost")];
  const request = { readSnapshot: sleeper.snapshot, operation: "WRITE", adds, reads: "none" } as const;
  assertEquals(await sleeper.commit(request), { status: "conflict", kind: "expired", version: 2 });
  assertEquals((await appendFrame(sleeper, idFrame(9))).status, "committed");
  assertEquals(sleeper.snapshot.version, 6);
  const rows = await tableRows(await openTable(store, testContext()));
  assertEquals(rows.map(({ id }) => id), [1n, 2n, 3n, 4n, 5n, 9n]);
});

Deno.test("a table whose newest commit is only in the checkpoint is written to", async () => {
  const { store } = await cleanedTable();
  await store.remove(commitPath(5));
  const table = await openTable(store, testContext("next"));
  assertEquals((await table.update()).version, 5);
  assertEquals((await appendFrame(table, idFrame(9))).status, "committed");
  assertEquals(table.snapshot.version, 6);
});

/** Five appends, a checkpoint, the log before it cleaned away; the sleeper has seen the first append only. */
async function cleanedTable(): Promise<{ readonly store: MemoryStore; readonly sleeper: DeltaTable }> {
  const store = new MemoryStore();
  const table = await createTable(store, { schema: tableSchema({ id: "long" }) }, testContext());
  await appendFrame(table, idFrame(1));
  const sleeper = await openTable(store, testContext("sleeper"));
  for (const id of [2, 3, 4, 5]) await appendFrame(table, idFrame(id));
  await checkpointTable(table);
  for (let version = 0; version < 5; version++) await store.remove(commitPath(version));
  return { store, sleeper };
}

function idFrame(id: number): pl.DataFrame {
  return pl.DataFrame({ id: [id] }).select(pl.col("id").cast(pl.Int64));
}
