/** What attempts leave in the folder when other writers were faster: nothing but what the log names. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  appendFile,
  appendFrame,
  CommitConflictError,
  createTable,
  deleteRows,
  type DeltaTable,
  MemoryStore,
  mergeInto,
  openTable,
  optimizeTable,
  overwriteTable,
  replaceGroups,
  tableSchema,
  updateRows,
} from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { someActions, testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long", name: "string" });
const MINE = [{ id: 1n, name: "mine" }, { id: 9n, name: "mine" }];
const TXNS = [{ appId: "app", version: 1n }];

/** Each writes files; each has to begin again, or to give up, when the rival has changed what it read. */
const CHANGES: Readonly<Record<string, (table: DeltaTable) => Promise<unknown>>> = {
  "a merge": (table) =>
    mergeInto(table, MINE, { on: ["id"], whenMatched: [{ action: "update" }], whenNotMatched: [{}] }),
  "an update": (table) => updateRows(table, { set: { name: "mine" }, where: "id <= 2" }),
  "a delete that keeps rows": (table) => deleteRows(table, "id = 2"),
  "an overwrite": (table) => overwriteTable(table, MINE, { replaceWhere: "id = 1 or id = 9" }),
  "a replacement of groups": (table) => replaceGroups(table, MINE, { by: ["id"] }),
  "an optimization": (table) => optimizeTable(table),
  "an append of a transaction": (table) => appendFrame(table, MINE, { txns: TXNS }),
  "an append of a staged file": async (table) =>
    appendFile(table, await table.stageRows(MINE), { rows: 2, txns: TXNS }),
};

for (const [name, change] of Object.entries(CHANGES)) {
  for (const races of [1, Infinity]) {
    const often = races === 1 ? "one race" : "every race";
    Deno.test(`${name} that loses ${often} leaves no file that the log does not name`, async () => {
      const { store, table, lost } = await racing(races);
      await change(table).catch((error) => assert(error instanceof CommitConflictError, String(error)));
      assert(lost() > 0);
      const { files, tombstones } = await table.update();
      const named = [...files.keys(), ...tombstones.keys()].toSorted();
      assertEquals((await store.list("part")).map(({ path }) => path), named);
      assertEquals((await tableRows(table)).length >= 2, true);
    });
  }
}

Deno.test("an optimization whose rows nobody touches gives up beside endless other commits, and leaves no file", async () => {
  const { store, table } = await racing(Infinity, upgradeProtocol);
  await assertRejects(() => optimizeTable(table), CommitConflictError, 'Cannot optimize "memory"');
  assertEquals((await store.list("part")).length, (await table.update()).files.size);
});

Deno.test("an optimization that fails half way leaves no file of the half that was done", async () => {
  let isFull = false;
  const store = new MemoryStore({
    beforePut: (path) => {
      if (isFull && path.startsWith("name=b")) throw new Error("No space left on device");
    },
  });
  const table = await createTable(store, { schema, partitionColumns: ["name"] }, testContext());
  for (const id of [1n, 2n]) await appendFrame(table, ["a", "b"].map((name) => ({ id, name })));
  const before = await store.list("name");
  isFull = true;
  await assertRejects(() => optimizeTable(table), Error, "No space left");
  assertEquals([await store.list("name"), before.length], [before, 4]);
});

/** Such a commit goes before every other, whatever it has read. */
async function upgradeProtocol(rival: DeltaTable): Promise<void> {
  const { version, protocol } = rival.snapshot;
  await rival.store.putIfAbsent(commitPath(version + 1), serializeCommit(someActions({ protocol })));
}

async function updateRow(rival: DeltaTable, count: number): Promise<void> {
  await mergeInto(rival, [{ id: 1n, name: `theirs ${count}` }], {
    on: ["id"],
    whenMatched: [{ action: "update" }],
    txns: [{ appId: "app", version: BigInt(count) }],
  });
}

/** A table of two files with two rows each; before each commit a rival commits, up to so many times. */
async function racing(races: number, rivalry = updateRow) {
  let [left, count] = [0, 0];
  const store = new MemoryStore({
    beforePut: async (path, self) => {
      if (left <= 0 || !path.startsWith("_delta_log/")) return;
      left--;
      await rivalry(await openTable(self, testContext(`theirs-${count}`)), ++count);
    },
  });
  const first = await createTable(store, { schema }, testContext("first"));
  for (const ids of [[1n, 2n], [3n, 4n]]) {
    await appendFrame(first, ids.map((id) => ({ id, name: "first" })));
  }
  left = races;
  const table = await openTable(store, { ...testContext("mine"), maxAttempts: 3, autoCheckpoint: false });
  return { store, table, lost: () => count };
}
