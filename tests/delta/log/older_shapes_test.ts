/** Older versions of a log may hold what only the newest must not: what a version needs is what decides. */

import { assertEquals, assertRejects } from "@std/assert";
import type { Actions } from "../../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  checkpointTable,
  CorruptLogError,
  type DeltaTable,
  MemoryStore,
  openTable,
  openTableAt,
  tableChanges,
  UnsupportedTableError,
} from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions, testContext } from "../test_context.ts";

const FIRST = firstActions({ id: "long" });
const METADATA = FIRST.metadata;
const NEW = someActions({ adds: [fakeAdd("new")] });

/** What an older version may hold, what a newer one says instead, and what is named when it does not. */
const SHAPES: readonly (readonly [line: string, instead: Actions, named: string])[] = [
  ['{"metaData":{"id":7}}', someActions(METADATA === undefined ? {} : { metadata: METADATA }), "id is 7"],
  ['{"metaData":"none"}', someActions(METADATA === undefined ? {} : { metadata: METADATA }), "metaData"],
  [
    '{"metaData":{"id":"x","schemaString":"{","partitionColumns":[]}}',
    firstActions({ id: "string" }),
    "schema",
  ],
  ['{"protocol":{"minReaderVersion":"1"}}', FIRST, "minReaderVersion"],
  ['{"protocol":{}}', FIRST, "minReaderVersion"],
  [
    '{"txn":{"appId":"a","version":0.5}}',
    someActions({ txns: [{ appId: "a", version: 1n }] }),
    "txn.version",
  ],
  [
    '{"add":{"path":"old"}}',
    someActions({ removes: [{ path: "old", dataChange: true }] }),
    "size is missing",
  ],
  ['{"add":{"path":"old","size":-1.5}}', someActions({ adds: [fakeAdd("old")] }), "size"],
];

async function storeOf(lines: readonly (Actions | string)[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [version, actions] of lines.entries()) {
    const bytes = typeof actions === "string" ? new TextEncoder().encode(actions) : serializeCommit(actions);
    await store.put(commitPath(version), bytes);
  }
  return store;
}

async function stateOf(table: DeltaTable) {
  const { version, files, txns } = table.snapshot;
  return [version, [...files.keys()].toSorted(), txns.size, (await table.history()).length];
}

Deno.test("an action of another shape is no fault once a newer version has taken its place", async () => {
  for (const [line, instead, named] of SHAPES) {
    const store = await storeOf([FIRST, line, instead, NEW]);
    const files = ["new", ...instead.adds.map(({ path }) => path)].toSorted();
    const expected = [3, files, instead.txns.length, 4];
    assertEquals(await stateOf(await openTable(store, testContext())), expected, line);
    const stale = await openTableAt(store, { version: 0 }, testContext());
    await stale.update();
    assertEquals(await stateOf(stale), expected, line);
    assertEquals(
      await stateOf(await openTableAt(store, { version: 2 }, testContext())).then(([version]) => version),
      2,
    );
    const error = await assertRejects(
      () => openTableAt(store, { version: 1 }, testContext()),
      CorruptLogError,
      named,
    );
    assertEquals([error.version, error.table], [1, "memory"]);
    await checkpointTable(stale);
    assertEquals((await stateOf(await openTable(store, testContext())))[0], 3);
  }
});

Deno.test("the same action at the end is a fault that names its line, for readers, writers and readers of changes", async () => {
  for (const [line, , named] of SHAPES) {
    const store = await storeOf([FIRST, line, NEW]);
    await assertRejects(() => openTable(store, testContext()), CorruptLogError, named);
    const stale = await openTableAt(store, { version: 0 }, testContext());
    await assertRejects(() => stale.update(), CorruptLogError, named);
    assertEquals(stale.snapshot.version, 0);
    if (line.includes("schemaString")) continue;
    const adds = [fakeAdd("mine")];
    const commit = () =>
      stale.commit({ readSnapshot: stale.snapshot, operation: "WRITE", adds, reads: "none" });
    await assertRejects(commit, CorruptLogError, named);
    const good = await openTable(await storeOf([FIRST, NEW]), testContext());
    await store.put(commitPath(1), new TextEncoder().encode(line));
    const changes = tableChanges({ ...good, store, snapshot: good.snapshot, fileSource: good.fileSource }, {
      from: 0,
    });
    await assertRejects(() => changes.next(), CorruptLogError, named);
  }
});

Deno.test("a protocol that is not supported is no fault of the versions before and after it", async () => {
  const protocol = {
    minReaderVersion: 3,
    minWriterVersion: 7,
    readerFeatures: ["catalogManaged"],
    writerFeatures: [],
  };
  const lifted = someActions({ protocol });
  const store = await storeOf([FIRST, lifted, { ...someActions({}), ...FIRST, adds: NEW.adds }]);
  assertEquals((await stateOf(await openTable(store, testContext())))[1], ["new"]);
  assertEquals((await stateOf(await openTableAt(store, { version: 0 }, testContext())))[0], 0);
  await assertRejects(
    () => openTableAt(store, { version: 1 }, testContext()),
    UnsupportedTableError,
    "catalogManaged",
  );
});

Deno.test("an add that cannot be read takes the place of the file as it was, until a remove means it", async () => {
  const vectorOf = (pathOrInlineDv: string) =>
    ({ storageType: "u", pathOrInlineDv, offset: 1, sizeInBytes: 1, cardinality: 1 }) as const;
  const old = someActions({ adds: [fakeAdd("a", { deletionVector: vectorOf("old") })] });
  const odd = JSON.stringify({
    add: { ...fakeAdd("a"), dataChange: "odd", deletionVector: vectorOf("new") },
  });
  const removeOf = (pathOrInlineDv: string) =>
    someActions({
      removes: [{ path: "a", dataChange: true, deletionVector: vectorOf(pathOrInlineDv) }],
    });
  const gone = await openTable(await storeOf([FIRST, old, odd, removeOf("new"), NEW]), testContext());
  assertEquals([...gone.snapshot.files.keys()], ["new"]);
  const store = await storeOf([FIRST, old, odd, removeOf("old"), NEW]);
  await assertRejects(() => openTable(store, testContext()), CorruptLogError, "dataChange");
});
