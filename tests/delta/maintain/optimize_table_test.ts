import { assert, assertEquals, assertRejects } from "@std/assert";
import pl from "nodejs-polars";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type NewTable,
  openTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { optimizeTable } from "../../../lib/delta/maintain/optimize_table.ts";
import { planOptimize } from "../../../lib/delta/maintain/plan_optimize.ts";
import { fakeAdd, seededRandom, testContext } from "../test_context.ts";

const COLUMNS = { id: "long", day: "date", note: "string" } as const;
const PARTITIONED: NewTable = { schema: tableSchema(COLUMNS), partitionColumns: ["day"] };
const DAYS = ["2025-02-17", "2025-02-18", null];

Deno.test("the rows of each partition are the same before and after, in fewer files", async () => {
  const table = await tableWith(PARTITIONED, 30);
  const before = await rowsOf(table);
  const outcome = await optimizeTable(table);
  assertEquals([outcome.version, outcome.filesRemoved, outcome.filesAdded], [31, 30, 3]);
  assertEquals(
    [...table.snapshot.files.values()].map(({ partitionValues }) => partitionValues.day ?? null).toSorted(),
    DAYS,
  );
  assertEquals(await rowsOf(table), before);
  assertEquals(await rowsOf(await openTable(table.store, testContext("other"))), before);
  assertEquals((await optimizeTable(table)).version, undefined);
});

Deno.test("the log says that no data changed, on every add and remove", async () => {
  const table = await tableWith(PARTITIONED, 6);
  const { version } = await optimizeTable(table);
  const lines = new TextDecoder().decode(
    await table.store.read(`_delta_log/${String(version).padStart(20, "0")}.json`),
  );
  const actions = lines.trim().split("\n").map((line) => JSON.parse(line));
  const files = actions.flatMap(({ add, remove }) => add ?? remove ?? []);
  assertEquals(files.length, 9);
  assert(files.every(({ dataChange }) => dataChange === false));
  assertEquals(actions[0].commitInfo.operation, "OPTIMIZE");
  assertEquals(actions[0].commitInfo.isBlindAppend, false);
});

Deno.test("only the partitions asked for are rewritten, and other columns cannot be asked for", async () => {
  const table = await tableWith(PARTITIONED, 9);
  const where = { kind: "compare", column: ["day"], operator: "=", value: "2025-02-18" } as const;
  assertEquals((await optimizeTable(table, { where })).filesRemoved, 3);
  const other = { kind: "isNull", column: ["note"] } as const;
  await assertRejects(
    () => optimizeTable(table, { where: other }),
    TypeError,
    'Cannot choose partitions by "note"',
  );
});

Deno.test("rows can be sorted, through several files of the target size", async () => {
  const table = await tableWith({ schema: tableSchema(COLUMNS) }, 20);
  const before = await rowsOf(table);
  const size = [...table.snapshot.files.values()].reduce((sum, add) => sum + add.size, 0);
  await optimizeTable(table, { sortBy: ["note", "id"], targetFileSizeBytes: size / 4 });
  assertEquals(table.snapshot.files.size, 4);
  const rows: unknown[] = [];
  for (const add of table.snapshot.files.values()) {
    for (const { note, id } of frameRows(await table.readFile(add), table.snapshot.schema.fields)) {
      rows.push(`${note} ${String(id).padStart(4)}`);
    }
  }
  assertEquals(rows, rows.toSorted());
  assertEquals(await rowsOf(table), before);
});

Deno.test("tags of new files come from their rows", async () => {
  const table = await tableWith({ schema: tableSchema(COLUMNS) }, 5);
  await optimizeTable(table, { describeRows: (rows) => ({ rows: String(rows.height) }) });
  assertEquals([...table.snapshot.files.values()].map(({ tags }) => tags), [{ rows: "15" }]);
});

Deno.test("tables with maps are optimized too", async () => {
  const map = { type: "map", keyType: "string", valueType: "long", valueContainsNull: true } as const;
  const table = await createTable(
    new MemoryStore(),
    { schema: tableSchema({ id: "long", counts: map }) },
    testContext(),
  );
  const rows = [1n, 2n, 3n].map((id) => ({ id, counts: id === 2n ? null : new Map([["a", id]]) }));
  for (const row of rows) await append(table, await table.stageRows([row]));
  assertEquals((await optimizeTable(table)).filesAdded, 1);
  const [add] = table.snapshot.files.values();
  assert(add !== undefined);
  assertEquals([...frameRows(await table.readFile(add), table.snapshot.schema.fields)], rows);
});

Deno.test("an append that comes between is kept, and what another writer removed is not brought back", async () => {
  let interfere: (() => Promise<void>) | undefined;
  const store = new MemoryStore({
    beforePut: async (path) => {
      if (!path.startsWith("_delta_log/")) return;
      const act = interfere;
      interfere = undefined;
      await act?.();
    },
  });
  const table = await tableWith(PARTITIONED, 9, store);
  const other = await openTable(store, testContext("other"));
  interfere = async () => {
    await append(other, await stage(other, 100, DAYS[0] ?? null));
    const gone = [...other.snapshot.files.values()].filter(({ partitionValues }) =>
      partitionValues.day === DAYS[1]
    ).slice(0, 1);
    await other.commit({ readSnapshot: other.snapshot, operation: "DELETE", removes: gone, reads: "none" });
  };
  const outcome = await optimizeTable(table);
  const expected = await rowsOf(await openTable(store, testContext()));
  assertEquals([outcome.filesRemoved, outcome.filesAdded], [6, 2]);
  assertEquals((await rowsOf(table)).length, 30 - 3);
  assertEquals(await rowsOf(table), expected);
  const named = new Set([...table.snapshot.files.keys(), ...table.snapshot.tombstones.keys()]);
  const stored = (await store.list("")).map(({ path }) => path).filter((path) =>
    path.endsWith(".parquet") && !path.startsWith("_delta_log/")
  );
  assertEquals(stored.filter((path) => !named.has(path)), []);
});

Deno.test("files are taken together up to the target size, in their order; large ones are left alone", () => {
  const adds = [10, 10, 90, 30, 60, 20, 74].map((size, index) => fakeAdd(`${index}`, { size }));
  const plan = planOptimize(adds, { targetFileSizeBytes: 100 });
  assertEquals(plan.map((bin) => bin.map(({ path }) => path)), [["0", "1", "3"], ["4", "5"]]);
  assertEquals(planOptimize(adds, { targetFileSizeBytes: 100, minFiles: 7 }), []);
});

Deno.test("files are taken together up to the target rows too, when there is one", () => {
  const adds = [10, 10, 90, 30, 60, 20, 74].map((numRecords, index) =>
    fakeAdd(`${index}`, { size: 1, stats: JSON.stringify({ numRecords }) })
  );
  const plan = planOptimize(adds, { targetFileSizeBytes: 100, targetFileRows: 100 });
  assertEquals(plan.map((bin) => bin.map(({ path }) => path)), [["0", "1", "3"], ["4", "5"]]);
  assertEquals(planOptimize(adds, { targetFileSizeBytes: 100 }).length, 1);
});

Deno.test("lazily, no byte is rewritten more often than the logarithm of the sizes", () => {
  let files = [fakeAdd("start", { size: 1 })];
  let rewritten = 0;
  const random = seededRandom(5);
  for (let step = 0; step < 4_000; step++) {
    files.push(fakeAdd(`${step}`, { size: 1 + Math.floor(random() * 2) }));
    if (step % 16 !== 0) continue;
    for (const bin of planOptimize(files, { targetFileSizeBytes: 4_000, minFiles: 16, isLazy: true })) {
      const size = bin.reduce((sum, add) => sum + add.size, 0);
      rewritten += size;
      const [first] = bin;
      assert(first !== undefined);
      files = files.flatMap((add) =>
        add === first ? [fakeAdd(`merged ${step}`, { size })] : bin.includes(add) ? [] : [add]
      );
    }
  }
  assert(files.length < 60, `${files.length} files`);
  assert(rewritten < 6_000 * Math.log2(4_000), `${rewritten} bytes rewritten of 6000`);
});

async function tableWith(
  definition: NewTable,
  files: number,
  store = new MemoryStore(),
): Promise<DeltaTable> {
  const table = await createTable(store, definition, testContext());
  const isPartitioned = definition.partitionColumns !== undefined;
  for (let file = 0; file < files; file++) {
    await append(table, await stage(table, file, DAYS[file % 3] ?? null, isPartitioned));
  }
  return table;
}

async function stage(table: DeltaTable, file: number, day: string | null, isPartitioned = true) {
  const rows = [0, 1, 2].map((row) => ({
    id: BigInt(file * 3 + row),
    note: `note ${(file * 7 + row * 5) % 11}`,
  }));
  if (isPartitioned) return await table.stageRows(rows, { partitionValues: { day } });
  return await table.stageRows(rows.map((row) => ({ ...row, day })));
}

async function append(table: DeltaTable, add: Awaited<ReturnType<DeltaTable["stageRows"]>>): Promise<void> {
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
}

/** All rows as sorted text. */
async function rowsOf(table: DeltaTable): Promise<readonly string[]> {
  const frames: pl.DataFrame[] = [];
  for (const add of table.snapshot.files.values()) frames.push(await table.readFile(add));
  return frames.flatMap((frame) => [...frameRows(frame, table.snapshot.schema.fields)])
    .map(({ id, day, note }) => `${String(id).padStart(5)} ${day} ${note}`).toSorted();
}
