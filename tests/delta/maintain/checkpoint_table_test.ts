import { assert, assertEquals, assertRejects } from "@std/assert";
import { checkpointIfDue, checkpointTable } from "../../../lib/delta/maintain/checkpoint_table.ts";
import { cleanLog } from "../../../lib/delta/log/clean_log.ts";
import { UnsupportedTableError } from "../../../lib/delta/errors.ts";
import { checkpointPath, commitPath, LAST_CHECKPOINT_PATH } from "../../../lib/delta/actions/log_path.ts";
import { MemoryStore, openTable, type Store } from "../../../lib/delta/mod.ts";
import { randomLog } from "../log/random_log.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";
import "../../load_packages.ts";

const DAY_MS = 86_400_000;
const NONE = { permissions: "none" } as const;

Deno.test({
  name: "a table opened from a checkpoint is the same as one replayed from its commits",
  ...NONE,
  fn: async () => {
    for (let seed = 1; seed <= 25; seed++) {
      const store = new MemoryStore();
      await writeLog(store, randomLog(seed, 30));
      const context = { ...testContext(), clock: () => 1_000 };
      const table = await openTable(store, context);
      await checkpointTable(table);
      for (let version = 0; version < 30; version++) await store.remove(commitPath(version));
      const { timestamp: _, ...reopened } = (await openTable(store, context)).snapshot;
      const { timestamp: __, ...replayed } = table.snapshot;
      assertEquals(reopened, replayed);
    }
  },
});

Deno.test({
  name: "a checkpoint forgets removed files and transactions that have expired, and keeps the rest",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    const now = 100 * DAY_MS;
    await writeLog(store, [
      firstActions({ id: "long" }, [], {
        "delta.deletedFileRetentionDuration": "interval 2 days",
        "delta.setTransactionRetentionDuration": "interval 3 days",
      }),
      someActions({ adds: ["a", "b", "c"].map((path) => fakeAdd(path)) }),
      someActions({
        removes: [
          { path: "a", deletionTimestamp: now - 3 * DAY_MS, dataChange: true },
          { path: "b", deletionTimestamp: now - DAY_MS, dataChange: true },
          { path: "never known", dataChange: true },
        ],
        txns: [
          { appId: "old", version: 1n, lastUpdated: now - 4 * DAY_MS },
          { appId: "young", version: 2n, lastUpdated: now - DAY_MS },
          { appId: "timeless", version: 3n },
        ],
      }),
    ]);
    const context = { ...testContext(), clock: () => now };
    await checkpointTable(await openTable(store, context));
    await store.remove(commitPath(0));
    const { files, tombstones, txns } = (await openTable(store, context)).snapshot;
    assertEquals([[...files.keys()], [...tombstones.keys()]], [["c"], ["b"]]);
    assertEquals([...txns.keys()].toSorted(), ["timeless", "young"]);
  },
});

Deno.test({
  name: "the hint names the newest checkpoint, has no parts, and is never set back",
  ...NONE,
  fn: async () => {
    const { store, table: early } = await appendedTable(3);
    await writeAt(store, 4, someActions({ adds: [fakeAdd("d")] }));
    await writeAt(store, 5, someActions({ adds: [fakeAdd("e")] }));
    await checkpointTable(await openTable(store, testContext()));
    const hint = JSON.parse(new TextDecoder().decode(await store.read(LAST_CHECKPOINT_PATH)));
    const { sizeInBytes, ...counts } = hint;
    assertEquals(counts, { version: 5, size: 7, numOfAddFiles: 5 });
    assertEquals(sizeInBytes, (await store.read(checkpointPath(5))).length);
    await checkpointTable(early);
    assertEquals(JSON.parse(new TextDecoder().decode(await store.read(LAST_CHECKPOINT_PATH))), hint);
  },
});

Deno.test({
  name: "a checkpoint is due when the interval of the table has passed since the last",
  ...NONE,
  fn: async () => {
    const { store, table } = await appendedTable(0, { "delta.checkpointInterval": "3" });
    const written: number[] = [];
    for (let version = 1; version <= 10; version++) {
      await table.commit({
        readSnapshot: table.snapshot,
        operation: "WRITE",
        adds: [fakeAdd(`${version}`)],
        reads: "none",
      });
      const outcome = await checkpointIfDue(table);
      if (outcome !== undefined) written.push(outcome.version);
      // A hint that cannot be read costs a checkpoint, not more.
      if (version === 7) await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode("{"));
    }
    assertEquals(written, [3, 6, 8]);
  },
});

Deno.test({
  name: "a table with rules for writers that are not known gets no checkpoint",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore();
    const { metadata } = firstActions({ id: "long" });
    assert(metadata !== undefined);
    const protocol = { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["rowTracking"] };
    await writeLog(store, [someActions({ protocol, metadata })]);
    const table = await openTable(store, testContext());
    await assertRejects(() => checkpointTable(table), UnsupportedTableError, "rowTracking");
    assertEquals((await store.list("")).length, 1);
  },
});

Deno.test({
  name: "cleaning the log leaves every version that is young enough, and what it is built on",
  ...NONE,
  fn: async () => {
    let now = 0;
    const store = new MemoryStore({ clock: () => now });
    const actions = [
      firstActions({ id: "long" }),
      ...Array.from({ length: 19 }, (_, i) => someActions({ adds: [fakeAdd(`${i}`)] })),
    ];
    const context = { ...testContext(), clock: () => now };
    for (const [version, part] of actions.entries()) {
      now = version * DAY_MS;
      await writeAt(store, version, part);
      if (version % 5 === 0 && version > 0) await checkpointTable(await openTable(store, context));
    }
    const whole = await openTable(store, context);
    assertEquals(await cleanLog(store, 0), 0);
    // Version 12 is the first young one, so 11 was current before; it is built on checkpoint 10.
    assertEquals(await cleanLog(store, 12 * DAY_MS), 11);
    const left = (await store.list("_delta_log/0")).map(({ path }) => Number(path.slice(11, 31)));
    assertEquals(left, [10, 10, 11, 12, 13, 14, 15, 15, 16, 17, 18, 19]);
    assertEquals((await openTable(store, context)).snapshot.files, whole.snapshot.files);
    assertEquals(await cleanLog(store, 12 * DAY_MS), 0);
  },
});

Deno.test({
  name: "cleaning the log without a checkpoint that is old enough, or whole, removes nothing",
  ...NONE,
  fn: async () => {
    const { store } = await appendedTable(9);
    assertEquals(await cleanLog(store, Infinity), 0);
    await store.put(
      checkpointPath(5).replace(".parquet", ".0000000001.0000000002.parquet"),
      new Uint8Array(1),
    );
    assertEquals(await cleanLog(store, Infinity), 0);
    await store.put(
      checkpointPath(5).replace(".parquet", ".0000000002.0000000002.parquet"),
      new Uint8Array(1),
    );
    assertEquals(await cleanLog(store, Infinity), 5);
  },
});

Deno.test({
  name:
    "the time of a version is that of its commit after a checkpoint too, or of the file when the commit is gone",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore({ clock: () => 5000 });
    const timed = (timestamp: number) =>
      someActions({ adds: [fakeAdd(`${timestamp}`)], commitInfo: { timestamp } });
    await writeLog(store, [firstActions({ id: "long" }), timed(2000), timed(3000)]);
    await checkpointTable(await openTable(store, testContext()));
    const timeOf = async () => (await openTable(store, testContext())).snapshot.timestamp;
    assertEquals(await timeOf(), 3000);
    await writeAt(store, 2, someActions({ commitInfo: { timestamp: 3000, inCommitTimestamp: 3500 } }));
    assertEquals(await timeOf(), 3500);
    await store.put(commitPath(2), new TextEncoder().encode('{"commitInfo":7\n'));
    assertEquals(await timeOf(), 5000);
    await store.remove(commitPath(2));
    assertEquals(await timeOf(), 5000);
    await writeAt(store, 3, timed(9000));
    assertEquals(await timeOf(), 9000);
  },
});

async function appendedTable(commits: number, configuration: Readonly<Record<string, string>> = {}) {
  const store = new MemoryStore();
  await writeLog(store, [
    firstActions({ id: "long" }, [], configuration),
    ...Array.from({ length: commits }, (_, index) => someActions({ adds: [fakeAdd(`file ${index}`)] })),
  ]);
  return { store, table: await openTable(store, { ...testContext(), autoCheckpoint: false }) };
}

async function writeAt(
  store: Store,
  version: number,
  actions: Parameters<typeof writeLog>[1][number],
): Promise<void> {
  const other = new MemoryStore();
  await writeLog(other, [actions]);
  await store.put(commitPath(version), await other.read(commitPath(0)));
}
