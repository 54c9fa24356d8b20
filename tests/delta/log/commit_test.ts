import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import type { CommitRequest } from "../../../lib/delta/log/commit.ts";
import { CommitConflictError, UnsupportedTableError } from "../../../lib/delta/errors.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import { createTable } from "../../../lib/delta/table/create_table.ts";
import { MemoryStore } from "../../../lib/delta/store/memory_store.ts";
import { tableSchema } from "../../../lib/delta/mod.ts";
import { type DeltaTable, openTable, type TableOptions } from "../../../lib/delta/table/table.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

// polars is loaded with the table; nothing here calls it.
const schema = tableSchema({ id: "long" });

Deno.test("a commit moves its table to the version it made without reading it back", async () => {
  const { store, table } = await newTable();
  const outcome = await table.commit(append(table, "a"));
  assertEquals(outcome, { status: "committed", version: 1 });
  assertEquals([table.snapshot.version, [...table.snapshot.files.keys()]], [1, ["a"]]);
  assertEquals((await openTable(store, testContext())).snapshot, table.snapshot);
});

Deno.test("commitInfo says what was done, from which version, and that it was a blind append", async () => {
  const { table } = await newTable();
  await table.commit({
    ...append(table, "a"),
    operationParameters: { mode: "Append" },
    operationMetrics: { n: "1" },
  });
  const [entry] = await table.history();
  assertEquals(entry, {
    version: 1,
    operation: "WRITE",
    filesAdded: 1,
    filesRemoved: 0,
    commitInfo: {
      timestamp: entry?.commitInfo.timestamp ?? 0,
      operation: "WRITE",
      operationParameters: { mode: "Append" },
      operationMetrics: { n: "1" },
      engineInfo: "Ratalake-Delta/1.0",
      txnId: entry?.commitInfo.txnId ?? "",
      readVersion: 0,
      isolationLevel: "WriteSerializable",
      isBlindAppend: true,
    },
  });
  assertMatch(entry?.commitInfo.txnId ?? "", /^id-\d+$/);
});

Deno.test("appends that lose races are committed after the winners", async () => {
  let rivals = 3;
  const store = new MemoryStore({
    beforePut: async (path, self) => {
      if (path.startsWith("_delta_log/") && !path.endsWith("0.json") && rivals-- > 0) {
        const rival = someActions({
          adds: [fakeAdd(`rival ${rivals}`)],
          commitInfo: { isBlindAppend: true },
        });
        await self.put(path, serializeCommit(rival));
      }
    },
  });
  const context = testContext();
  const table = await createTable(store, { schema }, context);
  assertEquals(await table.commit(append(table, "mine")), { status: "committed", version: 4 });
  assertEquals([...table.snapshot.files.keys()], ["rival 2", "rival 1", "rival 0", "mine"]);
  assertEquals(context.waits, [1, 2, 3]);
});

Deno.test("two tables that append at the same time both get in", async () => {
  const { store, table } = await newTable();
  const other = await openTable(store, testContext("other"));
  const outcomes = await Promise.all([table.commit(append(table, "a")), other.commit(append(other, "b"))]);
  assertEquals(outcomes.map(({ version }) => version).toSorted(), [1, 2]);
  assertEquals([...(await table.update()).files.keys()].toSorted(), ["a", "b"]);
});

Deno.test("a commit whose transaction has moved is a conflict and changes nothing", async () => {
  const { store, table } = await newTable();
  const other = await openTable(store, testContext("other"));
  await other.commit({ ...append(other, "b"), txns: [{ appId: "app", version: 5n }] });
  const outcome = await table.commit({ ...append(table, "a"), txns: [{ appId: "app", version: 5n }] });
  assertEquals(outcome, { status: "conflict", kind: "txn", version: 1, appId: "app" });
  assertEquals((await store.list("_delta_log/")).length, 2);
  assertEquals((await table.update()).txns.get("app")?.version, 5n);
});

Deno.test("of two that rewrite the same file one gets a conflict", async () => {
  const { store, table } = await newTable();
  await table.commit(append(table, "a"));
  const other = await openTable(store, testContext("other"));
  await other.commit(rewrite(other, "a", "b"));
  assertEquals(await table.commit(rewrite(table, "a", "c")), {
    status: "conflict",
    kind: "concurrentRemove",
    version: 2,
  });
  assertEquals([...(await table.update()).files.keys()], ["b"]);
});

Deno.test("a rewrite that read nothing of what came between is committed after it", async () => {
  const { store, table } = await newTable();
  await table.commit(append(table, "a"));
  const other = await openTable(store, testContext("other"));
  await other.commit(append(other, "z"));
  assertEquals(await table.commit(rewrite(table, "a", "b")), { status: "committed", version: 3 });
  assertEquals([...table.snapshot.files.keys()].toSorted(), ["b", "z"]);
});

Deno.test("a commit that was written although the store said taken is not written again", async () => {
  const store = new MemoryStore();
  const context = testContext();
  await createTable(store, { schema }, context);
  const forgetful = new Proxy(store, {
    get: (target, key) =>
      key === "putIfAbsent"
        ? async (path: string, bytes: Uint8Array) => (await target.putIfAbsent(path, bytes), false)
        : bound(target, key),
  });
  const table = await openTable(forgetful, context);
  assertEquals(await table.commit(append(table, "a")), { status: "committed", version: 1 });
  assertEquals((await store.list("_delta_log/")).length, 2);
});

Deno.test("a commit that loses every race gives up with an error that may be tried again", async () => {
  const rival = serializeCommit(someActions({ commitInfo: { isBlindAppend: true } }));
  const store = new MemoryStore({
    beforePut: (path, self) => path === commitPath(0) ? undefined : self.put(path, rival),
  });
  await writeLog(store, [firstActions({ id: "long" })]);
  const context = testContext();
  const table = await openTable(store, { ...context, maxAttempts: 3 });
  const error = await assertRejects(
    () => table.commit(append(table, "a")),
    CommitConflictError,
    "3 other commits",
  );
  assert(error instanceof CommitConflictError && error.retriable);
  assertEquals(error.version, 3);
  // After the last race there is nothing to wait for.
  assertEquals(context.waits, [1, 2]);
});

Deno.test("a store that fails leaves no version behind", async () => {
  let isFull = false;
  const store = new MemoryStore({
    beforePut: () => {
      if (isFull) throw new Error("No space left on device");
    },
  });
  const table = await createTable(store, { schema }, testContext());
  isFull = true;
  await assertRejects(() => table.commit(append(table, "a")), Error, "No space left");
  isFull = false;
  assertEquals((await table.update()).version, 0);
  assertEquals(await table.commit(append(table, "a")), { status: "committed", version: 1 });
});

Deno.test("removing a file that is not there, or anything from an append-only table, is refused", async () => {
  const { table } = await newTable();
  await assertRejects(() => table.commit(rewrite(table, "a", "b")), RangeError, '"a"');
  const strict = await createTable(
    new MemoryStore(),
    { schema, configuration: { "delta.appendOnly": "true" } },
    testContext(),
  );
  await strict.commit(append(strict, "a"));
  await assertRejects(() => strict.commit(rewrite(strict, "a", "b")), TypeError, "append only");
});

Deno.test("a table with rules for writers that are not known here is read and not written", async () => {
  const store = new MemoryStore();
  const first = firstActions({ id: "long" }, [], { "delta.constraints.even": "id % 2 = 0" });
  await writeLog(store, [{ ...first, protocol: { minReaderVersion: 1, minWriterVersion: 3 } }]);
  const table = await openTable(store, testContext());
  await assertRejects(() => table.commit(append(table, "a")), UnsupportedTableError, "checkConstraints");
});

Deno.test("history is newest first and ends at its limit", async () => {
  const { table } = await newTable();
  for (const name of ["a", "b", "c"]) await table.commit(append(table, name));
  assertEquals((await table.history({ limit: 2 })).map(({ version }) => version), [3, 2]);
  assertEquals((await table.history()).map(({ commitInfo }) => commitInfo.operation), [
    "WRITE",
    "WRITE",
    "WRITE",
    "CREATE TABLE",
  ]);
});

Deno.test("removes in a blind append are refused, whether the caller says so or not it is none", async () => {
  const { table } = await newTable();
  await table.commit(append(table, "a"));
  const refused = () => table.commit({ ...rewrite(table, "a", "b"), isBlindAppend: true });
  await assertRejects(refused, TypeError, "removes in a blind append");
  const said: (boolean | undefined)[] = [];
  const commit = async (request: CommitRequest) => {
    await table.commit(request);
    said.push((await table.history({ limit: 1 }))[0]?.commitInfo.isBlindAppend);
  };
  await commit({ ...append(table, "c"), isBlindAppend: true });
  await commit({ ...append(table, "d"), isBlindAppend: false });
  await commit({ ...append(table, "e"), reads: { matches: () => true } });
  await commit({ ...rewrite(table, "a", "b"), reads: "none" });
  await commit({ ...rewrite(table, "b", "f"), isBlindAppend: false });
  assertEquals(said, [true, false, false, false, false]);
});

Deno.test("a removed file is named with all that other engines ask for, and nothing that it does not have", async () => {
  const vector = {
    storageType: "u",
    pathOrInlineDv: "x",
    offset: 1,
    sizeInBytes: 2,
    cardinality: 3,
  } as const;
  const { store, table } = await newTable();
  const adds = [fakeAdd("plain"), fakeAdd("rich", { size: 7, tags: { note: "x" }, deletionVector: vector })];
  await table.commit({ ...append(table, ""), adds });
  const removes = [...table.snapshot.files.values()];
  await table.commit({ readSnapshot: table.snapshot, operation: "DELETE", removes, reads: "none" });
  const lines = new TextDecoder().decode(await store.read(commitPath(2))).trim().split("\n");
  const [{ commitInfo }, ...removed] = lines.map((line) => JSON.parse(line));
  const same = {
    deletionTimestamp: commitInfo.timestamp,
    dataChange: true,
    extendedFileMetadata: true,
    partitionValues: {},
  };
  assertEquals(removed, [
    { remove: { path: "plain", ...same, size: 1 } },
    { remove: { path: "rich", ...same, size: 7, tags: { note: "x" }, deletionVector: vector } },
  ]);
});

Deno.test("metadata is committed where it is given, and refused where it asks for what is not kept here", async () => {
  const { store, table } = await newTable();
  const { metadata } = table.snapshot;
  await table.commit({ ...append(table, "a"), metadata: { ...metadata, description: "new" } });
  await table.commit(append(table, "b"));
  assertEquals(table.snapshot.metadata.description, "new");
  const texts = await Promise.all(
    [1, 2].map(async (version) => new TextDecoder().decode(await store.read(commitPath(version)))),
  );
  assertEquals(texts.map((text) => text.includes('"metaData"')), [true, false]);
  const rule = { type: "long", metadata: { "delta.invariants": "odd" }, name: "id", nullable: true };
  const schemaString = JSON.stringify({ type: "struct", fields: [rule] });
  const strict = () => table.commit({ ...append(table, "c"), metadata: { ...metadata, schemaString } });
  await assertRejects(strict, UnsupportedTableError, "invariants");
  assertEquals((await table.update()).version, 2);
});

Deno.test("a transaction has the time of its commit where the table forgets old ones, unless it brings its own", async () => {
  for (const configuration of [{}, { "delta.setTransactionRetentionDuration": "interval 7 days" }]) {
    const table = await createTable(new MemoryStore(), { schema, configuration }, testContext());
    const txns = [{ appId: "a", version: 1n }, { appId: "b", version: 1n, lastUpdated: 5 }];
    await table.commit({ ...append(table, "a"), txns });
    const [entry] = await table.history({ limit: 1 });
    const forgets = Object.keys(configuration).length > 0;
    const times = ["a", "b"].map((appId) => table.snapshot.txns.get(appId)?.lastUpdated);
    assertEquals(times, [forgets ? entry?.commitInfo.timestamp : undefined, 5]);
  }
});

Deno.test("a version of another writer is never taken for this commit, whether it has a transaction id or not", async () => {
  for (const commitInfo of [{ txnId: "rival" }, {}]) {
    const rival = serializeCommit(
      someActions({ adds: [fakeAdd("rival")], commitInfo: { ...commitInfo, isBlindAppend: true } }),
    );
    const store = new MemoryStore({
      beforePut: (path, self) => path === commitPath(1) ? self.put(path, rival) : undefined,
    });
    const table = await createTable(store, { schema }, testContext());
    assertEquals(await table.commit(append(table, "mine")), { status: "committed", version: 2 });
    assertEquals([...table.snapshot.files.keys()], ["rival", "mine"]);
  }
});

async function newTable(
  options: TableOptions = testContext(),
): Promise<{ store: MemoryStore; table: DeltaTable }> {
  const store = new MemoryStore();
  return { store, table: await createTable(store, { schema }, options) };
}

function append(table: DeltaTable, path: string): CommitRequest {
  return { readSnapshot: table.snapshot, operation: "WRITE", adds: [fakeAdd(path)], reads: "none" };
}

function rewrite(table: DeltaTable, from: string, to: string): CommitRequest {
  const old = table.snapshot.files.get(from) ?? fakeAdd(from);
  const reads = { matches: (_: unknown, { path }: { readonly path: string }) => path === from };
  return { readSnapshot: table.snapshot, operation: "MERGE", adds: [fakeAdd(to)], removes: [old], reads };
}

function bound(target: MemoryStore, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key);
  return typeof value === "function" ? value.bind(target) : value;
}
