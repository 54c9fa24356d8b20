import { assertEquals } from "@std/assert";
import type { Actions } from "../../../lib/delta/actions/actions.ts";
import { MemoryStore, openTable } from "../../../lib/delta/mod.ts";
import { commitOperation } from "../../../lib/delta/table/commit_operation.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

const NONE = { permissions: "none" } as const;
const vector = { storageType: "i", pathOrInlineDv: "x", sizeInBytes: 1, cardinality: 1 };
const gone = { path: "a", dataChange: true };
const { protocol, metadata } = firstActions({ id: "long" });

const COMMITS: readonly (readonly [operation: string, actions: Partial<Actions>])[] = [
  ["MERGE", { commitInfo: { operation: "MERGE" }, adds: [fakeAdd("a")] }],
  ["WRITE", { commitInfo: { operation: "UNKNOWN" }, adds: [fakeAdd("a")] }],
  ["WRITE", { commitInfo: { operation: " " }, adds: [fakeAdd("a")] }],
  ["WRITE", { adds: [fakeAdd("b")], removes: [gone] }],
  ["DELETE", { removes: [gone] }],
  ["DELETE", { adds: [fakeAdd("a", { deletionVector: vector })], removes: [gone] }],
  ["WRITE", { adds: [fakeAdd("a", { deletionVector: vector }), fakeAdd("b")], removes: [gone] }],
  ["OPTIMIZE", { adds: [fakeAdd("b", { dataChange: false })], removes: [{ ...gone, dataChange: false }] }],
  ["WRITE", { adds: [fakeAdd("b")], removes: [], txns: [{ appId: "a", version: 1n }] }],
  ["SET TRANSACTION", { txns: [{ appId: "a", version: 1n }] }],
  ["ALTER TABLE", metadata === undefined ? {} : { metadata }],
  ["UPGRADE PROTOCOL", protocol === undefined ? {} : { protocol }],
  ["CREATE TABLE", firstActions({ id: "long" })],
  ["CREATE TABLE AS SELECT", { ...firstActions({ id: "long" }), adds: [fakeAdd("a")] }],
  ["EMPTY COMMIT", {}],
];

Deno.test("what a commit did is what its writer says, else what its actions tell", NONE, () => {
  for (const [operation, actions] of COMMITS) {
    assertEquals(commitOperation(someActions(actions)), operation, JSON.stringify(Object.keys(actions)));
  }
});

Deno.test("the history names the operation of every commit, and counts its files", NONE, async () => {
  const store = new MemoryStore();
  await writeLog(store, [
    firstActions({ id: "long" }),
    someActions({
      commitInfo: { operation: "UNKNOWN", engineInfo: "kernel" },
      adds: [fakeAdd("a"), fakeAdd("b")],
    }),
    someActions({ removes: [gone] }),
  ]);
  const entries = await (await openTable(store, testContext())).history();
  assertEquals(
    entries.map((
      { version, operation, filesAdded, filesRemoved },
    ) => [version, operation, filesAdded, filesRemoved]),
    [[2, "DELETE", 0, 1], [1, "WRITE", 2, 0], [0, "CREATE TABLE", 0, 0]],
  );
});
