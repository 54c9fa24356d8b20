/** Every rule on rows, and the figures of the traffic, beside a calculation of its own in Python polars: on the recording, and on simulated days. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTable, LocalStore, type Row } from "../../lib/delta/mod.ts";
import { keepRows } from "../../lib/metadata/keep_rows.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { binStart } from "../../lib/quality/traffic/delay_bins.ts";
import { trafficFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { METADATA_SCHEMAS } from "../../lib/tables/metadata_schemas.ts";
import { METADATA_PATHS, type MetadataName } from "../../lib/tables/table_paths.ts";
import { testContext } from "../delta/test_context.ts";
import { SIMULATED_ROWS } from "../quality/simulated_counter.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { RECORDING, whyNoSharedData } from "./shared_data.ts";
import { testUnless } from "./test_unless.ts";

const noPython = await whyNoPython(["deltalake", "polars"]);
const noRecording = noPython ?? await whyNoSharedData();

/** Rows or trains of the recording that break a rule; all other rules on rows hold. */
const RECORDED = {
  delay_implausible: 17,
  actualTime_out_of_order: 7,
  estimate_out_of_order: 7,
  stop_backwards: 5,
  passed_stop_without_actualTime: 28,
  // Against a list of stations that is some years older; the trains of the day had no others in other lists.
  station_unknown: 341,
  leg_too_fast: 0,
  leg_without_time: 1,
  train_unlisted: 0,
  cause_unknown: 0,
  actualTime_on_whole_minute: 160,
};
/** Legs of more than 2 km between stations that the list has, those that were not cancelled. */
const RECORDED_LEGS = 7303;

testUnless(noRecording, {
  name: "the rules on rows find in the recording what Python polars finds, and no error",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await fillMetadata(folder, JSON.parse(await Deno.readTextFile(RECORDING.stations)));
    await folder.print("replay", ["--fetched-at", RECORDING.fetchedAt, RECORDING.path]);
    await folder.print("process", []);
    const { anomalies, units, ruleUnits, traffic } = await assertAgreed(folder);
    assertEquals(ruleUnits.leg_too_fast, RECORDED_LEGS);
    assertEquals(await unknownStations(folder), [494, 11]);
    assertMatch((await folder.run("report", ["--explain", "M2"])).stdout, /^HVK +39 +84 +46\.4%$/m);
    assertEquals(units?.trains, RECORDING.trains);
    assertEquals(trafficFigures(traffic).map(({ kind, arrived, trains }) => [kind, arrived, trains]), [
      ["longDistance", 4, 89],
      ["commuterAIKP", 17, 178],
      ["commuter", 22, 128],
      ["freight", 33, 131],
    ]);
    for (const [name, count] of Object.entries(RECORDED)) {
      assertEquals([name, anomalies[name]], [name, count]);
    }
    const errors = RULES.filter(({ severity }) => severity === "E");
    for (const { count } of errors) if (count.from === "rows") assertEquals(anomalies[count.anomaly], 0);
  },
});

testUnless(noPython, {
  name: "the rules on rows find in a week of trains, spoiled at random, what Python polars finds",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await fillMetadata(folder, SIMULATED_ROWS.stations);
    for (const day of [0, 1, 2, 3, 4, 5, 6]) {
      const atMs = Date.parse("2025-03-28T13:07:00Z") + day * 86_400_000;
      const trains = [...simulateTrains({ seed: day, trains: 120, atMs })].map((train, i) =>
        spoil(train, day * 1000 + i)
      );
      const file = `${folder.path}/trains.ndjson`;
      await Deno.writeTextFile(file, trains.map((train) => JSON.stringify(train)).join("\n"));
      await folder.print("replay", ["--fetched-at", new Date(atMs).toISOString(), file]);
    }
    await folder.print("process", []);
    const { anomalies } = await assertAgreed(folder);
    for (
      const name of ["station_unknown", "train_unlisted", "cause_unknown", "leg_too_fast", "leg_without_time"]
    ) {
      assert((anomalies[name] ?? 0) > 0, name);
    }
    const broken = Object.values(anomalies).filter((count) => count > 0).length;
    assert(broken > 14, `${broken} rules are broken`);
  },
});

interface Counted {
  readonly anomalies: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, number>> | null;
  readonly ruleUnits: Readonly<Record<string, number>>;
  readonly traffic: Readonly<Record<string, number>>;
}

/** What Python counts of a kind of train. */
interface Theirs
  extends Readonly<Record<"arrived" | "onTime" | "cancelled" | "partlyCancelled" | "unfinished", number>> {
  readonly median: number | null;
  readonly p90: number | null;
  readonly causes: Readonly<Record<string, number>>;
}

/** The tables of the metadata as a fetch leaves them, without one. */
async function fillMetadata(folder: PipelineFolder, stations: readonly Row[]): Promise<void> {
  for (const [name, path] of Object.entries(METADATA_PATHS)) {
    const store = new LocalStore(`${folder.path}/${path}`);
    const table = await createTable(store, { schema: METADATA_SCHEMAS[name as MetadataName] }, testContext());
    const rows = name === "stations" ? stations : SIMULATED_ROWS[name as MetadataName];
    await keepRows(table, rows, { source: "test", fetchedAtMs: 0 });
  }
}

/** How many stations the trains have, and how many of these break V3. */
async function unknownStations(folder: PipelineFolder): Promise<readonly [all: number, unknown: number]> {
  const { stdout } = await folder.run("report", ["--by", "station", "--json"]);
  const { segments }: {
    readonly segments: readonly { readonly failures: Readonly<Record<string, number>> }[];
  } = JSON
    .parse(stdout);
  return [segments.length, segments.filter(({ failures }) => (failures.V3 ?? 0) > 0).length];
}

async function assertAgreed(folder: PipelineFolder): Promise<Counted> {
  const { stdout } = await folder.run("report", ["--json"]);
  const { run }: { readonly run: Counted } = JSON.parse(stdout);
  const theirs = await runPython<Readonly<Record<string, number>>>("count_rules.py", [folder.path]);
  const ours = Object.fromEntries(
    RULES.flatMap(({ count }) => {
      if (count.from !== "rows") return [];
      const { anomaly, units } = count;
      const own = units === undefined ? [] : [[`units.${anomaly}`, run.ruleUnits[anomaly]] as const];
      return [[anomaly, run.anomalies[anomaly]] as const, ...own];
    }),
  );
  const { trains, stops, ...rules } = theirs;
  assertEquals(ours, rules);
  assertEquals([run.units?.trains, run.units?.stops], [trains, stops]);
  await assertSameTraffic(folder, run);
  return run;
}

/** Counts are the same; a quantile is in the bin of the true one. */
async function assertSameTraffic(folder: PipelineFolder, { traffic }: Counted): Promise<void> {
  const theirs = await runPython<Readonly<Record<string, Theirs>>>("count_traffic.py", [folder.path]);
  const ours = Object.fromEntries(
    trafficFigures(traffic).map(({ kind, medianSeconds, p90Seconds, ...figures }) => {
      const { arrived, onTime, cancelled, partlyCancelled, unfinished, causes } = figures;
      const quantile = (seconds: number | null, truth: number | null | undefined) => {
        const bin = figures.delays.find(({ from }) => from === binStart(truth ?? NaN));
        const isNear = seconds !== null && bin !== undefined && bin.from <= seconds &&
          seconds <= (bin.to ?? Infinity);
        return isNear ? truth : seconds;
      };
      return [kind, {
        ...{ arrived, onTime, cancelled, partlyCancelled, unfinished, causes },
        median: quantile(medianSeconds, theirs[kind]?.median),
        p90: quantile(p90Seconds, theirs[kind]?.p90),
      }];
    }),
  );
  assertEquals(ours, theirs);
}

type SimulatedTrain = ReturnType<typeof simulateTrains> extends Generator<infer Train> ? Train : never;

/** Some trains with something wrong in one row, or with a row less, or as a whole; by their number. */
function spoil(train: SimulatedTrain, number: number): unknown {
  const rows = train.timeTableRows;
  const at = number * 7 % rows.length;
  const shifted =
    (name: "scheduledTime" | "actualTime" | "liveEstimateTime", minutes: number) =>
    (row: typeof rows[number]) => {
      const time = row[name];
      return time === undefined || time === null
        ? row
        : { ...row, [name]: new Date(Date.parse(time) + minutes * 60_000).toISOString() };
    };
  const ways: Readonly<Record<number, (row: typeof rows[number]) => unknown>> = {
    0: shifted("scheduledTime", -45),
    1: shifted("actualTime", -50),
    2: shifted("liveEstimateTime", -30),
    3: shifted("actualTime", 800),
    4: (row) => ({ ...row, cancelled: true }),
    5: (row) => ({ ...row, differenceInMinutes: 9 }),
    6: (row) => ({ ...row, actualTime: undefined }),
    7: (row) => ({ ...row, commercialStop: undefined }),
    8: (row) => ({ ...row, stationUICCode: 0 }),
    9: (row) => ({ ...row, stationShortCode: "XXX" }),
    10: (row) => ({ ...row, liveEstimateTime: undefined }),
    14: (row) => ({ ...row, stationUICCode: row.stationUICCode + 1 }),
    15: (row) => ({ ...row, causes: [...row.causes ?? [], { categoryCode: "Z", categoryCodeId: 5 }] }),
  };
  const way = ways[number % 17];
  const timeTableRows = way === undefined ? rows : rows.map((row, i) => i === at ? way(row) : row);
  if (number % 17 === 11) return { ...train, timeTableRows: rows.slice(0, -1) };
  if (number % 17 === 12) return { ...train, trainCategory: "", runningCurrently: !train.runningCurrently };
  if (number % 17 === 13) return { ...train, cancelled: true };
  if (number % 17 === 16) return { ...train, trainType: "XX", timeTableRows: squeezed(rows) };
  return { ...train, timeTableRows };
}

/** Every second row at the minute of the row before, or a second after it. */
function squeezed(rows: SimulatedTrain["timeTableRows"]): readonly unknown[] {
  return rows.map((row, i) => {
    const { actualTime } = rows[i - 1] ?? {};
    if (i % 2 === 0 || actualTime === undefined || actualTime === null) return row;
    return { ...row, actualTime: new Date(Date.parse(actualTime) + (i % 4 === 1 ? 0 : 1000)).toISOString() };
  });
}
