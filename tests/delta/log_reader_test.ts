import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import { CorruptLogError, TableNotFoundError, UnsupportedTableError } from "../../lib/delta/errors.ts";
import { commitPath, LAST_CHECKPOINT_PATH, parseLogPath, versionPrefix } from "../../lib/delta/log_path.ts";
import { readSnapshot } from "../../lib/delta/log_reader.ts";
import { MemoryStore, type Store } from "../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions, writeLog } from "./test_context.ts";

const NONE = { permissions: "none" } as const;

const history = [
  firstActions({ id: "long" }, [], { "delta.appendOnly": "false" }),
  someActions({ adds: [fakeAdd("a"), fakeAdd("b", { stats: '{"numRecords":1}' })] }),
  someActions({ adds: [fakeAdd("c")], removes: [{ path: "a", deletionTimestamp: 5, dataChange: true }] }),
  someActions({ txns: [{ appId: "app", version: 7n }] }),
  someActions({ adds: [fakeAdd("d")] }),
];

Deno.test({
  name: "without a checkpoint all commits are replayed from 0",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const snapshot = await readSnapshot(store);
    assertEquals([snapshot.version, [...snapshot.files.keys()]], [4, ["b", "c", "d"]]);
    assertEquals(snapshot.txns.get("app")?.version, 7n);
  },
});

Deno.test({
  name: "a checkpoint stands for all commits up to its own",
  ...NONE,
  fn: async () => {
    for (const parts of [1, 3]) {
      const store = await logStore();
      const whole = await readSnapshot(store);
      await writeCheckpoint(store, 3, parts);
      for (let version = 0; version <= 3; version++) await store.remove(commitPath(version));
      for (
        const hint of [
          '{"version":3,"size":6}',
          '{"version":2}',
          '{"version":99}',
          "garbage",
          "",
          "[]",
          "null",
        ]
      ) {
        await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode(hint));
        const { files, txns, metadata, tombstones, version } = await readSnapshot(store);
        assertEquals([version, files, metadata], [4, whole.files, whole.metadata]);
        assertEquals([tombstones, txns.get("app")?.version], [whole.tombstones, 7n]);
      }
    }
  },
});

Deno.test({
  name: "only commits after the hint are listed and read",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await writeCheckpoint(store, 3, 1);
    await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode('{"version":3}'));
    const asked: string[] = [];
    await readSnapshot({
      guarantees: store.guarantees,
      label: "watched",
      read: (path) => (asked.push(path), store.read(path)),
      list: (prefix, options) => (asked.push(`after ${options?.startAfter}`), store.list(prefix, options)),
      put: (path, bytes) => store.put(path, bytes),
      putIfAbsent: (path, bytes) => store.putIfAbsent(path, bytes),
      remove: (path) => store.remove(path),
    });
    const checkpoint = `${versionPrefix(3)}.checkpoint.parquet`;
    assertEquals(asked, [LAST_CHECKPOINT_PATH, `after ${versionPrefix(3)}`, checkpoint, commitPath(4)]);
  },
});

Deno.test({
  name: "a broken checkpoint or one with a part missing is passed over while the commits are there",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await store.put(`${versionPrefix(3)}.checkpoint.parquet`, new TextEncoder().encode("PAR1 no more"));
    await writeCheckpoint(store, 2, 2);
    await store.remove(`${versionPrefix(2)}.checkpoint.0000000002.0000000002.parquet`);
    assertEquals([...(await readSnapshot(store)).files.keys()], ["b", "c", "d"]);
    await store.remove(commitPath(0));
    await assertRejects(() => readSnapshot(store), CorruptLogError, "3.checkpoint.parquet");
  },
});

Deno.test({
  name: "a gap in the commits is a corrupt log, after a checkpoint too",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await store.remove(commitPath(2));
    await assertRejects(() => readSnapshot(store), CorruptLogError, commitPath(2));
    const other = await logStore();
    await writeCheckpoint(other, 1, 1);
    for (const version of [0, 1, 3]) await other.remove(commitPath(version));
    await assertRejects(() => readSnapshot(other), CorruptLogError, commitPath(3));
  },
});

Deno.test({
  name: "a log whose start is gone and that has no checkpoint is corrupt",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await store.remove(commitPath(0));
    await assertRejects(() => readSnapshot(store), CorruptLogError, "found no checkpoint");
  },
});

Deno.test({
  name: "a table that can only be read from a checkpoint named by UUID is refused by the feature's name",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await store.put(
      `${versionPrefix(3)}.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json`,
      new Uint8Array(),
    );
    assertEquals((await readSnapshot(store)).version, 4);
    await store.remove(commitPath(0));
    await assertRejects(() => readSnapshot(store), UnsupportedTableError, "UUID");
  },
});

Deno.test({
  name: "a place without a log is no table",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore({ label: "nowhere" });
    await assertRejects(() => readSnapshot(store), TableNotFoundError, '"nowhere"');
    await store.put("_delta_log/readme.txt", new Uint8Array());
    await assertRejects(() => readSnapshot(store), TableNotFoundError);
  },
});

Deno.test({
  name: "files of the log are known by their names",
  ...NONE,
  fn: () => {
    const start = versionPrefix(12);
    assertEquals(parseLogPath(`${start}.json`), { kind: "commit", version: 12 });
    assertEquals(parseLogPath(`${start}.checkpoint.parquet`), {
      kind: "checkpoint",
      version: 12,
      part: 1,
      parts: 1,
    });
    assertEquals(parseLogPath(`${start}.checkpoint.0000000002.0000000005.parquet`), {
      kind: "checkpoint",
      version: 12,
      part: 2,
      parts: 5,
    });
    const others = [`${start}.crc`, `${start}.00000000000000000013.compacted.json`, "_delta_log/.1.json.tmp"];
    assertEquals(others.map(parseLogPath), [undefined, undefined, undefined]);
  },
});

async function logStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await writeLog(store, history);
  return store;
}

/** The rows of a checkpoint of {@linkcode history} at a version, dealt to so many files as Spark does. */
async function writeCheckpoint(store: Store, version: number, parts: number): Promise<void> {
  const quiet = new MemoryStore();
  await writeLog(quiet, history.slice(0, version + 1));
  const { protocol, metadata, files, tombstones, txns } = await readSnapshot(quiet);
  const rows = [
    { protocol },
    { metaData: { ...metadata, createdTime: BigInt(metadata.createdTime ?? 0) } },
    ...[...files.values()].map((add) => ({ add: { ...add, size: BigInt(add.size), modificationTime: 1n } })),
    ...[...tombstones.values()].map((remove) => ({ remove: { ...remove, deletionTimestamp: 5n } })),
    ...[...txns].map(([appId, txn]) => ({ txn: { appId, version: txn.version } })),
  ];
  for (let part = 1; part <= parts; part++) {
    const mine = rows.filter((_, index) => index % parts === part - 1);
    const suffix = parts === 1 ? "" : `.${String(part).padStart(10, "0")}.${String(parts).padStart(10, "0")}`;
    await store.put(`${versionPrefix(version)}.checkpoint${suffix}.parquet`, encodeCheckpoint(mine));
  }
}

function encodeCheckpoint(rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const names = ["protocol", "metaData", "add", "remove", "txn"];
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return new Uint8Array(parquetWriteBuffer({ schema: [...CHECKPOINT_SCHEMA], columnData }));
}

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const;
const LONG = { type: "INT64", repetition_type: "OPTIONAL" } as const;
const FLAG = { type: "BOOLEAN", repetition_type: "OPTIONAL" } as const;

const CHECKPOINT_SCHEMA: readonly SchemaElement[] = [
  { name: "schema", num_children: 5 },
  group("protocol", 2),
  { name: "minReaderVersion", type: "INT32", repetition_type: "OPTIONAL" },
  { name: "minWriterVersion", type: "INT32", repetition_type: "OPTIONAL" },
  group("metaData", 6),
  { name: "id", ...TEXT },
  group("format", 2),
  { name: "provider", ...TEXT },
  ...textMap("options"),
  { name: "schemaString", ...TEXT },
  { name: "partitionColumns", converted_type: "LIST", repetition_type: "OPTIONAL", num_children: 1 },
  { name: "list", repetition_type: "REPEATED", num_children: 1 },
  { name: "element", ...TEXT },
  ...textMap("configuration"),
  { name: "createdTime", ...LONG },
  group("add", 6),
  { name: "path", ...TEXT },
  ...textMap("partitionValues"),
  { name: "size", ...LONG },
  { name: "modificationTime", ...LONG },
  { name: "dataChange", ...FLAG },
  { name: "stats", ...TEXT },
  group("remove", 3),
  { name: "path", ...TEXT },
  { name: "deletionTimestamp", ...LONG },
  { name: "dataChange", ...FLAG },
  group("txn", 2),
  { name: "appId", ...TEXT },
  { name: "version", ...LONG },
];

function group(name: string, children: number): SchemaElement {
  return { name, repetition_type: "OPTIONAL", num_children: children };
}

function textMap(name: string): readonly SchemaElement[] {
  return [
    { name, converted_type: "MAP", repetition_type: "OPTIONAL", num_children: 1 },
    { name: "key_value", repetition_type: "REPEATED", num_children: 2 },
    { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
    { name: "value", ...TEXT },
  ];
}
