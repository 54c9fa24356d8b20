/** Statistics from the footer that polars wrote, beside a count of the same rows. */
import { assertEquals } from "@std/assert";
import { parquetMetadata } from "hyparquet";
import pl from "nodejs-polars";
import { createTable, LocalStore, tableSchema } from "../../../lib/delta/mod.ts";
import { withoutArrowSchema } from "../../../lib/delta/parquet/footer.ts";
import { footerStats } from "../../../lib/delta/stats/footer_stats.ts";
import { measureFrame } from "../../../lib/delta/stats/frame_stats.ts";
import type { ColumnStats, StatsColumn } from "../../../lib/delta/stats/stats.ts";
import { seededRandom, testContext } from "../test_context.ts";

const TYPES = ["string", "integer", "long", "date", "boolean", "short", "byte", "timestamp"] as const;
const COLUMNS: readonly StatsColumn[] = TYPES.map((type) => ({ path: [type], type }));
const WORDS = ["", "a", "\ufeffa", "\uffff", "😈", "é", `${"y".repeat(31)}😈`, "\0"];

Deno.test("what the footer says of a column is what polars counts, for any rows", () => {
  const random = seededRandom(8);
  for (const rows of [1, 2, 7, 300, 5000]) {
    for (const nulls of [0, 0.5, 1]) assertCounted(frameOf(rows, nulls, random));
  }
});

Deno.test("the bounds of a file of several row groups are those of all of them", () => {
  const random = seededRandom(9);
  assertCounted(frameOf(600_000, 0.1, random));
});

Deno.test("what a stream of polars writes has the same footer", async () => {
  const path = await Deno.makeTempFile({ prefix: "ratalake-delta-" });
  try {
    const frame = frameOf(10_000, 0.2, seededRandom(10));
    await frame.lazy().sinkParquet(path, { compression: "zstd", compressionLevel: 1 }).collect();
    assertSaid(await Deno.readFile(path), frame);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("columns whose bounds Parquet spells otherwise are left to be counted", () => {
  const frame = pl.DataFrame({ ratio: [-0, NaN, 1], inside: [{ x: 1 }, { x: 2 }, { x: 3 }] });
  const columns: readonly StatsColumn[] = [
    { path: ["ratio"], type: "double" },
    { path: ["inside", "x"], type: "double" },
    { path: ["not there"], type: "string" },
  ];
  assertEquals(footerStats(frame.writeParquet({ compression: "zstd" }), frame, columns), []);
});

Deno.test("texts that are so long that polars cuts them are left to be counted, others are not", () => {
  for (
    const [text, isLeft] of [["😈".repeat(16), true], ["a".repeat(64), true], [
      "é".repeat(29),
      false,
    ]] as const
  ) {
    const frame = pl.DataFrame({ string: ["b", text] });
    const file = frame.writeParquet({ compression: "zstd" });
    assertEquals(footerStats(file, frame, COLUMNS.slice(0, 1)).length, isLeft ? 0 : 1, text);
  }
});

Deno.test("the footer of a large file says as many nulls as the column has", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-delta-" });
  try {
    const schema = tableSchema({ text: "string" });
    const table = await createTable(new LocalStore(folder), { schema }, testContext());
    const texts = Array.from({ length: 10_000 }, (_, index) => index % 10 === 0 ? null : `${index % 7}`);
    const part = pl.DataFrame({ text: texts });
    const { path } = await table.stageFile(pl.concat(Array.from({ length: 25 }, () => part)));
    const { buffer } = await Deno.readFile(`${folder}/${path}`);
    const nulls = parquetMetadata(buffer).row_groups.map(({ columns: [column] }) =>
      Number(column?.meta_data?.statistics?.null_count)
    );
    assertEquals(nulls.reduce((sum, count) => sum + count, 0), 25_000);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

function assertCounted(frame: pl.DataFrame): void {
  assertSaid(withoutArrowSchema(frame.writeParquet({ compression: "zstd" })), frame);
}

function assertSaid(file: Uint8Array, frame: pl.DataFrame): void {
  const ends = (stats: ColumnStats) => ({ min: undefined, max: undefined, ...stats });
  assertEquals(footerStats(file, frame, COLUMNS).map(ends), [...measureFrame(frame, COLUMNS, new Set())]);
}

function frameOf(rows: number, nulls: number, random: () => number): pl.DataFrame {
  const pick = <T>(values: () => T) => Array.from({ length: rows }, () => random() < nulls ? null : values());
  const integer = (span: number) => () => Math.floor((random() - 0.5) * span);
  // Typed series have no nulls: those of numbers would be zeros.
  const numbers = (name: string, span: number) => pl.Series(name, pick(integer(span)), pl.Float64);
  return pl.DataFrame([
    pl.Series("string", pick(() => WORDS[Math.floor(random() * WORDS.length)] ?? ""), pl.Utf8),
    numbers("integer", 2 ** 32).cast(pl.Int32),
    numbers("long", 2 ** 53).cast(pl.Int64),
    numbers("date", 20_000).cast(pl.Int32).cast(pl.Date),
    pl.Series("boolean", pick(() => random() < 0.5), pl.Bool),
    numbers("short", 2 ** 16).cast(pl.Int16),
    numbers("byte", 2 ** 8).cast(pl.Int8),
    numbers("timestamp", 2 ** 52).cast(pl.Int64).cast(pl.Datetime("us", "UTC")),
  ]);
}
