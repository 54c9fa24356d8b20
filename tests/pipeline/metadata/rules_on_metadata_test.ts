/** Rules on metadata through the pipeline: skipped before there is any, counted from the next run on, counted again when it changes. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTable, openTable, type Row } from "../../../lib/delta/mod.ts";
import { keepRows } from "../../../lib/metadata/keep_rows.ts";
import { lookCloser } from "../../../lib/pipeline/look_closer.ts";
import { evaluateRun } from "../../../lib/quality/evaluate_run.ts";
import { readNewestRun } from "../../../lib/quality/results/run_history.ts";
import { METADATA_SCHEMAS } from "../../../lib/tables/metadata_schemas.ts";
import { METADATA_PATHS, type MetadataName, TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { testContext } from "../../delta/test_context.ts";
import { SIMULATED_COUNTER, SIMULATED_ROWS } from "../../quality/simulated_counter.ts";
import { FIRST_ROUND_MS, makeRound } from "../made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "../process_rig.ts";

const NAMES = Object.keys(METADATA_PATHS) as readonly MetadataName[];
const ON_METADATA = ["C15", "C16", "V3", "V4", "V5"];

async function fetchOnce(storeOf: StoreOf, stations: readonly Row[], fetchedAtMs: number): Promise<void> {
  for (const name of NAMES) {
    const store = storeOf(METADATA_PATHS[name]);
    const table = fetchedAtMs === 0
      ? await createTable(store, { schema: METADATA_SCHEMAS[name] }, testContext())
      : await openTable(store, testContext());
    await keepRows(table, name === "stations" ? stations : SIMULATED_ROWS[name], {
      source: "test",
      fetchedAtMs,
    });
  }
}

async function standardVersion(storeOf: StoreOf): Promise<number> {
  return (await openTable(storeOf(TABLE_PATHS.standard), testContext())).snapshot.version;
}

Deno.test("rules on metadata are skipped without it, counted by the next run with it, and again only when the lists change", async () => {
  await using broker = await brokerWith(makeRound(12, 3, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  let startMs = FIRST_ROUND_MS;
  const process = async () => {
    const { run } = await runProcess({ broker, storeOf, withMetadata: true, startMs: startMs += 3_600_000 });
    assert(run !== null);
    assertEquals(await readNewestRun(await openTable(storeOf(TABLE_PATHS.runs), testContext())), run);
    return run;
  };
  const before = await process();
  assertEquals(Object.keys(before.uncounted).sort(), ON_METADATA);
  const { rules, passed } = evaluateRun(before);
  assertEquals(rules.filter(({ outcome }) => outcome === "skipped").map(({ id }) => id).sort(), ON_METADATA);
  assert(passed);
  await fetchOnce(storeOf, SIMULATED_ROWS.stations, 0);
  const counted = await process();
  assertEquals([counted.uncounted, counted.ruleSet], [{}, SIMULATED_COUNTER.ruleSet]);
  assertEquals([counted.anomalies.station_unknown, counted.anomalies.leg_without_time], [0, 0]);
  assert((counted.ruleUnits.leg_too_fast ?? 0) > 0);
  const version = await standardVersion(storeOf);
  await fetchOnce(storeOf, SIMULATED_ROWS.stations, 86_400_000);
  assertEquals((await process()).anomalies, counted.anomalies);
  assertEquals(await standardVersion(storeOf), version);
  await fetchOnce(
    storeOf,
    SIMULATED_ROWS.stations.filter((row) => row.stationShortCode !== "HKI"),
    2 * 86_400_000,
  );
  const changed = await process();
  assert((changed.anomalies.station_unknown ?? 0) > 0);
  assertEquals(await standardVersion(storeOf), version + 1);
  assertEquals(changed.ruleSet, counted.ruleSet);
  const explanation = await lookCloser({ explain: "v3", diff: false }, {
    storeOf,
    format: "text",
    ...testContext(),
  });
  assertMatch(explanation ?? "", new RegExp(`now +${changed.anomalies.station_unknown} of [\\d,]+ rows`));
  assertMatch(explanation ?? "", /^2025-02-17 .* HKI +dep/m);
});

Deno.test("metadata that cannot be read stops no run: the rules that need it say why, the others count", async () => {
  await using broker = await brokerWith(makeRound(3, 3, FIRST_ROUND_MS));
  const storeOf = memoryFolder();
  await fetchOnce(storeOf, SIMULATED_ROWS.stations, 0);
  await storeOf(METADATA_PATHS.causes).put("_delta_log/00000000000000000002.json", new Uint8Array(3));
  const { run } = await runProcess({ broker, storeOf, withMetadata: true });
  assertEquals(Object.keys(run?.uncounted ?? {}), ["V5"]);
  assertEquals(run?.uncounted.V5?.reason.startsWith("standard_zone/causes cannot be read: "), true);
  assertEquals(run?.anomalies.station_unknown, 0);
});
