/** Tables as files for others: exact, with the licence, never in the way of what is there. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createTable, MemoryStore, openTable, tableSchema } from "../../lib/delta/mod.ts";
import { UsageError } from "../../lib/errors.ts";
import { type ExportCall, exportTable } from "../../lib/export/export_table.ts";
import { parquetMetadata, parquetReadObjects } from "../../lib/packages/hyparquet.ts";
import { LICENCE_LINE } from "../../lib/tables/licence.ts";
import { makeAskedLake, OPTIONS } from "../sql/asked_lake.ts";

const lake = await makeAskedLake();

/** Exports as the script does; resolves to what it prints, and what it says beside. */
async function run(name: string, flags: Partial<ExportCall["flags"]> = {}, call: Partial<ExportCall> = {}) {
  const [written, said]: [Uint8Array[], string[]] = [[], []];
  await exportTable({
    name,
    flags: { format: "csv", version: undefined, out: undefined, force: false, ...flags },
    storeOf: lake.storeOf,
    options: OPTIONS,
    signal: undefined,
    out: {
      write: (bytes) => Promise.resolve(written.push(bytes) > 0),
      finish: () => Promise.resolve(),
      discard: () => Promise.resolve(),
    },
    isTerminal: false,
    isThere: () => Promise.resolve(false),
    note: (line) => said.push(line),
    ...call,
  });
  const bytes = await new Blob(written as Uint8Array<ArrayBuffer>[]).arrayBuffer();
  return { bytes, text: new TextDecoder().decode(bytes), said };
}

Deno.test("CSV has every row exactly, and the licence beside it", async () => {
  const { text, said } = await run("quality_zone/trains_travel");
  assertEquals(
    text.split("\r\n")[1],
    'a,0.1,9007199254740993,"{""late"":2,""__proto__"":""9007199254740993""}",' +
      '"[{""code"":""K"",""at"":""2026-11-28T01:00:00.000007Z"",""count"":""-9007199254740993""},null]"',
  );
  assertEquals(said, [LICENCE_LINE]);
});

Deno.test("a table is exported at any version, under each of its names", async () => {
  const lines = async (name: string, version?: number) =>
    (await run(name, { version })).text.split("\r\n").length - 2;
  assertEquals(await lines("train_runs"), 6);
  assertEquals(await lines("analysis_zone.TRAIN_RUNS", 1), 3);
  assertEquals(await lines("analysis_zone/train_runs", 0), 0);
});

Deno.test("Parquet keeps types, maps too, and has the licence in its metadata", async () => {
  const { bytes } = await run("quality_zone/trains_travel", { format: "parquet" });
  const { key_value_metadata, num_rows } = parquetMetadata(bytes);
  assertEquals([num_rows, key_value_metadata], [2n, [
    { key: "license", value: LICENCE_LINE },
    { key: "table", value: "quality_zone/trains_travel" },
    { key: "version", value: "1" },
  ]]);
  const [first] = await parquetReadObjects({ file: bytes });
  assertEquals(first?.contentHash, 9_007_199_254_740_993n);
  assertEquals(Object.entries(first?.anomalies), [["late", 2n], ["__proto__", 9_007_199_254_740_993n]]);
});

Deno.test("a table without rows is a file without rows", async () => {
  const store = new MemoryStore();
  await createTable(store, { schema: tableSchema({ name: "string" }) }, OPTIONS);
  const empty = { storeOf: () => store };
  assertEquals((await run("train_types", {}, empty)).text, "name\r\n");
  const { bytes } = await run("train_types", { format: "parquet" }, empty);
  assertEquals(parquetMetadata(bytes).num_rows, 0n);
});

Deno.test("GeoJSON has lines between stations, points at them, and no place for what has none", async () => {
  const legs = JSON.parse((await run("leg_delays", { format: "geojson" })).text);
  assertEquals([legs.type, legs.license, legs.features.length], ["FeatureCollection", LICENCE_LINE, 11]);
  const withPlace = legs.features.find((feature: { geometry: unknown }) => feature.geometry !== null);
  assertEquals(withPlace.geometry, { type: "LineString", coordinates: [[23.77, 61.5], [23.77, 61.5]] });
  assertEquals(withPlace.properties.toStation, "TPE");
  const stations = JSON.parse((await run("stations", { format: "geojson" })).text);
  assertEquals(stations.features.map(({ geometry }: { geometry: unknown }) => geometry), [
    { type: "Point", coordinates: [23.77, 61.5] },
    null,
  ]);
});

Deno.test("a file appears whole, with its metadata, and replaces another only when told", async () => {
  const folder = await Deno.makeTempDir();
  const out = `${folder}/runs.csv`;
  await run("train_runs", { out });
  assertEquals((await Deno.readTextFile(out)).split("\r\n").length, 8);
  const metadata = JSON.parse(await Deno.readTextFile(`${out}-metadata.json`));
  assertEquals([metadata.url, metadata["dc:rights"]], ["runs.csv", LICENCE_LINE]);
  assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 2);
  const isThere = () => Promise.resolve(true);
  await assertRejects(
    () => run("train_runs", { out }, { isThere }),
    UsageError,
    'expected a new file, or "--force"',
  );
  await run("train_runs", { out, force: true, version: 1 }, { isThere });
  assertEquals((await Deno.readTextFile(out)).split("\r\n").length, 5);
  await Deno.remove(folder, { recursive: true });
});

const WRONG: readonly (readonly [string, Partial<ExportCall["flags"]>, string])[] = [
  ["train_run", {}, 'did you mean "train_runs"?'],
  ["analysis_zone/train_run", {}, 'did you mean "analysis_zone/train_runs"?'],
  ["trains_travel", {}, "in several zones, expected one of landing_zone/trains_travel"],
  ["causes", {}, "there is no such table yet, expected it after `deno task fetch --metadata`"],
  ["train_runs", { version: 9 }, "found version 2 as the newest"],
  ["quality_zone/trains_travel", { format: "geojson" }, "found no column with a place"],
  ["train_runs", { out: "/lake/analysis_zone/train_runs/x.csv" }, "in the folder of the table"],
  ["train_runs", { out: "../a/analysis_zone/x/../train_runs/x.csv" }, "in the folder of the table"],
];

for (const [name, flags, message] of WRONG) {
  Deno.test(`a wrong export says why: ${name} ${JSON.stringify(flags)}`, async () => {
    assertStringIncludes((await assertRejects(() => run(name, flags), UsageError)).message, message);
  });
}

Deno.test("what is exported as Parquet is what the table holds", async () => {
  const table = await openTable(lake.storeOf("analysis_zone/train_runs"), OPTIONS);
  const { bytes } = await run("train_runs", { format: "parquet" });
  const rows = await parquetReadObjects({ file: bytes });
  const numbers = rows.map(({ trainNumber }) => trainNumber);
  assertEquals(numbers, [27n, 28n, 41n, 27n, 41n, 8001n]);
  assert(table.snapshot.schema.fields.every(({ name }) => name in (rows[0] ?? {})));
});
