/** Every rule on rows, and the figures of the traffic, beside a calculation of its own in Python polars: on the recording, and on simulated days. */
import { assert, assertEquals } from "@std/assert";
import { RULES } from "../../lib/quality/rules.ts";
import { binStart } from "../../lib/quality/traffic/delay_bins.ts";
import { trafficFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
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
};

testUnless(noRecording, {
  name: "the rules on rows find in the recording what Python polars finds, and no error",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await folder.print("replay", ["--fetched-at", RECORDING.fetchedAt, RECORDING.path]);
    await folder.print("process", []);
    const { anomalies, units, traffic } = await assertAgreed(folder);
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
    const broken = Object.values(anomalies).filter((count) => count > 0).length;
    assert(broken > 14, `${broken} rules are broken`);
  },
});

interface Counted {
  readonly anomalies: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, number>> | null;
  readonly traffic: Readonly<Record<string, number>>;
}

/** What Python counts of a kind of train. */
interface Theirs
  extends Readonly<Record<"arrived" | "onTime" | "cancelled" | "partlyCancelled" | "unfinished", number>> {
  readonly median: number | null;
  readonly p90: number | null;
  readonly causes: Readonly<Record<string, number>>;
}

async function assertAgreed(folder: PipelineFolder): Promise<Counted> {
  const { stdout } = await folder.run("report", ["--json"]);
  const { run }: { readonly run: Counted } = JSON.parse(stdout);
  const theirs = await runPython<Readonly<Record<string, number>>>("count_rules.py", [folder.path]);
  const ours = Object.fromEntries(
    RULES.flatMap(({ count }) =>
      count.from === "rows" ? [[count.anomaly, run.anomalies[count.anomaly]]] : []
    ),
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
  };
  const way = ways[number % 17];
  const timeTableRows = way === undefined ? rows : rows.map((row, i) => i === at ? way(row) : row);
  if (number % 17 === 11) return { ...train, timeTableRows: rows.slice(0, -1) };
  if (number % 17 === 12) return { ...train, trainCategory: "", runningCurrently: !train.runningCurrently };
  if (number % 17 === 13) return { ...train, cancelled: true };
  return { ...train, timeTableRows };
}
