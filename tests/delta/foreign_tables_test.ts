/** Tables that Spark wrote; they lie beside the project and are not part of it. */

import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import pl from "nodejs-polars";
import { measureFrame } from "../../lib/delta/frame_stats.ts";
import { type DeltaTable, LocalStore, openTable } from "../../lib/delta/mod.ts";
import { serializeStats, statsColumns } from "../../lib/delta/stats.ts";
import { frameRows } from "./frame_rows.ts";
import { testContext } from "./test_context.ts";

const ROOT = new URL("../../../shared/data/delta-tables/", import.meta.url).pathname;
const isThere = folderExists(ROOT);
if (!isThere) console.log(`foreign tables are not tested: there is no ${ROOT}`);

/** Zone, version, columns, rows. */
const SPARK_TABLES = [
  ["landing_zone", 0, 2, 639],
  ["standard_zone", 0, 29, 26_776],
  ["quality_zone", 0, 5, 1],
] as const;

for (const [zone, version, columns, rows] of SPARK_TABLES) {
  Deno.test({
    name: `the ${zone} that Spark wrote opens with all its rows`,
    ignore: !isThere,
    fn: async () => {
      const table = await open(`spark/${zone}/trains_travel`);
      const { snapshot } = table;
      assertEquals([snapshot.version, snapshot.schema.fields.length, snapshot.files.size], [
        version,
        columns,
        1,
      ]);
      const frame = await readAll(table);
      assertEquals([frame.height, frame.width], [rows, columns]);
      for (const { stats } of snapshot.files.values()) {
        assertEquals(JSON.parse(stats ?? "{}").numRecords, rows);
      }
    },
  });
}

Deno.test({
  name: "our statistics of Spark's standard table are Spark's own",
  ignore: !isThere,
  fn: async () => {
    const table = await open("spark/standard_zone/trains_travel");
    for (const add of table.snapshot.files.values()) {
      const frame = await table.readFile(add);
      const columns = measureFrame(frame, statsColumns(table.snapshot.schema.fields, {}), new Set());
      const ours = JSON.parse(serializeStats(frame.height, columns));
      const theirs = JSON.parse(add.stats ?? "{}");
      // Delta 2.1 ended every cut text with U+FFFD; ours ends plain text with DEL, which is a closer bound.
      assertEquals(ours, JSON.parse(JSON.stringify(theirs).replaceAll("\ufffd", "\u007f")));
    }
  },
});

for (const name of isThere ? folders(`${ROOT}dat`) : []) {
  Deno.test(`the acceptance case ${name} reads as expected`, async () => {
    const expected = `${ROOT}dat/${name}/expected/latest`;
    const { version, min_reader_version, min_writer_version, properties } = JSON.parse(
      await Deno.readTextFile(`${expected}/table_version_metadata.json`),
    );
    const table = await open(`dat/${name}/delta`);
    const { snapshot } = table;
    assertEquals(snapshot.version, version);
    assertEquals(snapshot.protocol, {
      minReaderVersion: min_reader_version,
      minWriterVersion: min_writer_version,
    });
    assertEquals(snapshot.metadata.configuration, properties);
    assertEquals(
      sortedRows(await readAll(table)),
      sortedRows(await readExpected(table, `${expected}/table_content`)),
    );
  });
}

async function open(path: string): Promise<DeltaTable> {
  return await openTable(new LocalStore(`${ROOT}${path}`), testContext());
}

async function readAll(table: DeltaTable): Promise<pl.DataFrame> {
  const files = [...table.snapshot.files.values()];
  return pl.concat(await Promise.all(files.map((add) => table.readFile(add))));
}

// Expected content lies in plain Parquet files with the same columns.
async function readExpected(table: DeltaTable, folder: string): Promise<pl.DataFrame> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith(".parquet")
  );
  const frames = names.map((name) => pl.readParquet(Buffer.from(Deno.readFileSync(`${folder}/${name}`))));
  const frame = pl.concat(frames);
  const times = table.snapshot.schema.fields.filter(({ type }) => type === "timestamp").map(({ name }) =>
    name
  );
  await Promise.resolve();
  return frame.withColumns(...times.map((name) => pl.col(name).cast(pl.Datetime("us", "UTC"))));
}

function sortedRows(frame: pl.DataFrame): readonly string[] {
  return frameRows(frame)
    .map((row) =>
      JSON.stringify(Object.entries(row).toSorted(), (_, v) => typeof v === "bigint" ? `${v}n` : v)
    )
    .toSorted();
}

function folderExists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function folders(path: string): readonly string[] {
  return [...Deno.readDirSync(path)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name)
    .toSorted();
}
