import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { Dictionary, Int32, Table, tableToIPC, Utf8, vectorFromArray } from "apache-arrow";
import pl from "nodejs-polars";
import type { Add } from "../../../lib/delta/actions/actions.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type NewTable,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { compareBytes, randomText } from "../random_values.ts";
import { frameRows } from "../frame_rows.ts";
import { seededRandom, testContext } from "../test_context.ts";

Deno.test("the statistics of a file bound the data in it, whatever the data", async () => {
  const schema = tableSchema({
    text: "string",
    count: "long",
    ratio: "double",
    day: "date",
    time: "timestamp",
  });
  const table = await newTable({ schema });
  for (let seed = 1; seed <= 15; seed++) {
    const rows = randomRows(seededRandom(seed), 40);
    const stats = statsOf(await table.stageFile(frameOf(rows)));
    assertEquals(stats.numRecords, rows.length);
    for (const name of schema.fields.map((field) => field.name)) checkBounds(stats, name, rows);
  }
});

Deno.test("NaN takes the upper bound away, infinity the bound on its side", async () => {
  const table = await newTable({ schema: tableSchema({ ratio: "double" }) });
  const boundsOf = async (values: readonly number[]) => {
    const { minValues, maxValues } = statsOf(await table.stageFile(pl.DataFrame({ ratio: values })));
    return [minValues.ratio, maxValues.ratio];
  };
  assertEquals(await boundsOf([1.5, NaN, 2.5]), [1.5, undefined]);
  assertEquals(await boundsOf([NaN, NaN]), [undefined, undefined]);
  assertEquals(await boundsOf([1.5, Infinity]), [1.5, undefined]);
  assertEquals(await boundsOf([-Infinity, 1.5]), [undefined, 1.5]);
});

Deno.test("a column of nulls has a count and no bounds", async () => {
  const table = await newTable({ schema: tableSchema({ count: "long", text: "string" }) });
  const frame = pl.DataFrame({ count: [1, 2] }).select(
    pl.lit(null).cast(pl.Int64).alias("count"),
    pl.lit(null).cast(pl.Utf8).alias("text"),
  );
  const { minValues, maxValues, nullCount } = statsOf(await table.stageFile(frame));
  assertEquals([minValues, maxValues, nullCount], [{}, {}, { count: 1, text: 1 }]);
});

Deno.test("dictionary columns are taken for strings, with bounds in the order of their texts", async () => {
  const table = await newTable({ schema: tableSchema({ station: "string" }) });
  // The codes are in the order of appearance: Ä comes first here and last in the bounds.
  const frame = dictionaryFrame("station", ["ÄS", "HKI", null, "AHO", "HKI"]);
  const add = await table.stageFile(frame);
  const { minValues, maxValues, nullCount } = statsOf(add);
  assertEquals([minValues, maxValues, nullCount], [{ station: "AHO" }, { station: "ÄS" }, { station: 1 }]);
  const rows = frameRows(await table.readFile(add));
  assertEquals(rows, ["ÄS", "HKI", null, "AHO", "HKI"].map((station) => ({ station })));
});

Deno.test("fields of structs are measured, lists and booleans only counted", async () => {
  const element = tableSchema({ code: "string" });
  const table = await newTable({
    schema: tableSchema({
      ready: tableSchema({ source: "string", accepted: "boolean" }),
      causes: { type: "array", elementType: element, containsNull: true },
    }),
  });
  const rows = await table.stageRows([
    { ready: { source: "KUPLA", accepted: true }, causes: [{ code: "T" }] },
    { ready: { source: "LIIKE", accepted: false }, causes: [] },
    { ready: null, causes: null },
  ]);
  const add = await table.stageFile(await table.readFile(rows));
  const { minValues, maxValues, nullCount } = statsOf(add);
  assertEquals(minValues, { ready: { source: "KUPLA" } });
  assertEquals(maxValues, { ready: { source: "LIIKE" } });
  assertEquals(nullCount, { ready: { source: 1, accepted: 1 }, causes: 1 });
});

Deno.test("partition columns are in the path and the log, not in the file, and come back with their type", async () => {
  const table = await newTable({
    schema: tableSchema({ id: "long", day: "date", letter: "string", level: "integer" }),
    partitionColumns: ["day", "letter", "level"],
  });
  const frame = idFrame([1, 2]).withColumns(pl.lit("a/b").alias("letter"));
  const add = await table.stageFile(frame, {
    partitionValues: { day: "2025-02-17", letter: "a/b", level: null },
  });
  assertEquals(add.partitionValues, { day: "2025-02-17", letter: "a/b", level: null });
  assertMatch(
    add.path,
    /^day=2025-02-17\/letter=a%252Fb\/level=__HIVE_DEFAULT_PARTITION__\/part-id-\d+\.zstd\.parquet$/,
  );
  assertEquals(Object.keys(statsOf(add).nullCount), ["id"]);
  const bytes = await table.store.read(decodeURIComponent(add.path));
  assertEquals(pl.readParquet(Buffer.from(bytes)).columns, ["id"]);
  const rows = frameRows(await table.readFile(add));
  assertEquals(rows[1], { id: 2n, day: "2025-02-17", letter: "a/b", level: null });
  assertEquals(frameRows(await table.readFile(add, { columns: ["letter"] })), [{ letter: "a/b" }, {
    letter: "a/b",
  }]);
});

Deno.test("rows of another partition are refused", async () => {
  const table = await newTable({
    schema: tableSchema({ id: "long", letter: "string" }),
    partitionColumns: ["letter"],
  });
  const frame = idFrame([1, 2]).withColumns(pl.lit("b").alias("letter"));
  await assertRejects(
    () => table.stageFile(frame, { partitionValues: { letter: "a" } }),
    TypeError,
    '"letter"',
  );
  await assertRejects(() => table.stageFile(frame), TypeError, '"letter": it is missing');
  await assertRejects(
    () => table.stageFile(frame, { partitionValues: { letter: "b", id: 1n } }),
    TypeError,
    '"id"',
  );
});

Deno.test("a frame with missing, unknown or other columns is refused with every name and both types", async () => {
  const table = await newTable({ schema: tableSchema({ id: "long", time: "timestamp", text: "string" }) });
  const frame = pl.DataFrame({ id: [1.5], time: [new Date(0)], more: ["x"] });
  const error = await assertRejects(() => table.stageFile(frame), TypeError);
  assertEquals(
    error instanceof Error ? error.message : "",
    'Cannot write the frame: column "id" is double, expected long; ' +
      'column "time" is Timestamp<MILLISECOND>, expected timestamp; ' +
      'column "text" is missing, expected string; column "more" is string, expected no such column',
  );
  assertEquals(await table.store.list("part"), []);
});

Deno.test("nulls in a column that must not have any are refused, with statistics or without", async () => {
  for (const indexed of ["32", "0"]) {
    const fields = [{ name: "id", type: "long", nullable: false, metadata: {} }] as const;
    const configuration = { "delta.dataSkippingNumIndexedCols": indexed };
    const table = await newTable({ schema: { type: "struct", fields }, configuration });
    const frame = idFrame([1, 2]).select(pl.col("id").shift(1).alias("id"));
    await assertRejects(() => table.stageFile(frame), TypeError, 'column "id": found 1 nulls');
    const { nullCount } = statsOf(await table.stageFile(idFrame([1])));
    assertEquals(nullCount, indexed === "0" ? {} : { id: 0 });
  }
});

Deno.test("a frame without rows makes a file without rows", async () => {
  const table = await newTable({ schema: tableSchema({ id: "long" }) });
  const add = await table.stageFile(idFrame([1]).head(0));
  assertEquals(statsOf(add), { numRecords: 0, minValues: {}, maxValues: {}, nullCount: { id: 0 } });
  assertEquals(frameRows(await table.readFile(add)), []);
});

Deno.test("discarded files are gone, and discarding again is no error", async () => {
  const table = await newTable({ schema: tableSchema({ id: "long" }) });
  const add = await table.stageFile(idFrame([1]), { tags: { why: "test" } });
  assertEquals(add.tags, { why: "test" });
  await table.discard([add]);
  await table.discard([add]);
  assertEquals(await table.store.list("part"), []);
});

/** Parsed stats; only what the tests look at. */
interface Stats {
  readonly numRecords: number;
  readonly minValues: Readonly<Record<string, unknown>>;
  readonly maxValues: Readonly<Record<string, unknown>>;
  readonly nullCount: Readonly<Record<string, unknown>>;
}

interface RandomRow {
  readonly text: string | null;
  readonly count: number | null;
  readonly ratio: number | null;
  readonly day: number | null;
  readonly time: number | null;
}

function statsOf({ stats }: Add): Stats {
  return JSON.parse(stats ?? "{}");
}

async function newTable(definition: NewTable): Promise<DeltaTable> {
  return await createTable(new MemoryStore(), definition, testContext());
}

function idFrame(ids: readonly number[]): pl.DataFrame {
  return pl.DataFrame({ id: [...ids] }).select(pl.col("id").cast(pl.Int64));
}

function dictionaryFrame(name: string, texts: readonly (string | null)[]): pl.DataFrame {
  const table = new Table({ [name]: vectorFromArray([...texts], new Dictionary(new Utf8(), new Int32())) });
  return pl.readIPC(Buffer.from(tableToIPC(table, "file")));
}

function randomRows(random: () => number, count: number): readonly RandomRow[] {
  const orNull = <T>(value: T) => random() < 0.2 ? null : value;
  return Array.from({ length: count }, () => ({
    text: orNull(randomText(random, 60)),
    count: orNull(Math.floor((random() - 0.5) * 2 ** 50)),
    ratio: orNull((random() - 0.5) * 10 ** Math.floor(random() * 40 - 20)),
    day: orNull(Math.floor((random() - 0.5) * 100_000)),
    time: orNull(Math.floor((random() - 0.5) * 2 ** 52)),
  }));
}

function frameOf(rows: readonly RandomRow[]): pl.DataFrame {
  const columns = (["text", "count", "ratio", "day", "time"] as const).map((name) =>
    [name, rows.map((row) => row[name])] as const
  );
  return pl.DataFrame(Object.fromEntries(columns)).select(
    pl.col("text").cast(pl.Utf8),
    pl.col("count").cast(pl.Int64),
    pl.col("ratio").cast(pl.Float64),
    pl.col("day").cast(pl.Int32).cast(pl.Date),
    pl.col("time").cast(pl.Int64).cast(pl.Datetime("us", "UTC")),
  );
}

function checkBounds(
  { minValues, maxValues, nullCount }: Stats,
  name: string,
  rows: readonly RandomRow[],
): void {
  const values = rows.map((row) => row[name as keyof RandomRow]);
  assertEquals(nullCount[name], values.filter((value) => value === null).length);
  const [min, max] = [minValues[name], maxValues[name]];
  for (const value of values) {
    if (value === null) continue;
    if (min !== undefined) assert(compareBound(min, value, name) <= 0, `${name}: ${min} > ${value}`);
    if (max !== undefined) assert(compareBound(max, value, name) >= 0, `${name}: ${max} < ${value}`);
  }
  assert(min !== undefined, `${name} has a lower bound`);
}

function compareBound(bound: unknown, value: string | number, name: string): number {
  if (typeof value === "string") return compareBytes(String(bound), value);
  if (name === "day") return Date.parse(`${bound}T00:00:00Z`) / 86_400_000 - value;
  if (name === "time") return Date.parse(String(bound)) * 1000 - value;
  return Number(bound) - value;
}
