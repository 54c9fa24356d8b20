/** Rows of small checkpoints beside what the reader of all others makes of the same bytes. */
import { assert, assertEquals } from "@std/assert";
import pl from "nodejs-polars";
import { frameOf, tableSchema } from "../../../lib/delta/mod.ts";
import { encodeCheckpoint } from "../../../lib/delta/log/checkpoint_codec.ts";
import { replay } from "../../../lib/delta/log/snapshot.ts";
import { readParquetRows } from "../../../lib/delta/parquet/rows.ts";
import { readSmallLogRows } from "../../../lib/delta/parquet/small_log_rows.ts";
import { randomLog } from "../log/random_log.ts";

const FOREIGN = new URL("../../../../shared/data/delta-tables/dat/", import.meta.url);

Deno.test("small checkpoints give the rows that the reader of all others gives, whatever is in the log", async () => {
  for (let seed = 20; seed < 35; seed++) {
    const log = randomLog(seed, 12);
    const snapshot = replay(undefined, log.map((actions, version) => ({ version, actions })));
    const { bytes } = encodeCheckpoint(snapshot, 0);
    const found = await readSmallLogRows(bytes);
    assertEquals(found, wholeRows(bytes));
  }
});

Deno.test("lists, maps, nulls in them and beside them are the same as in the reader of all others", async () => {
  const frames = [
    pl.DataFrame({ a: [["x", null], [], null, ["\ufeff"]], b: [1, null, 2, -3] }).withColumns(
      pl.col("b").cast(pl.Int64),
    ),
    frameOf(
      [{ a: { b: { c: "x", d: 1n } } }, { a: { b: { c: null, d: null } } }, { a: { b: null } }, { a: null }],
      tableSchema({ a: tableSchema({ b: tableSchema({ c: "string", d: "long" }) }) }),
    ),
    pl.DataFrame({ a: [true, false, null] }).withColumns(pl.lit(2 ** 60).cast(pl.Int64).alias("b")),
  ];
  for (const frame of frames) {
    const bytes = new Uint8Array(frame.writeParquet({ compression: "zstd" }));
    const found = await readSmallLogRows(bytes);
    assert(found !== undefined, "the short way was not taken");
    assertEquals(found, wholeRows(bytes));
  }
});

Deno.test({
  name: "checkpoints of Spark are read alike where they have plain columns alone",
  ignore: !isThere(FOREIGN),
  async fn() {
    for (const name of ["no_stats", "no_replay", "with_checkpoint", "stats_as_struct"]) {
      const path = `${name}/delta/_delta_log/00000000000000000002.checkpoint.parquet`;
      const bytes = Deno.readFileSync(new URL(path, FOREIGN));
      const found = await readSmallLogRows(bytes);
      if (found !== undefined) assertEquals(found, wholeRows(bytes));
      else assertEquals(name, "stats_as_struct");
    }
  },
});

Deno.test("what is no plain column, too much or damaged is left to the reader of all others", async () => {
  const times = pl.DataFrame({ a: [new Date(0)] });
  const unsigned = pl.DataFrame({ a: [1] }).withColumns(pl.col("a").cast(pl.UInt32));
  const many = pl.DataFrame({ a: Array.from({ length: 3000 }, (_, row) => row % 2 === 0) });
  const large = pl.DataFrame({ a: ["x".repeat(20_000_000)] });
  for (const frame of [times, unsigned, many, large]) {
    assertEquals(
      await readSmallLogRows(new Uint8Array(frame.writeParquet({ compression: "zstd" }))),
      undefined,
    );
  }
  assertEquals(await readSmallLogRows(new TextEncoder().encode("no Parquet")), undefined);
});

function wholeRows(bytes: Uint8Array): readonly unknown[] {
  return [...readParquetRows(new Uint8Array(bytes))].flat();
}

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isDirectory;
  } catch {
    return false;
  }
}
