import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Add } from "../../../lib/delta/actions/actions.ts";
import { CorruptFileError, MemoryStore, tableSchema } from "../../../lib/delta/mod.ts";
import { joinParquet } from "../../../lib/delta/parquet/join_files.ts";
import { readDataFile } from "../../../lib/delta/read/file_reader.ts";
import type { FileSource } from "../../../lib/delta/read/open_file.ts";
import { readTogether } from "../../../lib/delta/read/read_together.ts";
import { frameRows } from "../frame_rows.ts";
import { fakeAdd, firstActions, seededRandom } from "../test_context.ts";

const COLUMNS = { id: "long", text: "string", share: "double", is: "boolean", size: "integer" } as const;
const WRITERS = { polars: byPolars, hyparquet: byHyparquet, "hyparquet in groups": byHyparquetInGroups };

for (const [writer, write] of Object.entries(WRITERS)) {
  Deno.test(`small files of ${writer} read together have the rows of each, in their order`, async () => {
    const random = seededRandom(7);
    const heights = [3, 1, 40, 0, 7, 300, 1];
    const { adds, source } = await filesOf(heights.map((height) => write(rowsOf(random, height))));
    const bytes = await Promise.all(adds.map(({ path }) => source.store.read(path)));
    assert(joinParquet(bytes) !== undefined, "these are joined");
    assertEquals(frameRows(await readTogether(adds, source)), await rowsOneByOne(adds, source));
  });
}

Deno.test("files of several schemas, with lists or with other partition values are read together too", async () => {
  const random = seededRandom(8);
  const narrow = byPolars(rowsOf(random, 3));
  const wide = pl.readParquet(Buffer.from(narrow)).withColumns(pl.lit(1).alias("more"));
  const { adds, source } = await filesOf([narrow, new Uint8Array(wide.writeParquet()), narrow]);
  assertEquals(frameRows(await readTogether(adds, source)), await rowsOneByOne(adds, source));

  const lists = new Uint8Array(pl.DataFrame({ list: [[1, 2], [], [3]] }).writeParquet());
  assertEquals(joinParquet([lists, lists]), undefined);
  const apart = adds.map((add, index) => ({ ...add, partitionValues: { text: String(index) } }));
  const parts = shape(COLUMNS, ["text"]);
  const split = { ...source, ...parts };
  assertEquals(frameRows(await readTogether(apart, split)), await rowsOneByOne(apart, split));
});

Deno.test("whatever byte of one of them is damaged, the files give the rows or the error that they give alone", async () => {
  const random = seededRandom(9);
  const whole = [5, 9, 2].map((height) => byHyparquetInGroups(rowsOf(random, height)));
  for (let round = 0; round < 300; round++) {
    const damaged = whole.map((file) => file.slice());
    const file = damaged[round % 3] ?? new Uint8Array();
    const [at, bit] = [Math.floor(random() * Math.min(file.length, 700)), Math.floor(random() * 8)];
    file[file.length - 1 - at] = (file[file.length - 1 - at] ?? 0) ^ (1 << bit);
    const { adds, source } = await filesOf(damaged);
    const [alone, together] = [
      await outcome(() => rowsOneByOne(adds, source)),
      await outcome(async () => frameRows(await readTogether(adds, source))),
    ];
    assertEquals(together, alone, `round ${round}, ${at} bytes before the end, bit ${bit}`);
  }
});

Deno.test("a missing file is named", async () => {
  const { adds, source } = await filesOf([byPolars(rowsOf(seededRandom(1), 2))]);
  await assertRejects(
    () => readTogether([...adds, fakeAdd("gone", { size: 9 })], source),
    CorruptFileError,
    '"gone"',
  );
});

async function outcome(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : error;
  }
}

async function rowsOneByOne(adds: readonly Add[], source: FileSource): Promise<unknown> {
  const frames = [];
  for (const add of adds) frames.push(await readDataFile(add, source));
  return frames.flatMap((frame) => frameRows(frame));
}

async function filesOf(files: readonly Uint8Array[]): Promise<{ adds: readonly Add[]; source: FileSource }> {
  const store = new MemoryStore();
  for (const [index, bytes] of files.entries()) await store.put(`file${index}`, bytes);
  const adds = files.map(({ length }, index) => fakeAdd(`file${index}`, { size: length }));
  return { adds, source: { store, ...shape(COLUMNS) } };
}

function shape(columns: typeof COLUMNS, partitionColumns: readonly string[] = []) {
  const { metadata } = firstActions(columns, partitionColumns);
  if (metadata === undefined) throw new TypeError("a first version has metadata");
  return { metadata, schema: tableSchema(columns) };
}

interface PlainRow {
  readonly id: bigint | null;
  readonly text: string | null;
  readonly share: number | null;
  readonly is: boolean | null;
  readonly size: number | null;
}

function rowsOf(random: () => number, count: number): readonly PlainRow[] {
  const maybe = <T>(value: T): T | null => random() < 0.2 ? null : value;
  return Array.from({ length: count }, () => ({
    id: maybe(BigInt(Math.floor(random() * 1e15)) - 500_000_000_000_000n),
    text: maybe("ä".repeat(Math.floor(random() * 4)) + Math.floor(random() * 5)),
    share: maybe(random() < 0.1 ? NaN : random() - 0.5),
    is: maybe(random() < 0.5),
    size: maybe(Math.floor(random() * 30_000)),
  }));
}

function byPolars(rows: readonly PlainRow[]): Uint8Array {
  const frame = pl.readParquet(Buffer.from(byHyparquet(rows)));
  return new Uint8Array(frame.writeParquet({ compression: "zstd" }));
}

function byHyparquet(rows: readonly PlainRow[], rowGroupSize = 1000): Uint8Array {
  const column = <Name extends keyof PlainRow>(name: Name) => rows.map((row) => row[name]);
  return new Uint8Array(parquetWriteBuffer({
    columnData: [
      { name: "id", data: column("id"), type: "INT64", nullable: true },
      { name: "text", data: column("text"), type: "STRING", nullable: true },
      { name: "share", data: column("share"), type: "DOUBLE", nullable: true },
      { name: "is", data: column("is"), type: "BOOLEAN", nullable: true },
      { name: "size", data: column("size"), type: "INT32", nullable: true },
    ],
    rowGroupSize,
  }));
}

function byHyparquetInGroups(rows: readonly PlainRow[]): Uint8Array {
  return byHyparquet(rows, 4);
}
