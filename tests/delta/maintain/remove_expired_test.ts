import { assertEquals } from "@std/assert";
import { checkpointTable } from "../../../lib/delta/maintain/checkpoint_table.ts";
import { removeExpired } from "../../../lib/delta/maintain/remove_expired.ts";
import { tableSchema } from "../../../lib/delta/schema/schema.ts";
import { MemoryStore } from "../../../lib/delta/store/memory_store.ts";
import { createTable } from "../../../lib/delta/table/create_table.ts";
import { type DeltaTable, openTable } from "../../../lib/delta/table/table.ts";
import { gatedStore } from "../../pipeline/gated_store.ts";

const HOUR_MS = 3_600_000;

/** Puts one file in the place of another, at a time. */
async function rewrite(table: DeltaTable, value: number): Promise<void> {
  const removes = [...table.snapshot.files.values()];
  const add = await table.stageRows([{ n: value }]);
  await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    adds: [add],
    removes,
    reads: "none",
  });
}

Deno.test("files that left the table long ago go by their names, and nothing is listed for it", async () => {
  let nowMs = 0, ids = 0, lists = 0, isCounting = false;
  const inner = new MemoryStore();
  const store = gatedStore(inner, ({ operation, when }) => {
    if (isCounting && operation === "list" && when === "before") lists++;
  });
  const context = { clock: () => nowMs, ids: () => `id-${ids++}`, autoCheckpoint: false };
  const table = await createTable(store, { schema: tableSchema({ n: "integer" }) }, context);
  for (let hour = 0; hour < 20; hour++) {
    nowMs = hour * HOUR_MS;
    await rewrite(table, hour);
  }
  isCounting = true;
  assertEquals(await removeExpired(table, { retentionMs: 5 * HOUR_MS }), 13);
  assertEquals(await removeExpired(table, { retentionMs: 5 * HOUR_MS }), 0);
  assertEquals(lists, 0);
  isCounting = false;
  const left = (await inner.list("")).filter(({ path }) => path.endsWith(".parquet"));
  assertEquals([left.length, table.snapshot.tombstones.size], [7, 6]);
  const kept = await openTable(store, context);
  assertEquals(kept.snapshot.tombstones.size, 19);
  await checkpointTable(table);
  const opened = await openTable(store, context);
  assertEquals(opened.snapshot, table.snapshot);
  const rows = await Promise.all([...opened.snapshot.files.values()].map((add) => opened.readRows(add)));
  assertEquals(rows, [[{ n: 19 }]]);
});

Deno.test("what was removed and is live all the same stays, and nothing but data files of the table goes", async () => {
  let nowMs = 0, ids = 0;
  const store = new MemoryStore();
  const context = { clock: () => nowMs, ids: () => `id-${ids++}`, autoCheckpoint: false };
  const table = await createTable(store, { schema: tableSchema({ n: "integer" }) }, context);
  await rewrite(table, 1);
  await rewrite(table, 2);
  await checkpointTable(table);
  await rewrite(table, 3);
  const paths = [...table.snapshot.tombstones.values()].map(({ path }) => path);
  const [again = "", gone = ""] = paths;
  // As a writer does who spells a path in another way, and one who means harm.
  const removes = [
    "_delta_log/00000000000000000002.checkpoint.parquet",
    "../other/part.parquet",
    "/etc/x.parquet",
  ];
  const lines = [
    { add: { ...[...table.snapshot.files.values()][0], path: again.replace("part", "%70art") } },
    ...removes.map((path) => ({ remove: { path, deletionTimestamp: 0, dataChange: true } })),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await store.putIfAbsent("_delta_log/00000000000000000004.json", new TextEncoder().encode(text));
  await table.update();
  nowMs = 100 * HOUR_MS;
  const before = (await store.list("")).map(({ path }) => path);
  assertEquals(await removeExpired(table, { retentionMs: HOUR_MS }), 1);
  const after = new Set((await store.list("")).map(({ path }) => path));
  assertEquals(before.filter((path) => !after.has(path)), [gone]);
});
