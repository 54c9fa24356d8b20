/** Rows that are read without polars beside the same rows read with it. */
import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { createTable, type DeltaTable, frameRows, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { readPlainRows } from "../../../lib/delta/parquet/plain_rows.ts";
import type { Row } from "../../../lib/delta/schema/row_value.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { testContext } from "../test_context.ts";

const SCHEMA = tableSchema({
  count: "long",
  small: "integer",
  share: "double",
  flag: "boolean",
  text: "string",
  time: "timestamp",
  day: "date",
  counts: { type: "map", keyType: "string", valueType: "long", valueContainsNull: true },
});
const TEXTS = ["", "HKI", "\ufeffmark", "ä 😈", "__proto__", "0", "constructor", "a.b", "\0"];
const WHOLE = [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1_739_766_060_000_001n, -62_135_596_800_000_000n];

Deno.test("rows are the same without polars, whatever their values and whoever wrote the file", async () => {
  const random = seededRandom(5);
  const oneOf = <T>(values: readonly T[]): T | null => {
    const value = values[Math.floor(random() * (values.length + 1))];
    return value === undefined ? null : value;
  };
  const times = WHOLE.map((value) => value % 253_402_300_800_000_000n);
  for (let round = 0; round < 12; round++) {
    const table = await newTable();
    const rows = Array.from({ length: round * 7 }, (): Row => ({
      count: oneOf(WHOLE),
      small: oneOf([0, -1, 2 ** 31 - 1, -(2 ** 31)]),
      share: oneOf([0, -0, 1.5, -Infinity, NaN, 5e-324]),
      flag: oneOf([true, false]),
      text: oneOf(TEXTS),
      time: oneOf(times),
      day: oneOf(["1970-01-01", "1969-12-31", "2024-02-29", "0001-01-01", "9999-12-31"]),
      counts: oneOf([new Map(), new Map(TEXTS.slice(0, round).map((key) => [key, oneOf(WHOLE)]))]),
    }));
    const file = await table.stageRows(rows);
    await assertSame(table, file);
    const { fields } = SCHEMA;
    const bytes = await table.store.read(file.path);
    assert(await readPlainRows(bytes, fields) !== undefined, "the short way was not taken");
    // Written by polars, with another codec.
    const frame = await table.readFile(file, { columns: ["count", "text", "time", "day", "share"] });
    const byPolars = await newTable(["count", "text", "time", "day", "share"]);
    const written = await byPolars.stageFile(frame);
    await assertSame(byPolars, written);
    assert(await readPlainRows(await byPolars.store.read(written.path), byPolars.snapshot.schema.fields));
  }
});

Deno.test("what may be something else to polars takes the long way: other widths, units, nesting, required columns", async () => {
  const [long] = tableSchema({ v: "long" }).fields;
  const [time] = tableSchema({ v: "timestamp" }).fields;
  const [text] = tableSchema({ v: "string" }).fields;
  const frames = [
    [pl.DataFrame({ v: [1, 2] }).withColumns(pl.col("v").cast(pl.Int32)), long],
    [pl.DataFrame({ v: [1, 2] }).withColumns(pl.col("v").cast(pl.UInt64)), long],
    [pl.DataFrame({ v: [new Date(0)] }).withColumns(pl.col("v").cast(pl.Datetime("ms", "UTC"))), time],
    [pl.DataFrame({ v: [new Date(0)] }).withColumns(pl.col("v").cast(pl.Datetime("us"))), time],
    [pl.DataFrame({ v: [["a"]] }), text],
    [pl.DataFrame({ v: Array.from({ length: 3000 }, () => "a") }), text],
  ] as const;
  for (const [frame, field] of frames) {
    assert(field !== undefined);
    assertEquals(await readPlainRows(frame.writeParquet(), [field]), undefined);
  }
});

Deno.test("columns that a file does not have are null, a file that is damaged is the error of the long way", async () => {
  const table = await newTable(["count"]);
  const file = await table.stageRows([{ count: 1n }]);
  const bytes = await table.store.read(file.path);
  const [count, text] = [SCHEMA.fields[0], SCHEMA.fields[4]];
  assert(count !== undefined && text !== undefined);
  assertEquals(await readPlainRows(bytes, [count, text]), [{ count: 1n, text: null }]);
  const cut = bytes.slice(0, bytes.length - 20);
  await table.store.put(file.path, cut);
  const [short, long] = await Promise.allSettled([table.readRows(file), table.readFile(file)]);
  assertEquals([short.status, long.status], ["rejected", "rejected"]);
  assert(short.status === "rejected" && long.status === "rejected");
  assertEquals(short.reason.message, long.reason.message);
});

Deno.test("a missing column that must not be null is the error of the long way", async () => {
  const table = await newTable(["text"]);
  const file = await table.stageRows([{ text: "a" }]);
  const fields = tableSchema({ count: "long" }).fields.map((field) => ({ ...field, nullable: false }));
  const strict = await createTable(new MemoryStore(), { schema: { ...SCHEMA, fields } }, testContext());
  await strict.store.put(file.path, await table.store.read(file.path));
  const [short, long] = await Promise.allSettled([strict.readRows(file), strict.readFile(file)]);
  assert(short.status === "rejected" && long.status === "rejected");
  assertEquals(short.reason.message, long.reason.message);
});

async function newTable(names?: readonly string[]): Promise<DeltaTable> {
  const fields = SCHEMA.fields.filter(({ name }) => names?.includes(name) ?? true);
  return await createTable(new MemoryStore(), { schema: { ...SCHEMA, fields } }, testContext());
}

async function assertSame(
  table: DeltaTable,
  file: Awaited<ReturnType<DeltaTable["stageRows"]>>,
): Promise<void> {
  const { fields } = table.snapshot.schema;
  const expected = Array.from(frameRows(await table.readFile(file), fields));
  const found = await table.readRows(file);
  assertEquals(found.length, expected.length);
  for (const [index, row] of found.entries()) {
    for (const { name } of fields) {
      const [a, b] = [row[name], expected[index]?.[name]];
      if (a instanceof Map && b instanceof Map) assertEquals([...a], [...b]);
      else assert(Object.is(a, b), `${name}: ${String(a)} against ${String(b)}`);
    }
  }
}
