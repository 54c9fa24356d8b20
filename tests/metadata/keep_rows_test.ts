/** A table of metadata changes when its rows do, and knows when it was last fetched. */
import { assertEquals } from "@std/assert";
import { checkpointTable, createTable, MemoryStore, openTable, type Row } from "../../lib/delta/mod.ts";
import { isOfToday, lastFetch } from "../../lib/metadata/fetch_mark.ts";
import { keepRows } from "../../lib/metadata/keep_rows.ts";
import { METADATA_SCHEMAS } from "../../lib/tables/metadata_schemas.ts";
import { seededRandom, testContext } from "../delta/test_context.ts";

const HOUR_MS = 3_600_000;
const AT = { source: "https://api.example/api/v1", fetchedAtMs: Date.UTC(2025, 1, 17) };
const TYPES: readonly Row[] = [
  { name: "IC", trainCategory: "Long-distance" },
  { name: "T", trainCategory: "Cargo" },
  { name: "XY", trainCategory: null },
];

async function openTypes(store = new MemoryStore()) {
  return await createTable(store, { schema: METADATA_SCHEMAS.train_types }, testContext());
}

/** Reads without native code, as `fetch` may not load any. */
async function rowsOf(table: Awaited<ReturnType<typeof openTypes>>): Promise<readonly Row[]> {
  const files = await Promise.all([...table.snapshot.files.values()].map((add) => table.readRows(add)));
  return files.flat();
}

Deno.test({
  name: "rows are written in one commit that removes those before, in an order that is theirs",
  permissions: "none",
  fn: async () => {
    const table = await openTypes();
    assertEquals(await keepRows(table, TYPES.toReversed(), AT), { status: "replaced", rows: 3, version: 1 });
    assertEquals(await rowsOf(table), TYPES);
    assertEquals(await keepRows(table, TYPES.slice(1), AT), { status: "replaced", rows: 2, version: 2 });
    assertEquals(await rowsOf(table), TYPES.slice(1));
    const [last] = await table.history();
    assertEquals([last?.operation, last?.filesAdded, last?.filesRemoved], ["WRITE", 1, 1]);
  },
});

Deno.test({
  name:
    "the same rows in any order, doubled, or with null for absent leave the files alone and note the time",
  permissions: "none",
  fn: async () => {
    const table = await openTypes();
    const random = seededRandom(5);
    await keepRows(table, TYPES, AT);
    const before = [...table.snapshot.files.values()];
    for (let hour = 1; hour <= 20; hour++) {
      const shuffled = [...TYPES, ...TYPES.slice(hour % 3)].map((row) => [random(), row] as const)
        .sort(([a], [b]) => a - b)
        .map(([, row]) =>
          hour % 2 === 0 ? row : Object.fromEntries(Object.entries(row).filter(([, v]) => v))
        );
      const fetchedAtMs = AT.fetchedAtMs + hour * HOUR_MS;
      const kept = await keepRows(table, shuffled, { ...AT, fetchedAtMs });
      assertEquals(kept, { status: "unchanged", rows: 3, version: 1 + hour });
      assertEquals(lastFetch(table.snapshot), { ...AT, fetchedAtMs });
    }
    assertEquals([...table.snapshot.files.values()], before);
    const [last] = await table.history();
    assertEquals([last?.operation, last?.filesAdded, last?.filesRemoved], ["NOTE FETCH", 0, 0]);
  },
});

Deno.test({
  name: "the time of the last fetch and the name of the content outlive the log: a checkpoint keeps them",
  permissions: "none",
  fn: async () => {
    const store = new MemoryStore();
    const table = await openTypes(store);
    await keepRows(table, TYPES, AT);
    await checkpointTable(table);
    for (const { path } of await store.list("_delta_log/")) {
      if (path.endsWith(".json")) await store.remove(path);
    }
    const again = await openTable(store, testContext("again"));
    assertEquals(lastFetch(again.snapshot), AT);
    assertEquals((await keepRows(again, TYPES, AT)).status, "unchanged");
  },
});

Deno.test({
  name: "rows that another writer has put in the place of ours are replaced, as are files beside ours",
  permissions: "none",
  fn: async () => {
    const table = await openTypes();
    await keepRows(table, TYPES, AT);
    const foreign = await table.stageRows([{ name: "OTHER", trainCategory: "?" }]);
    await table.commit({
      readSnapshot: table.snapshot,
      operation: "WRITE",
      adds: [foreign],
      reads: "none",
    });
    assertEquals((await keepRows(table, TYPES, AT)).status, "replaced");
    assertEquals(await rowsOf(table), TYPES);
  },
});

Deno.test({
  name: "of two processes that fetch the same at one moment the second one finds it done",
  permissions: "none",
  fn: async () => {
    const store = new MemoryStore({
      beforePut: async (path, same) => {
        if (!path.endsWith("1.json")) return;
        const other = await openTable(same, testContext("other"));
        await keepRows(other, TYPES, AT);
      },
    });
    const table = await openTypes(store);
    assertEquals(await keepRows(table, TYPES, AT), { status: "overtaken", rows: 3, version: 1 });
    assertEquals(await rowsOf(table), TYPES);
    const files = await store.list("");
    assertEquals(files.filter(({ path }) => path.endsWith(".parquet")).length, 1);
  },
});

Deno.test({
  name:
    "of several sources the newest fetch tells what the rows are from; marks that are no time tell nothing",
  permissions: "none",
  fn: async () => {
    const table = await openTypes();
    const other = { source: "http://127.0.0.1:8088/api/v1", fetchedAtMs: AT.fetchedAtMs + 1 };
    await keepRows(table, TYPES, AT);
    await keepRows(table, TYPES, other);
    await table.commit({
      readSnapshot: table.snapshot,
      operation: "WRITE",
      txns: [
        { appId: "metadata.fetched/x", version: 2n ** 62n },
        { appId: "an engine of others", version: 2n ** 50n },
      ],
      reads: "none",
    });
    assertEquals(lastFetch(table.snapshot), other);
  },
});

Deno.test({
  name:
    "a fetch is of today for twenty hours, so that a daily job may come a little early; one to come never is",
  permissions: "none",
  fn() {
    const after = (hours: number) => isOfToday(AT, AT.fetchedAtMs + hours * HOUR_MS);
    assertEquals([0, 1, 19.9].map(after), [true, true, true]);
    assertEquals([20, 23.9, 24, 1000, -0.1].map(after), [false, false, false, false, false]);
  },
});
