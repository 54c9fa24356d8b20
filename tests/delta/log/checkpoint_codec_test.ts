import { setImmediate } from "node:timers/promises";
import { assertEquals } from "@std/assert";
import { parquetMetadata } from "hyparquet";
import type { DeletionVector, Remove } from "../../../lib/delta/actions/actions.ts";
import { checkpointPath } from "../../../lib/delta/actions/log_path.ts";
import { encodeCheckpoint } from "../../../lib/delta/log/checkpoint_codec.ts";
import { readCheckpoint } from "../../../lib/delta/log/checkpoint_reader.ts";
import { replay, type Snapshot } from "../../../lib/delta/log/snapshot.ts";
import { MemoryStore } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions } from "../test_context.ts";
import { randomLog } from "./random_log.ts";
import "../../load_packages.ts";

const NONE = { permissions: "none" } as const;
const DAY_MS = 86_400_000;
const NOW = 1000 * DAY_MS;
const VECTOR: DeletionVector = {
  storageType: "u",
  pathOrInlineDv: "x",
  offset: 4,
  sizeInBytes: 9,
  cardinality: 3,
};

/** What a reader gets of the checkpoint of a snapshot. */
async function reread(snapshot: Snapshot, nowMs = NOW): Promise<Snapshot> {
  const store = new MemoryStore();
  const path = checkpointPath(snapshot.version);
  await store.put(path, (await encodeCheckpoint(snapshot, nowMs)).bytes);
  const { actions, laterRemoves } = await readCheckpoint(store, [path], snapshot.version);
  return replay(undefined, [{ version: snapshot.version, actions }], laterRemoves && { laterRemoves });
}

const WITH_VECTORS = {
  minReaderVersion: 3,
  minWriterVersion: 7,
  readerFeatures: ["deletionVectors"],
  writerFeatures: ["deletionVectors"],
};

function snapshotOf(more: Parameters<typeof someActions>[0], configuration = {}): Snapshot {
  const first = { ...firstActions({ id: "long" }, ["day"], configuration), protocol: WITH_VECTORS };
  return replay(undefined, [{ version: 0, actions: first }, { version: 1, actions: someActions(more) }]);
}

Deno.test({
  name: "a checkpoint gives back every live file, removed file, application and rule, and counts them",
  ...NONE,
  fn: async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const log = randomLog(seed, 12);
      const snapshot = replay(undefined, log.map((actions, version) => ({ version, actions })));
      const { timestamp: _, ...reopened } = await reread(snapshot, 0);
      const { timestamp: __, ...whole } = snapshot;
      assertEquals(reopened, whole);
      const { adds, actions } = await encodeCheckpoint(snapshot, 0);
      const { files, tombstones, txns } = snapshot;
      assertEquals([adds, actions], [files.size, 2 + files.size + tombstones.size + txns.size]);
    }
  },
});

Deno.test({
  name: "what is seldom there is carried too, and what is not there stays away",
  ...NONE,
  fn: async () => {
    const adds = [
      fakeAdd("a", {
        partitionValues: { day: null },
        tags: { kept: null, note: "x" },
        deletionVector: VECTOR,
      }),
      fakeAdd("b", { deletionVector: { ...VECTOR, storageType: "i", pathOrInlineDv: "y" } }),
    ];
    const removes: readonly Remove[] = [
      { path: "c", dataChange: false, deletionTimestamp: NOW, deletionVector: VECTOR },
      {
        path: "d",
        dataChange: true,
        deletionTimestamp: NOW,
        extendedFileMetadata: true,
        partitionValues: {},
        size: 5,
      },
    ];
    const snapshot = snapshotOf({ adds, removes, txns: [{ appId: "x", version: 3n }] });
    const { metadata: { createdTime: _, ...timeless } } = snapshot;
    for (const metadata of [snapshot.metadata, timeless, { ...timeless, name: "n", description: "d" }]) {
      const { timestamp: __, ...reopened } = await reread({ ...snapshot, metadata });
      const { timestamp: ___, ...whole } = { ...snapshot, metadata };
      assertEquals(reopened, whole);
    }
  },
});

Deno.test({
  name: "removed files go when their retention has passed to the millisecond, those without a time at once",
  ...NONE,
  fn: async () => {
    const removes = [-1, 0, 1].map((more) => ({
      path: `${more}`,
      dataChange: true,
      deletionTimestamp: NOW - 2 * DAY_MS + more,
    }));
    const configuration = { "delta.deletedFileRetentionDuration": "interval 2 days" };
    const snapshot = snapshotOf(
      { removes: [...removes, { path: "timeless", dataChange: true }] },
      configuration,
    );
    assertEquals([...(await reread(snapshot)).tombstones.keys()], ["1"]);
  },
});

Deno.test({
  name:
    "applications go when their retention has passed to the millisecond, and never where the table sets none",
  ...NONE,
  fn: async () => {
    const txns = [-1, 0, 1].map((more) => ({
      appId: `${more}`,
      version: 1n,
      lastUpdated: NOW - 2 * DAY_MS + more,
    }));
    const noted = {
      txns: [...txns, { appId: "ancient", version: 1n, lastUpdated: 0 }, { appId: "timeless", version: 1n }],
    };
    const left = async (
      configuration: Readonly<Record<string, string>>,
    ) => [...(await reread(snapshotOf(noted, configuration))).txns.keys()];
    assertEquals(await left({ "delta.setTransactionRetentionDuration": "interval 2 days" }), [
      "1",
      "timeless",
    ]);
    assertEquals(await left({}), ["-1", "0", "1", "ancient", "timeless"]);
  },
});

Deno.test({
  name: "values of maps and elements of lists may be null, as Spark writes them",
  ...NONE,
  fn: async () => {
    const { bytes } = await encodeCheckpoint(snapshotOf({ adds: [fakeAdd("a")] }), NOW);
    const { schema } = parquetMetadata(new Uint8Array(bytes).buffer);
    const inner = schema.filter(({ name }) =>
      name === "value" || name === "element" || name === "array_element"
    );
    assertEquals(inner.filter(({ repetition_type }) => repetition_type !== "OPTIONAL"), []);
    assertEquals(inner.length >= 5, true);
  },
});

Deno.test({
  name: "removed files lie in row groups of their own, none large, and others have their turn between two",
  ...NONE,
  fn: async () => {
    const removes = Array.from({ length: 12_000 }, (_, index): Remove => {
      return { path: `removed ${index}`, dataChange: true, deletionTimestamp: NOW };
    });
    const snapshot = snapshotOf({ adds: [fakeAdd("a"), fakeAdd("b")], removes });
    let turns = 0, isDone = false;
    const others = (async () => {
      for (; !isDone; turns++) await setImmediate();
    })();
    const { bytes, actions, adds } = await encodeCheckpoint(snapshot, NOW);
    isDone = true;
    await others;
    assertEquals([actions, adds, turns >= 3], [12_004, 2, true]);
    const { row_groups } = parquetMetadata(new Uint8Array(bytes).buffer);
    assertEquals(row_groups.map(({ num_rows }) => Number(num_rows)), [4, 5_000, 5_000, 2_000]);
    const { tombstones, files } = await reread(snapshot);
    assertEquals([tombstones, files], [snapshot.tombstones, snapshot.files]);
  },
});
