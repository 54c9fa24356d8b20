/** Some rows of a file are those rows of the whole file, whoever wrote it and however. */
import { assert, assertEquals } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import {
  type ColumnFile,
  type Columns,
  columnsOfFrame,
  createTable,
  frameOf,
  frameOfColumns,
  frameRows,
  gatherColumns,
  MemoryStore,
  type RowSpan,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import { fakeAdd, testContext } from "../test_context.ts";

const ROUNDS = Number(Deno.env.get("RATALAKE_FUZZ_CASES") ?? 12);
const SCHEMA = tableSchema({
  id: "long",
  few: "long",
  word: "string",
  text: "string",
  flag: "boolean",
  small: "integer",
  pair: { type: "struct", fields: tableSchema({ x: "long", y: "string" }).fields },
  list: { type: "array", elementType: "long", containsNull: true },
});

Deno.test({
  name: "rows of a file are those that all of its rows have there: nulls, dictionaries, lists, pages, groups",
  permissions: { read: true, env: ["RATALAKE_FUZZ_CASES", "*"], sys: true, ffi: true },
  async fn() {
    const random = seededRandom(7), upTo = (most: number) => Math.floor(random() * (most + 1));
    const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
    let asked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const rows = someRows(1 + upTo(round % 6 === 0 ? 1500 : 60), random);
      for (const bytes of [byPolars(rows, random), byHyparquet(rows, random), await byUs(rows)]) {
        const path = `f${round}-${asked}.parquet`;
        await table.store.put(path, bytes);
        const file = await table.openColumns(fakeAdd(path, { size: bytes.length }));
        assert(file !== undefined);
        const whole = file.read();
        assert(whole !== undefined);
        for (let time = 0; time < 3; time++, asked++) {
          const from = upTo(rows.length - 1), to = from + 1 + upTo(rows.length - from - 1);
          assertSpan(file, whole, { from, to });
        }
      }
    }
    assert(asked === ROUNDS * 9);
  },
});

function assertSpan(file: ColumnFile, whole: Columns, { from, to }: RowSpan): void {
  const some = file.read({ rows: { from, to } });
  assert(some !== undefined);
  assertEquals(Object.keys(some), Object.keys(whole));
  assertEquals(valuesOf(some), valuesOf(gatherColumns([{ columns: whole, from, to }])), `${from} to ${to}`);
}

function valuesOf(columns: Columns): readonly unknown[] {
  const fields = SCHEMA.fields.filter(({ name }) => name in columns);
  return Array.from(frameRows(frameOfColumns(columns, fields), fields));
}

type MadeRow = Readonly<Record<string, unknown>>;

function someRows(count: number, random: () => number): readonly MadeRow[] {
  const filled = [0, 0.5, 0.9, 1][Math.floor(random() * 4)] ?? 1;
  const maybe = <T>(value: T) => random() < filled ? value : null;
  return Array.from({ length: count }, (_, row) => ({
    id: BigInt(row) * 2n ** 35n - 5n,
    few: maybe(BigInt(Math.floor(row / 20))),
    word: maybe(`ä${Math.floor(random() * 9)}`),
    text: maybe(`text ${row} of ${random()}`),
    flag: maybe(random() < 0.5),
    small: maybe(row - 7),
    pair: maybe({ x: maybe(BigInt(row)), y: maybe(`y${row % 3}`) }),
    list: maybe(Array.from({ length: row % 4 }, (_, at) => maybe(BigInt(at)))),
  }));
}

function byPolars(rows: readonly MadeRow[], random: () => number): Uint8Array {
  const compression = pick(["uncompressed", "snappy", "gzip", "zstd", "brotli"] as const, random);
  return new Uint8Array(frameOf(rows, SCHEMA).writeParquet({ compression }));
}

/** Flat columns: in several row groups, of small pages. */
function byHyparquet(rows: readonly MadeRow[], random: () => number): Uint8Array {
  const fields = SCHEMA.fields.filter(({ type }) => typeof type === "string");
  return new Uint8Array(parquetWriteBuffer({
    schema: parquetSchema(fields),
    columnData: fields.map(({ name }) => ({ name, data: rows.map((row) => row[name]) })),
    codec: pick(["UNCOMPRESSED", "SNAPPY"] as const, random),
    pageSize: pick([50, 300, 2 ** 20], random),
    rowGroupSize: pick([7, 40, 100_000], random),
  }));
}

async function byUs(rows: readonly MadeRow[]): Promise<Uint8Array> {
  const table = await createTable(new MemoryStore(), { schema: SCHEMA }, testContext());
  const { path } = await table.stageColumns(columnsOfFrame(frameOf(rows, SCHEMA), SCHEMA.fields));
  return await table.store.read(path);
}

function pick<T>(choices: readonly [T, ...T[]], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
