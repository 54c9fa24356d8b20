import { assertEquals, assertRejects } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { CorruptLogError, TableNotFoundError } from "../../../lib/delta/errors.ts";
import {
  commitPath,
  LAST_CHECKPOINT_PATH,
  parseLogPath,
  versionPrefix,
} from "../../../lib/delta/actions/log_path.ts";
import { readSnapshot } from "../../../lib/delta/log/reader.ts";
import { MemoryStore, type Store } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions, writeLog } from "../test_context.ts";
import "../../load_packages.ts";

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
      read: (path, range) => (asked.push(path), store.read(path, range)),
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
  name: "checkpoints named by UUID are read, in JSON and Parquet, with the sidecars that they name",
  ...NONE,
  fn: async () => {
    const uuid = "3a0d65cd-4056-49b8-937b-95f9e3ee90e5";
    for (const kind of ["json", "parquet"]) {
      const store = await logStore();
      const whole = await readSnapshot(store);
      const rows = await checkpointRows(3);
      const isFile = (row: Row): boolean => "add" in row || "remove" in row;
      const [first, ...rest] = rows.filter(isFile);
      const sidecars = [first === undefined ? [] : [first], rest];
      for (const [index, files] of sidecars.entries()) {
        await store.put(`_delta_log/_sidecars/side ${index}.parquet`, encodeCheckpoint(files));
      }
      const sidecar = { sizeInBytes: 1n, modificationTime: 1n };
      const top: readonly Row[] = [
        ...rows.filter((row) => !isFile(row)),
        { sidecar: { path: "side%200.parquet", ...sidecar } },
        { sidecar: { path: "file:/t/_delta_log/_sidecars/side%201.parquet", ...sidecar } },
        { checkpointMetadata: { version: 3n } },
      ];
      const bytes = kind === "json" ? encodeLines(top) : encodeCheckpoint(top);
      await store.put(`${versionPrefix(3)}.checkpoint.${uuid}.${kind}`, bytes);
      for (let version = 0; version <= 3; version++) await store.remove(commitPath(version));
      const { files, txns, tombstones, metadata, version } = await readSnapshot(store);
      assertEquals([version, files, tombstones], [4, whole.files, whole.tombstones]);
      assertEquals([metadata, txns.get("app")?.version], [whole.metadata, 7n]);
      await store.remove("_delta_log/_sidecars/side 1.parquet");
      await assertRejects(() => readSnapshot(store), CorruptLogError, "side 1.parquet");
    }
  },
});

Deno.test({
  name: "a compacted log stands in for commits that are gone",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const whole = await readSnapshot(store);
    const compacted = someActions({
      adds: [fakeAdd("b", { stats: '{"numRecords":1}' }), fakeAdd("c")],
      removes: [{ path: "a", deletionTimestamp: 5, dataChange: true }],
    });
    const path = `${versionPrefix(1)}.${String(2).padStart(20, "0")}.compacted.json`;
    await store.put(path, serializeCommit(compacted));
    assertEquals((await readSnapshot(store)).files, whole.files);
    for (const version of [1, 2]) await store.remove(commitPath(version));
    const { files, tombstones, version } = await readSnapshot(store);
    assertEquals([version, files, tombstones], [4, whole.files, whole.tombstones]);
    await store.remove(path);
    await assertRejects(() => readSnapshot(store), CorruptLogError, commitPath(1));
  },
});

Deno.test({
  name: "an older version is read from the checkpoint before it, or from the start",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await writeCheckpoint(store, 3, 1);
    await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode('{"version":3}'));
    const filesAt = async (version: number) => [...(await readSnapshot(store, { version })).files.keys()];
    assertEquals(await filesAt(0), []);
    assertEquals(await filesAt(1), ["a", "b"]);
    assertEquals(await filesAt(3), ["b", "c"]);
    assertEquals(await filesAt(4), ["b", "c", "d"]);
    await assertRejects(() => filesAt(5), RangeError, "found version 4 as the newest");
    for (const version of [0, 1]) await store.remove(commitPath(version));
    await assertRejects(() => filesAt(2), RangeError, "found its log cleaned away");
    for (const version of [2, 3]) await store.remove(commitPath(version));
    await assertRejects(() => filesAt(2), RangeError, "found none so old");
    assertEquals(await filesAt(3), ["b", "c"]);
  },
});

Deno.test({
  name: "a broken checkpoint that the hint names is passed over for an older one",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await writeCheckpoint(store, 2, 1);
    await store.put(`${versionPrefix(3)}.checkpoint.parquet`, new TextEncoder().encode("PAR1 no more"));
    await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode('{"version":3}'));
    await store.remove(commitPath(0));
    assertEquals([...(await readSnapshot(store)).files.keys()], ["b", "c", "d"]);
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
    assertEquals(parseLogPath(`${start}.00000000000000000013.compacted.json`), {
      kind: "compacted",
      since: 12,
      version: 13,
    });
    const v2 = `${start}.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json`;
    assertEquals(parseLogPath(v2), { kind: "v2Checkpoint", version: 12 });
    const others = [`${start}.crc`, "_delta_log/.1.json.tmp"];
    assertEquals(others.map(parseLogPath), [undefined, undefined]);
  },
});

async function logStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await writeLog(store, history);
  return store;
}

/** The rows of a checkpoint of {@linkcode history} at a version, dealt to so many files as Spark does. */
async function writeCheckpoint(store: Store, version: number, parts: number): Promise<void> {
  const rows = await checkpointRows(version);
  for (let part = 1; part <= parts; part++) {
    const mine = rows.filter((_, index) => index % parts === part - 1);
    const suffix = parts === 1 ? "" : `.${String(part).padStart(10, "0")}.${String(parts).padStart(10, "0")}`;
    await store.put(`${versionPrefix(version)}.checkpoint${suffix}.parquet`, encodeCheckpoint(mine));
  }
}

type Row = Readonly<Record<string, unknown>>;

async function checkpointRows(version: number): Promise<readonly Row[]> {
  const quiet = new MemoryStore();
  await writeLog(quiet, history.slice(0, version + 1));
  const { protocol, metadata, files, tombstones, txns } = await readSnapshot(quiet);
  return [
    { protocol },
    { metaData: { ...metadata, createdTime: BigInt(metadata.createdTime ?? 0) } },
    ...[...files.values()].map((add) => ({ add: { ...add, size: BigInt(add.size), modificationTime: 1n } })),
    ...[...tombstones.values()].map((remove) => ({ remove: { ...remove, deletionTimestamp: 5n } })),
    ...[...txns].map(([appId, txn]) => ({ txn: { appId, version: txn.version } })),
  ];
}

function encodeLines(rows: readonly Row[]): Uint8Array {
  const text = rows.map((row) =>
    JSON.stringify(row, (_, part) => typeof part === "bigint" ? Number(part) : part)
  );
  return new TextEncoder().encode(text.join("\n"));
}

function encodeCheckpoint(rows: readonly Readonly<Record<string, unknown>>[]): Uint8Array {
  const names = ["protocol", "metaData", "add", "remove", "txn", "sidecar"];
  const columnData = names.map((name) => ({ name, data: rows.map((row) => row[name]) }));
  return new Uint8Array(parquetWriteBuffer({ schema: [...CHECKPOINT_SCHEMA], columnData }));
}

const TEXT = { type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" } as const;
const LONG = { type: "INT64", repetition_type: "OPTIONAL" } as const;
const FLAG = { type: "BOOLEAN", repetition_type: "OPTIONAL" } as const;

const CHECKPOINT_SCHEMA: readonly SchemaElement[] = [
  { name: "schema", num_children: 6 },
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
  group("sidecar", 3),
  { name: "path", ...TEXT },
  { name: "sizeInBytes", ...LONG },
  { name: "modificationTime", ...LONG },
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
