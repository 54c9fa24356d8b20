/** What rules know of the metadata: read from its tables, whatever lies there, and named by what is used of it. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { createTable, type DeltaTable, MemoryStore, type Row, type Store } from "../../lib/delta/mod.ts";
import { keepRows } from "../../lib/metadata/keep_rows.ts";
import { metadataOf, NO_METADATA } from "../../lib/quality/metadata/metadata_lists.ts";
import { readMetadata } from "../../lib/quality/metadata/read_metadata.ts";
import { rowCounter } from "../../lib/quality/row_counter.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { METADATA_SCHEMAS } from "../../lib/tables/metadata_schemas.ts";
import { METADATA_PATHS, type MetadataName } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { SIMULATED_COUNTER, SIMULATED_METADATA, SIMULATED_ROWS } from "./simulated_counter.ts";

const NAMES = Object.keys(METADATA_PATHS) as readonly MetadataName[];

/** Stores in memory with the tables of the simulator's metadata, some of them with other rows. */
async function lakeWith(
  changes: Partial<Record<MetadataName, readonly Row[] | null>> = {},
): Promise<{ readonly storeOf: (path: string) => Store; readonly tables: readonly DeltaTable[] }> {
  const stores = new Map(NAMES.map((name) => [METADATA_PATHS[name], new MemoryStore({ label: name })]));
  const tables: DeltaTable[] = [];
  for (const name of NAMES) {
    const rows = changes[name] === undefined ? SIMULATED_ROWS[name] : changes[name];
    if (rows === null) continue;
    const store = stores.get(METADATA_PATHS[name]) ?? new MemoryStore();
    const table = await createTable(store, { schema: METADATA_SCHEMAS[name] }, testContext());
    if (rows.length > 0) await keepRows(table, rows, { source: "test", fetchedAtMs: 0 });
    tables.push(table);
  }
  return { storeOf: (path) => stores.get(path) ?? new MemoryStore(), tables };
}

async function readWith(changes: Parameters<typeof lakeWith>[0] = {}) {
  return await readMetadata((await lakeWith(changes)).storeOf, testContext());
}

Deno.test("what the tables hold is what the lists have, and nothing is skipped", async () => {
  const read = await readWith();
  assertEquals(read, SIMULATED_METADATA);
  assertEquals(read.lists.stations.get("PSL"), { uicCode: 10, latitude: 60.1987, longitude: 24.9335 });
  assertEquals(read.lists.causes.detailed.has(34_865_416), true);
  assertEquals([read.missing, rowCounter(RULES, read).skipped.size], [{}, 0]);
});

Deno.test("what was never fetched, is empty or cannot be read is missing with its reason, and nothing else is", async () => {
  const { missing } = await readWith({ causes: null });
  assertEquals(Object.keys(missing), ["causes"]);
  assertStringIncludes(missing.causes ?? "", "there is no standard_zone/causes yet: run `deno task fetch");
  const none = Object.fromEntries(NAMES.map((name) => [name, null]));
  assertEquals(await readWith(none), NO_METADATA);
  const empty = (await readWith({ stations: [] })).missing;
  assertEquals(Object.keys(empty), ["stations", "coordinates"]);
  assertStringIncludes(
    empty.stations ?? "",
    "standard_zone/stations is empty: run `deno task fetch --metadata`",
  );
  const { storeOf, tables } = await lakeWith();
  const [stations] = tables;
  for (const { path } of stations?.snapshot.files.values() ?? []) await stations?.store.remove(path);
  const broken = await readMetadata(storeOf, testContext());
  assertEquals(Object.keys(broken.missing), ["stations", "coordinates"]);
  assertStringIncludes(broken.missing.stations ?? "", "standard_zone/stations cannot be read: ");
  assertEquals([...rowCounter(RULES, broken).skipped.keys()].sort(), ["C15", "C16", "V3"]);
});

Deno.test("a log of no table, and a table of other columns, are told and stop nothing", async () => {
  const store = new MemoryStore();
  await store.put("_delta_log/00000000000000000000.json", new TextEncoder().encode("no JSON"));
  const { storeOf } = await lakeWith();
  const other = new MemoryStore();
  await createTable(other, { schema: METADATA_SCHEMAS.causes }, testContext());
  for (const odd of [store, other]) {
    const read = await readMetadata(
      (path) => path === METADATA_PATHS.operators ? odd : storeOf(path),
      testContext(),
    );
    assertEquals(Object.keys(read.missing), ["operators"]);
  }
});

Deno.test("stations without coordinates are known by their numbers, and legs are not measured", () => {
  const stations = SIMULATED_ROWS.stations.map((row) => ({ ...row, latitude: null }));
  const counter = rowCounter(RULES, metadataOf({ ...SIMULATED_ROWS, stations }));
  assertEquals([...counter.skipped.keys()], ["C15", "C16"]);
  assertStringIncludes(counter.skipped.get("C15") ?? "", "the stations have no coordinates");
});

Deno.test("the set of counts follows the content that rules ask for: no other column, no order, no time of a fetch", () => {
  const setOf = (changes: Partial<typeof SIMULATED_ROWS>) =>
    rowCounter(RULES, metadataOf({ ...SIMULATED_ROWS, ...changes })).set;
  const { stations, causes, operators } = SIMULATED_ROWS;
  const same = [
    { stations: stations.toReversed() },
    { stations: stations.map((row) => ({ ...row, stationName: "other", passengerTraffic: null })) },
    { causes: causes.map((row) => ({ ...row, validTo: "2030-01-01" })) },
  ];
  for (const changes of same) assertEquals(setOf(changes), SIMULATED_COUNTER.set);
  const others = [
    { stations: stations.slice(1) },
    { stations: stations.map((row, i) => i === 3 ? { ...row, latitude: 60.5 } : row) },
    { stations: stations.map((row, i) => i === 3 ? { ...row, stationUICCode: 99 } : row) },
    { causes: causes.map((row, i) => i === 0 ? { ...row, id: 1 } : row) },
    { operators: [...operators, { operatorShortCode: "new" }] },
  ].map(setOf);
  assertEquals(new Set([...others, SIMULATED_COUNTER.set, rowCounter(RULES).set]).size, others.length + 2);
});

Deno.test("runs stay comparable while lists change, and are not when rules come to be counted", () => {
  const other = metadataOf({ ...SIMULATED_ROWS, operators: [{ operatorShortCode: "vr" }] });
  assertEquals(rowCounter(RULES, other).ruleSet, SIMULATED_COUNTER.ruleSet);
  assertEquals(rowCounter(RULES).ruleSet === SIMULATED_COUNTER.ruleSet, false);
});
