/** Rows of checkpoints beside what the reader of files with columns of any type makes of the same bytes. */
import { assert, assertEquals } from "@std/assert";
import { parquetWriteBuffer } from "hyparquet-writer";
import pl from "nodejs-polars";
import { frameOf, tableSchema } from "../../../lib/delta/mod.ts";
import { encodeCheckpoint } from "../../../lib/delta/log/checkpoint_codec.ts";
import { checkpointFields } from "../../../lib/delta/log/checkpoint_schema.ts";
import { replay } from "../../../lib/delta/log/snapshot.ts";
import { readLogRows } from "../../../lib/delta/pages/log_rows.ts";
import { readParquetRows } from "../../../lib/delta/parquet/rows.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import { randomLog } from "../log/random_log.ts";
import { fakeAdd, seededRandom } from "../test_context.ts";

const FOREIGN = new URL("../../../../shared/data/delta-tables/dat/", import.meta.url);
const FEATURES = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["deletionVectors"] };

Deno.test("checkpoints give the rows that the other reader gives, whatever is in the log", async () => {
  for (let seed = 20; seed < 35; seed++) {
    const log = randomLog(seed, 12);
    const snapshot = replay(undefined, log.map((actions, version) => ({ version, actions })));
    assertSame((await encodeCheckpoint(snapshot, 0)).bytes);
  }
});

Deno.test("adds and removes of the usual fields are the same, whole or with one missing", () => {
  for (const without of ["", "stats", "size"]) {
    const rows = Array.from({ length: 40 }, (_, row) => {
      const isOdd = row % 7 === 3;
      const add = {
        ...fakeAdd(`day=${row % 3}/${row}`, { partitionValues: { day: `${row % 3}` } }),
        stats: "{}",
      };
      const { path, partitionValues, size } = add;
      const remove = { path, deletionTimestamp: row, dataChange: true, extendedFileMetadata: true };
      const action = row % 2 === 0 ? add : { ...remove, partitionValues, size };
      const fields = Object.entries(action).filter(([name]) => !isOdd || name !== without);
      const longs = fields.map(([name, value]) => [name, typeof value === "number" ? BigInt(value) : value]);
      return { [row % 2 === 0 ? "add" : "remove"]: Object.fromEntries(longs) };
    });
    assertSame(writeRows(rows, { codec: "SNAPPY" }));
  }
});

Deno.test("actions in any order, in many pages and row groups, compressed or not, are the same", () => {
  for (let seed = 0; seed < 12; seed++) {
    assertSame(
      writeRows(randomRows(seed, 700), {
        codec: seed % 2 === 0 ? "UNCOMPRESSED" : "SNAPPY",
        rowGroupSize: [1000, 250][seed % 2] ?? 0,
        pageSize: [500, 20_000, 1_000_000][seed % 3] ?? 0,
      }),
    );
  }
});

Deno.test("lists, maps, nulls in them and beside them are the same in what polars writes, in each compression", () => {
  const frames = [
    pl.DataFrame({ a: [["x", null], [], null, ["\ufeff"]], b: [1, null, 2, -3] }).withColumns(
      pl.col("b").cast(pl.Int64),
    ),
    frameOf(
      [{ a: { b: { c: "x", d: 1n } } }, { a: { b: { c: null, d: null } } }, { a: { b: null } }, { a: null }],
      tableSchema({ a: tableSchema({ b: tableSchema({ c: "string", d: "long" }) }) }),
    ),
    pl.DataFrame({ a: [true, false, null] }).withColumns(pl.lit(2 ** 60).cast(pl.Int64).alias("b")),
    pl.DataFrame({ a: Array.from({ length: 3000 }, (_, row) => row % 3 === 0) }),
    pl.DataFrame({ a: Array.from({ length: 3000 }, (_, row) => `${row % 700} ${row > 2500 ? "ä" : "a"}`) }),
    pl.DataFrame({ a: ["x".repeat(2_000_000), null] }),
  ];
  for (const frame of frames) {
    for (const compression of ["zstd", "snappy", "gzip", "brotli", "uncompressed"] as const) {
      assertSame(new Uint8Array(frame.writeParquet({ compression })));
    }
  }
});

Deno.test({
  name: "checkpoints of Spark are the same",
  ignore: !isThere(FOREIGN),
  fn() {
    for (const name of ["no_stats", "no_replay", "with_checkpoint", "stats_as_struct"]) {
      assertSame(sparkCheckpoint(name));
    }
  },
});

Deno.test("what is no plain column or damaged is left to the other reader", () => {
  const times = pl.DataFrame({ a: [new Date(0)] });
  const unsigned = pl.DataFrame({ a: [1] }).withColumns(pl.col("a").cast(pl.UInt32));
  for (const frame of [times, unsigned]) {
    assertEquals(readLogRows(new Uint8Array(frame.writeParquet({ compression: "zstd" }))), undefined);
  }
  assertEquals(readLogRows(new TextEncoder().encode("no Parquet")), undefined);
  assertEquals(readLogRows(withText([0x61, 0xff])), undefined, "no UTF-8");
  assertEquals(readLogRows(withText([0x61, 0xc3, 0xa4]))?.[Symbol.iterator]().next().value, { a: "aä" });
});

Deno.test("no page unfolds to more than its header says", () => {
  const bytes = new Uint8Array(
    pl.DataFrame({ a: ["x".repeat(2_000_000)] }).writeParquet({ compression: "zstd" }),
  );
  const random = seededRandom(5);
  for (let round = 0; round < 200; round++) {
    const flipped = bytes.slice();
    const at = Math.floor(random() * flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    const rows = readLogRows(flipped);
    if (rows !== undefined) assertEquals([...rows].length, 1);
  }
});

/** Rows with one kind of action each, as a checkpoint has them, or none. */
function randomRows(seed: number, count: number): readonly Readonly<Record<string, unknown>>[] {
  const random = seededRandom(seed + 1);
  const maybe = <T>(value: T): T | null => random() < 0.2 ? null : value;
  const text = (): string => `${random() < 0.02 ? "päivä \u{1f682}" : "day"}=${Math.floor(random() * 40)}`;
  const long = (): bigint => random() < 0.05 ? 2n ** 60n : BigInt(Math.floor(random() * 2 ** 41));
  const map = (): unknown =>
    Object.fromEntries(
      Array.from({ length: Math.floor(random() * 3) }, (_, key) => [`k${key}`, maybe(text())]),
    );
  const deletionVector = (): unknown => ({
    storageType: "u",
    pathOrInlineDv: text(),
    offset: maybe(1),
    sizeInBytes: 40,
    cardinality: long(),
  });
  const file = (): Readonly<Record<string, unknown>> => ({
    path: maybe(text()),
    partitionValues: maybe(map()),
    size: maybe(long()),
    dataChange: maybe(random() < 0.5),
    deletionVector: random() < 0.8 ? null : deletionVector(),
  });
  return Array.from({ length: count }, () => {
    const kind = random();
    if (kind < 0.02) return { protocol: { ...FEATURES, writerFeatures: maybe(["a", text()]) } };
    if (kind < 0.04) return { txn: { appId: text(), version: long(), lastUpdated: maybe(long()) } };
    if (kind < 0.06) return {};
    if (kind < 0.3) return { remove: { ...file(), deletionTimestamp: maybe(long()) } };
    return { add: { ...file(), modificationTime: maybe(long()), tags: maybe(map()), stats: maybe(text()) } };
  });
}

function writeRows(
  rows: readonly Readonly<Record<string, unknown>>[],
  options: {
    readonly codec: "SNAPPY" | "UNCOMPRESSED";
    readonly rowGroupSize?: number;
    readonly pageSize?: number;
  },
): Uint8Array {
  const fields = checkpointFields(FEATURES);
  const columnData = fields.map(({ name }) => ({ name, data: rows.map((row) => row[name] ?? null) }));
  return new Uint8Array(parquetWriteBuffer({ schema: parquetSchema(fields), columnData, ...options }));
}

function withText(text: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(
    pl.DataFrame({ a: ["@".repeat(text.length)] }).writeParquet({ compression: "uncompressed" }),
  );
  const mark = new Array<number>(text.length).fill(0x40).join();
  const at = bytes.findIndex((_, start) => bytes.subarray(start, start + text.length).join() === mark);
  bytes.set(text, at);
  return bytes;
}

function assertSame(bytes: Uint8Array): void {
  const found = readLogRows(bytes.slice());
  assert(found !== undefined, "the short way was not taken");
  assertEquals([...found], [...readParquetRows(bytes.slice())].flat());
}

function sparkCheckpoint(name: string): Uint8Array {
  const path = `${name}/delta/_delta_log/00000000000000000002.checkpoint.parquet`;
  return Deno.readFileSync(new URL(path, FOREIGN));
}

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}
