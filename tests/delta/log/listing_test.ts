import { assertEquals, assertRejects } from "@std/assert";
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
import { hasCommit, isOvertaken, listLog } from "../../../lib/delta/log/listing.ts";
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

Deno.test("a listing has the commits in order and the whole checkpoints newest first, between both versions", async () => {
  const store = new MemoryStore({ clock: () => 5 });
  const uuid = "3a0d65cd-4056-49b8-937b-95f9e3ee90e5";
  const names = [
    ...[0, 1, 2, 3, 4].map((version) => `${padded(version)}.json`),
    `${padded(1)}.checkpoint.parquet`,
    `${padded(2)}.checkpoint.${uuid}.parquet`,
    ...[1, 2, 3].map((part) => `${padded(3)}.checkpoint.${padded(part, 10)}.${padded(3, 10)}.parquet`),
    `${padded(3)}.checkpoint.${padded(1, 10)}.${padded(2, 10)}.parquet`,
    `${padded(4)}.checkpoint.${padded(2, 10)}.${padded(2, 10)}.parquet`,
    `${padded(1)}.${padded(3)}.compacted.json`,
    `${padded(2)}.crc`,
    "_last_checkpoint",
  ];
  for (const name of names) await store.put(`_delta_log/${name}`, new Uint8Array());
  const seen = async (from: number, to?: number) => {
    const { commits, checkpoints, compacted, newestMs } = await listLog(store, from, to);
    const whole = checkpoints.map(({ version, paths }) => `${version} of ${paths.length}`);
    return { commits, whole, merged: compacted.map(({ since, version }) => `${since}-${version}`), newestMs };
  };
  assertEquals(await seen(0), {
    commits: [0, 1, 2, 3, 4],
    whole: ["3 of 3", "2 of 1", "1 of 1"],
    merged: ["1-3"],
    newestMs: 5,
  });
  assertEquals(await seen(2, 3), { commits: [2, 3], whole: ["3 of 3", "2 of 1"], merged: [], newestMs: 5 });
  assertEquals(await seen(0, 2), {
    commits: [0, 1, 2],
    whole: ["2 of 1", "1 of 1"],
    merged: [],
    newestMs: 5,
  });
  assertEquals(await seen(9), { commits: [], whole: [], merged: [], newestMs: undefined });
});

Deno.test("a version is overtaken when its commit is gone and the log has later files; a store that fails says neither", async () => {
  const { store } = await cleanedTable();
  const found = await Promise.all([0, 3, 4, 5, 6].map((version) => isOvertaken(store, version)));
  assertEquals(found, [true, true, true, false, false]);
  assertEquals([await hasCommit(store, 4), await hasCommit(store, 5)], [false, true]);
  Object.assign(store, { read: () => Promise.reject(new Error("no answer")) });
  await assertRejects(() => hasCommit(store, 5), Error, "no answer");
  await assertRejects(() => isOvertaken(store, 5), Error, "no answer");
});

function padded(value: number, width = 20): string {
  return String(value).padStart(width, "0");
}

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
