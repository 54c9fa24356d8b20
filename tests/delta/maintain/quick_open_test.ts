/** What it takes to open a table that is written to all day: counted, not timed. */
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { CorruptLogError } from "../../../lib/delta/errors.ts";
import { checkpointIfDue, checkpointTable } from "../../../lib/delta/maintain/checkpoint_table.ts";
import { removeExpired } from "../../../lib/delta/maintain/remove_expired.ts";
import { footerFacts } from "../../../lib/delta/parquet/footer_facts.ts";
import { tableSchema } from "../../../lib/delta/schema/schema.ts";
import { MemoryStore } from "../../../lib/delta/store/memory_store.ts";
import { createTable } from "../../../lib/delta/table/create_table.ts";
import { type DeltaTable, openTable } from "../../../lib/delta/table/table.ts";
import { fakeAdd } from "../test_context.ts";
import { gatedStore } from "../../pipeline/gated_store.ts";

const SECOND_MS = 1_000;
const FILES = 12;

async function tableAt(clock: () => number) {
  let ids = 0;
  const store = new MemoryStore({ clock });
  const context = { clock, ids: () => `id-${ids++}`, autoCheckpoint: false };
  const configuration = { "delta.checkpointInterval": "100" };
  return await createTable(store, { schema: tableSchema({ n: "integer" }), configuration }, context);
}

/** Puts new files in the place of the oldest. */
async function replaceFiles(table: DeltaTable, names: readonly string[]): Promise<void> {
  const live = [...table.snapshot.files.values()];
  const removes = live.slice(0, Math.max(0, live.length + names.length - FILES));
  const adds = names.map((name) => fakeAdd(name));
  await table.commit({ readSnapshot: table.snapshot, operation: "MERGE", adds, removes, reads: "none" });
}

/** Files that are read, bytes of them, and files of the log that are listed. */
async function openingOf({ store }: DeltaTable) {
  let reads = 0, bytes = 0;
  const counting = gatedStore(store, () => {});
  const counted = new Proxy(counting, {
    get: (target, name) => {
      if (name !== "read") return Reflect.get(target, name);
      return async (...given: Parameters<typeof counting.read>) => {
        const found = await counting.read(...given);
        reads++;
        bytes += found.length;
        return found;
      };
    },
  });
  const { snapshot } = await openTable(counted);
  const listed = (await store.list("_delta_log/")).length;
  return { reads, bytes, listed, files: snapshot.files.size };
}

Deno.test("a table is as quick to open at its last commit of many as it was when the first of them had expired", async () => {
  let nowMs = Date.UTC(2025, 1, 17);
  const startMs = nowMs, keepMs = 60 * SECOND_MS;
  const table = await tableAt(() => nowMs);
  const early: Record<string, number>[] = [], late: Record<string, number>[] = [];
  // Ten commits a second for ten minutes, three files each, looked after as a follower does.
  for (let commit = 0; commit < 6_000; commit++) {
    nowMs = startMs + commit * SECOND_MS / 10;
    await replaceFiles(table, [0, 1, 2].map((index) => `${commit}-${index}.parquet`));
    if (commit % 300 === 0) {
      await removeExpired(table, { retentionMs: keepMs });
      await checkpointIfDue(table, { logRetentionMs: keepMs, cleansLog: commit % 1_200 === 0 });
    }
    if (commit % 290 === 0 && commit > 1_200) (commit < 3_600 ? early : late).push(await openingOf(table));
  }
  for (const name of ["reads", "bytes", "listed", "files"]) {
    const [before, after] = [early, late].map((all) => Math.max(...all.map((each) => each[name] ?? NaN)));
    assert((after ?? NaN) <= (before ?? NaN) * 1.1, `${name}: ${before}, then ${after}`);
  }
  // The hint, the checkpoint, and what was committed since.
  assertLess(Math.max(...late.map(({ reads = NaN }) => reads)), 310);
});

Deno.test("who opens a table does not look at its removed files, however many there are, until they are asked for", async () => {
  const table = await tableAt(() => Date.UTC(2025, 1, 17));
  await replaceFiles(table, ["live.parquet"]);
  const names = Array.from({ length: 3_000 }, (_, index) => `removed ${index}.parquet`);
  await table.commit({
    readSnapshot: table.snapshot,
    operation: "WRITE",
    adds: names.map((name) => fakeAdd(name)),
    reads: "none",
  });
  const gone = [...table.snapshot.files.values()].filter(({ path }) => path.startsWith("removed"));
  await table.commit({ readSnapshot: table.snapshot, operation: "DELETE", removes: gone, reads: "none" });
  const { version } = await checkpointTable(table);
  const whole = await openTable(table.store);
  assertEquals(whole.snapshot, table.snapshot);
  await replaceFiles(table, ["removed 7.parquet"]);
  const again = await openTable(table.store);
  assertEquals([again.snapshot.tombstones.size, table.snapshot.tombstones.size], [2_999, 2_999]);
  // Bytes of removed files that are broken are not seen before that.
  const path = `_delta_log/${String(version).padStart(20, "0")}.checkpoint.parquet`;
  const bytes = new Uint8Array(await table.store.read(path));
  const removed = footerFacts(bytes).groups[1]?.columns ?? [];
  for (const { start, storedBytes, values } of removed) {
    if (values === 3_000 && storedBytes > 1_000) {
      bytes.fill(0xff, start + storedBytes - 900, start + storedBytes);
    }
  }
  await table.store.put(path, bytes);
  const broken = await openTable(table.store);
  assertEquals(broken.snapshot.files, table.snapshot.files);
  assertThrows(() => broken.snapshot.tombstones, CorruptLogError, "Cannot read the checkpoint");
});
