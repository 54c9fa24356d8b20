/** Tables that somebody spoiled: each ends in an error that says where, or reads rightly; in bounded memory. */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import type { Add } from "../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../lib/delta/actions/commit_codec.ts";
import {
  CorruptFileError,
  CorruptLogError,
  NotFoundError,
  UnsupportedTableError,
} from "../../lib/delta/errors.ts";
import { frameRows } from "../../lib/delta/read/frame_rows.ts";
import { commitPath, versionPrefix } from "../../lib/delta/actions/log_path.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  openTable,
  parsePredicate,
  type Row,
  scanTable,
  tableSchema,
} from "../../lib/delta/mod.ts";
import type { DataType } from "../../lib/delta/schema/schema.ts";
import { fakeAdd, firstActions, seededRandom, someActions, testContext, writeLog } from "./test_context.ts";

const SCHEMA = tableSchema({ id: "long", name: "string" });

Deno.test("a line that is cut off, or no JSON, is named with its file, version and line", async () => {
  const good = serializeCommit(someActions({ adds: [fakeAdd("a"), fakeAdd("b")] }));
  for (
    const bytes of [
      good.subarray(0, good.length - 20),
      good.map((byte, at) => at === 130 ? 0xff : byte),
    ]
  ) {
    const error = await openSpoiled(bytes);
    assertInstanceOf(error, CorruptLogError);
    assertEquals([error.path, error.version], [commitPath(1), 1]);
    assertStringIncludes(error.message, commitPath(1));
  }
});

Deno.test("a line of 100 MB ends in an error with its place, and takes no more than a few times its size", async () => {
  const line = new Uint8Array(100_000_000).fill(0x5b);
  line.set(new TextEncoder().encode('{"add":{"path":"a","size":"'), 0);
  const before = Deno.memoryUsage().rss;
  const error = await openSpoiled(line);
  assertInstanceOf(error, CorruptLogError);
  assertEquals([error.version, error.line], [1, 1]);
  assertLess(error.message.length, 1000);
  assertLess(Deno.memoryUsage().rss - before, 800_000_000);
});

Deno.test("JSON that is a million levels deep ends in an error with its place", async () => {
  for (const start of ['{"add":', '{"metaData":{"id":', '{"txn":{"version":']) {
    const error = await openSpoiled(
      new TextEncoder().encode(start + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}"),
    );
    assertInstanceOf(error, CorruptLogError);
    assertEquals(error.line, 1);
  }
});

Deno.test("a path that climbs out of the table, or lies elsewhere, is read by nobody", async () => {
  const asked: string[] = [];
  for (
    const path of [
      "../../etc/passwd",
      "%2e%2e/%2e%2e/etc/passwd",
      "a/../../b",
      "/etc/passwd",
      "file:///etc/passwd",
      "s3://bucket/file",
      "\\\\host\\share",
      "a\0b",
    ]
  ) {
    const store = new MemoryStore();
    await writeLog(store, [firstActions({ id: "long" }), someActions({ adds: [fakeAdd(path)] })]);
    const table = await openTable(store, testContext());
    const error = await assertRejects(() => countRows(table), TypeError);
    assertStringIncludes((error as Error).message, path.includes("%") ? "../../etc/passwd" : path);
    const allowed = await openTable(store, {
      ...testContext(),
      readElsewhere: (place) => {
        asked.push(place);
        return Promise.reject(new NotFoundError(place, "elsewhere"));
      },
    });
    await assertRejects(() => countRows(allowed));
  }
  assertEquals(asked, ["/etc/passwd", "file:///etc/passwd", "s3://bucket/file"]);
});

Deno.test("a file named by an absolute path inside the table is read, and elsewhere where that is allowed", async () => {
  const store = Object.assign(new MemoryStore(), { root: "/data/my table" });
  const table = await createTable(store, { schema: SCHEMA }, testContext());
  const add = await table.stageRows([{ id: 1n }, { id: 2n }]);
  const bytes = await store.read(add.path);
  for (
    const path of [`/data/my%20table/${add.path}`, `file:/data/my%20table/${add.path}`, "s3://other/file"]
  ) {
    const next = { ...add, path };
    await store.put(commitPath(1), serializeCommit(someActions({ adds: [next] })));
    const context = { ...testContext(), readElsewhere: () => Promise.resolve(bytes.slice()) };
    assertEquals(await countRows(await openTable(store, context)), 2);
  }
});

Deno.test("a schema that is too deep is refused by name before anything else reads it", async () => {
  for (const depth of [101, 1000, 3000]) {
    let type = '"long"';
    for (let level = 0; level < depth; level++) {
      type = `{"type":"array","elementType":${type},"containsNull":true}`;
    }
    const schemaString =
      `{"type":"struct","fields":[{"name":"deep","type":${type},"nullable":true,"metadata":{}}]}`;
    const error = await openWithSchema(schemaString);
    assertInstanceOf(error, UnsupportedTableError);
    assertStringIncludes(error.message, "levels deep");
  }
});

Deno.test("a table of 10,000 columns opens, and gives the expected ones", async () => {
  const columns = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`c${index}`, "long"]),
  ) as Record<
    string,
    DataType
  >;
  const store = new MemoryStore();
  const small = await createTable(
    new MemoryStore(),
    { schema: tableSchema({ c7: "long", c9999: "long" }) },
    testContext(),
  );
  const add = await small.stageRows([{ c7: 1n, c9999: 2n }]);
  await store.put(add.path, await small.store.read(add.path));
  await writeLog(store, [firstActions(columns), someActions({ adds: [add] })]);
  const table = await openTable(store, testContext());
  const where = parsePredicate("c9999 = 2 AND c5 IS NULL", table.snapshot.schema);
  for await (const frame of scanTable(table, { where })) {
    assertEquals([frame.height, frame.width], [1, 10_000]);
  }
  const fields = tableSchema({ c9999: "long", c7: "long" }).fields;
  for await (const frame of scanTable(table, { where, columns: ["c9999", "c7"] })) {
    assertEquals([...frameRows(frame, fields)], [{ c9999: 2n, c7: 1n }]);
  }
});

Deno.test("columns, values and fields called like parts of every object are columns, values and fields", async () => {
  const store = new MemoryStore();
  const names = ["__proto__", "constructor", "toString"];
  const schema = tableSchema(
    Object.fromEntries([...names, "id"].map((name) => [name, "string" as DataType])),
  );
  const table = await createTable(store, { schema, partitionColumns: ["__proto__"] }, testContext());
  const row = Object.fromEntries([["constructor", "c"], ["toString", "t"], ["id", "i"]]);
  const add = await table.stageRows([row], { partitionValues: Object.fromEntries([["__proto__", "p"]]) });
  const bare = { ...fakeAdd(add.path), size: add.size };
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
  const read = async (): Promise<Row[]> => {
    const rows: Row[] = [];
    for await (const frame of scanTable(await openTable(store, testContext()))) {
      rows.push(...frameRows(frame, schema.fields));
    }
    return rows;
  };
  const full = Object.fromEntries([["__proto__", "p"], ...Object.entries(row)]);
  assertEquals((await read()).map((found) => Object.entries(found)), [Object.entries(full)]);
  await store.put(commitPath(1), serializeCommit(someActions({ adds: [bare] })));
  assertEquals((await read()).map((found) => Object.values(found)), [[null, "c", "t", "i"]]);
  const line =
    '{"add":{"path":"x","partitionValues":{},"size":1,"modificationTime":1,"dataChange":true,"__proto__":{"polluted":true}}}';
  await store.put(commitPath(2), new TextEncoder().encode(line));
  await openTable(store, testContext());
  assert(!("polluted" in {}));
});

Deno.test("data files and checkpoints that are cut off or have flipped bits end in an error that names them, or read", async () => {
  const random = seededRandom(99);
  const store = new MemoryStore();
  const table = await createTable(store, { schema: SCHEMA }, testContext());
  const add = await table.stageRows(
    Array.from({ length: 50 }, (_, index) => ({ id: BigInt(index), name: `n${index}` })),
  );
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
  const bytes = await store.read(add.path);
  for (let round = 0; round < 60; round++) {
    const cut = round % 2 === 0;
    const length = cut ? Math.floor(random() * bytes.length) : bytes.length;
    const spoiled = bytes.slice(0, length);
    if (!cut) {
      const at = Math.floor(random() * bytes.length);
      spoiled[at] = (spoiled[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    await store.put(add.path, spoiled);
    const error = await faultOf(() => countRows(table));
    if (cut) assertInstanceOf(error, CorruptFileError, `cut to ${length}`);
    if (error !== undefined) assertNamesFile(error, add);
  }
});

Deno.test("a file that is gone is named", async () => {
  const store = new MemoryStore();
  await writeLog(store, [firstActions({ id: "long" }), someActions({ adds: [fakeAdd("gone.parquet")] })]);
  const error = await assertRejects(
    async () => countRows(await openTable(store, testContext())),
    CorruptFileError,
  );
  assertStringIncludes((error as Error).message, "gone.parquet");
});

Deno.test("a checkpoint that names files outside of its folder reads none of them", async () => {
  const store = new MemoryStore();
  const lines = [
    '{"checkpointMetadata":{"version":1}}',
    '{"sidecar":{"path":"..%2f..%2f..%2fetc%2fpasswd"}}',
  ];
  const path = `${versionPrefix(1)}.checkpoint.3a0d65cd-4056-49b8-937b-95f9e3ee90e5.json`;
  await store.put(path, new TextEncoder().encode(lines.join("\n")));
  const error = await assertRejects(() => openTable(store, testContext()), CorruptLogError);
  assertStringIncludes((error as Error).message, "leaves the table");
});

function assertNamesFile(error: unknown, { path }: Add): void {
  assertInstanceOf(error, Error);
  assert(error instanceof CorruptFileError || error instanceof TypeError, `${error.name}: ${error.message}`);
  assertStringIncludes(error.message, path);
}

async function openSpoiled(second: Uint8Array): Promise<unknown> {
  const store = new MemoryStore();
  await writeLog(store, [firstActions({ id: "long" })]);
  await store.put(commitPath(1), second);
  return await faultOf(() => openTable(store, testContext()));
}

async function openWithSchema(schemaString: string): Promise<unknown> {
  const store = new MemoryStore();
  const first = firstActions({ id: "long" });
  await writeLog(store, [{
    ...first,
    ...(first.metadata && { metadata: { ...first.metadata, schemaString } }),
  }]);
  return await faultOf(() => openTable(store, testContext()));
}

async function faultOf(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function countRows(table: DeltaTable): Promise<number> {
  let rows = 0;
  for await (const { height } of scanTable(table)) rows += height;
  return rows;
}
