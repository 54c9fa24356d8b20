import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Table as ArrowTable } from "apache-arrow";
import { parquetWriteBuffer } from "hyparquet-writer";
import type pl from "nodejs-polars";
import { frameRows } from "../../../lib/delta/read/frame_rows.ts";
import {
  createTable,
  type DeltaTable,
  type Literal,
  MemoryStore,
  parsePredicate,
  type Row,
  scanArrow,
  scannedFiles,
  type ScanOptions,
  scanTable,
  type Store,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import { rowGroups } from "../../../lib/delta/parquet/row_groups.ts";
import { inlineVector } from "../read/deletion_vector_bytes.ts";
import { evaluate, type NaiveRow, pick, randomPredicate } from "../predicate/naive_predicate.ts";
import { randomText } from "../random_values.ts";
import { fakeAdd, firstActions, seededRandom, someActions, testContext, writeLog } from "../test_context.ts";
import { rounds } from "../../rounds.ts";

const SCHEMA = tableSchema({ id: "long", name: "string", day: "date" });

Deno.test("a scan gives the requested columns in the requested order, of the requested rows", async () => {
  const { table } = await threeDays();
  assertEquals(await rowsOf(table, { columns: ["name", "id"] }, ["name", "id"]), [
    { name: "a", id: 1n },
    { name: "b", id: 2n },
    { name: "c", id: 3n },
    { name: null, id: 4n },
  ]);
  assertEquals(await idsOf(table, "name > 'a'"), [2n, 3n]);
  assertEquals(await idsOf(table, "day = '2025-02-18' OR name IS NULL"), [3n, 4n]);
  assertEquals(await idsOf(table, "NOT name = 'a'"), [2n, 3n]);
  assertEquals(await idsOf(table, "id > 100"), []);
  const where = parsePredicate("name = 'c'", SCHEMA);
  assertEquals(await rowsOf(table, { columns: ["day"], where }, ["day"]), [{ day: "2025-02-18" }]);
});

Deno.test("files that cannot hold requested rows are not opened", async () => {
  const { table, opened } = await threeDays();
  const openedFor = async (text: string): Promise<number> => {
    opened.length = 0;
    await idsOf(table, text);
    return opened.length;
  };
  assertEquals(await openedFor("day = '2025-02-18'"), 1);
  assertEquals(await openedFor("id = 4"), 1);
  assertEquals(await openedFor("name IS NULL"), 1);
  assertEquals(await openedFor("id < 0 OR name = 'zzz'"), 0);
  assertEquals(await openedFor("id >= 1"), 3);
  const matches = scannedFiles(table.snapshot, parsePredicate("id >= 2", SCHEMA)).map(({ match }) => match);
  assertEquals(matches, ["some", "all", "all"]);
});

Deno.test("batches have no more rows than asked for, and as Arrow tables they hold the same", async () => {
  const { table } = await threeDays();
  const heights: number[] = [];
  for await (const frame of scanTable(table, { batchRows: 1 })) heights.push(frame.height);
  assertEquals(heights, [1, 1, 1, 1]);
  const tables: ArrowTable[] = [];
  for await (const batch of scanArrow(table, { columns: ["id"] })) tables.push(batch);
  assertEquals(tables.flatMap((batch) => [...batch.getChild("id") ?? []]), [1n, 2n, 3n, 4n]);
});

Deno.test("a column or a predicate that does not fit the table is refused", async () => {
  const { table } = await threeDays();
  await assertRejects(() => rowsOf(table, { columns: ["nope"] }, []), TypeError, 'column "nope"');
  const where = { kind: "compare", column: ["id"], operator: "=", value: "x" } as const;
  await assertRejects(() => rowsOf(table, { where }, []), TypeError, "expected long");
});

Deno.test("a file is read one row group after the other, deleted rows left out of each", async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => BigInt(index));
  const fields = tableSchema({ id: "long" }).fields;
  const bytes = new Uint8Array(parquetWriteBuffer({
    schema: parquetSchema(fields),
    columnData: [{ name: "id", data: ids }],
    rowGroupSize: 300,
  }));
  assertEquals([...rowGroups(bytes.slice())].map(({ rowCount }) => rowCount), [300, 300, 300, 100]);
  const deleted = [0, 1, 299, 300, 301, 455, 900, 999];
  const store = new MemoryStore();
  await store.put("file", bytes);
  await writeLog(store, [
    firstActions({ id: "long" }),
    someActions({ adds: [fakeAdd("file", { deletionVector: inlineVector(deleted) })] }),
  ]);
  const table = await createTable(store, { schema: tableSchema({ id: "long" }) }, testContext());
  const batches: pl.DataFrame[] = [];
  for await (const frame of scanTable(table)) batches.push(frame);
  assertEquals(batches.map(({ height }) => height), [297, 297, 300, 98]);
  const rows = batches.flatMap((frame) => [...frameRows(frame, fields)].map(({ id }) => id));
  assertEquals(rows, ids.filter((id) => !deleted.includes(Number(id))));
  for (const add of table.snapshot.files.values()) assertEquals((await table.readFile(add)).height, 992);
});

Deno.test("pruning never changes a result, whatever writers make of statistics", async () => {
  const random = seededRandom(7);
  const schema = tableSchema({
    id: "long",
    text: "string",
    time: "timestamp",
    ratio: "double",
    zone: "string",
  });
  let pruned = 0;
  for (let round = 0; round < rounds(12); round++) {
    const store = new MemoryStore();
    const table = await createTable(store, { schema, partitionColumns: ["zone"] }, testContext());
    const values = {
      id: Array.from(
        { length: 6 },
        () => BigInt(Math.floor(random() * 30)) + (random() < 0.3 ? 2n ** 60n : 0n),
      ),
      text: Array.from({ length: 6 }, () => randomText(random, 5)),
      time: Array.from({ length: 6 }, () => BigInt(Math.floor((random() - 0.3) * 1e6)) * 1000n + 1n),
      ratio: [0.1, NaN, -5, random(), 1e18],
      zone: ["x", "y", "ä b"],
    };
    const all: NaiveRow[] = [];
    const adds = [];
    for (let file = 0; file < 6; file++) {
      const zone = pick(random, [...values.zone, null]) ?? null;
      const { zone: _, ...columns } = values;
      const some = Object.entries<readonly Literal[]>(columns)
        .map(([name, list]) => [name, list.slice(0, 1 + file % 3)] as const);
      const rows = Array.from(
        { length: 3 },
        () =>
          Object.fromEntries(
            some.map(([name, list]) => [name, random() < 0.2 ? null : pick(random, list) ?? null]),
          ),
      );
      all.push(...rows.map((row) => ({ ...row, zone })));
      const add = await table.stageRows(rows, { partitionValues: { zone } });
      adds.push({ ...add, stats: spoil(add.stats ?? "", random) });
    }
    await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
    for (let attempt = 0; attempt < 25; attempt++) {
      const where = randomPredicate(random, values, 2);
      const expected = all.filter((row) => evaluate(where, row, schema) === true).length;
      let found = 0;
      for await (const frame of scanTable(table, { where, columns: ["id"] })) found += frame.height;
      assertEquals(
        found,
        expected,
        JSON.stringify(where, (_, part) => typeof part === "bigint" ? `${part}n` : part),
      );
      pruned += 6 - scannedFiles(table.snapshot, where).length;
    }
  }
  assert(pruned > rounds(300), `only ${pruned} files were pruned`);
});

/** What other writers do: leave columns out, cut times down, leave NaN out, round long numbers, or write nothing. */
function spoil(stats: string, random: () => number): string {
  const roll = random();
  if (roll < 0.1) return "{}";
  if (roll < 0.2) return "no JSON";
  if (roll < 0.4) return stats.replace(/"nullCount":\{[^}]*\}/, '"nullCount":{}');
  // Spark cuts the upper bound of a time down to the millisecond; none of these times is a whole one.
  if (roll < 0.7) return stats.replace(/"maxValues":\{[^}]*\}/, cutTime);
  return stats;
}

function cutTime(maxValues: string): string {
  return maxValues.replace(
    /"time":"([^"]+)"/,
    (_, time) => `"time":"${new Date(Date.parse(time) - 1).toISOString().replace("Z", "+00:00")}"`,
  );
}

async function threeDays(): Promise<{ readonly table: DeltaTable; readonly opened: string[] }> {
  const inner = new MemoryStore();
  const opened: string[] = [];
  const store: Store = {
    label: "watched",
    guarantees: inner.guarantees,
    read: (path, range) => {
      if (path.endsWith(".parquet")) opened.push(path);
      return inner.read(path, range);
    },
    list: (prefix, options) => inner.list(prefix, options),
    put: (path, bytes) => inner.put(path, bytes),
    putIfAbsent: (path, bytes) => inner.putIfAbsent(path, bytes),
    remove: (path) => inner.remove(path),
  };
  const table = await createTable(store, { schema: SCHEMA, partitionColumns: ["day"] }, testContext());
  const adds = [
    await table.stageRows([{ id: 1n, name: "a" }, { id: 2n, name: "b" }], {
      partitionValues: { day: "2025-02-17" },
    }),
    await table.stageRows([{ id: 3n, name: "c" }], { partitionValues: { day: "2025-02-18" } }),
    await table.stageRows([{ id: 4n }], { partitionValues: { day: null } }),
  ];
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
  return { table, opened };
}

async function rowsOf(
  table: DeltaTable,
  options: ScanOptions,
  names: readonly string[],
): Promise<readonly Row[]> {
  const fields = names.flatMap((name) => SCHEMA.fields.find((field) => field.name === name) ?? []);
  const rows: Row[] = [];
  for await (const frame of scanTable(table, options)) rows.push(...frameRows(frame, fields));
  return rows;
}

async function idsOf(table: DeltaTable, text: string): Promise<readonly unknown[]> {
  const rows = await rowsOf(table, { columns: ["id"], where: parsePredicate(text, SCHEMA) }, ["id"]);
  return rows.map(({ id }) => id);
}

Deno.test("a partition value that cannot be read ends the scan before its first row", async () => {
  const schema = tableSchema({ id: "long", ratio: "double" });
  const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["ratio"] }, testContext());
  const add = await table.stageRows([{ id: 1n }], { partitionValues: { ratio: 0.5 } });
  const adds = [
    add,
    ...["inf", "half"].map((ratio) => ({
      ...add,
      path: `./${add.path}?${ratio}`,
      partitionValues: { ratio },
    })),
  ];
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
  await assertRejects(() => scanTable(table).next(), TypeError, '"half"');
  assertEquals((await scanTable(table, { columns: ["id"] }).next()).value?.height, 1);
});
