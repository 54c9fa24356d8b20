/**
 * The analysis tables, and the answers that are worked out of them, beside a calculation of its own in Python polars, row
 * by row: the recording, and a simulated week.
 */
import { assert, assertEquals } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { trainMessage } from "../pipeline/made_up_log.ts";
import { agreedFigures } from "./agreed_answers.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { RECORDING, whyNoSharedData } from "./shared_data.ts";
import { testUnless } from "./test_unless.ts";

const noPython = await whyNoPython(["deltalake", "polars"]);
const noRecording = noPython ?? await whyNoSharedData();

interface Compared {
  readonly rows: number;
  readonly theirs: number;
  readonly onlyOurs: readonly string[];
  readonly onlyTheirs: readonly string[];
}

testUnless(noRecording, {
  name: "of the recording the analysis tables say what Python polars makes of the standard table",
  fn: async () => {
    await using folder = await makePipelineFolder();
    await folder.print("replay", ["--fetched-at", RECORDING.fetchedAt, RECORDING.path]);
    await folder.print("process", []);
    assertEquals(await agreedRows(folder), {
      train_runs: RECORDING.trains,
      leg_delays: 13_388,
      station_days: 613,
    });
    const figures = await agreedFigures(folder, 9);
    assert(figures > 20_000, `${figures} figures`);
  },
});

testUnless(noPython, {
  name:
    "so they do of a week of trains over a clock change, re-timed, cut short, cancelled, deleted and sent again",
  fn: async () => {
    await using folder = await makePipelineFolder();
    const random = seededRandom(2);
    for (const hours of [0, 3, 24, 27, 48, 72, 96, 120, 144]) {
      const atMs = Date.parse("2025-03-28T13:07:00Z") + hours * 3_600_000;
      const trains = [...simulateTrains({ seed: 3, trains: 150, atMs })].map((train, at) =>
        spoil(train, at, random)
      );
      const file = `${folder.path}/trains.ndjson`;
      await Deno.writeTextFile(file, trains.map((train) => JSON.stringify(train)).join("\n"));
      await folder.print("replay", ["--fetched-at", new Date(atMs).toISOString(), file]);
      if (hours % 48 === 0) await folder.print("process", ["--max-batch-mb", "1"]);
    }
    // In the end the source is set up anew.
    const atMs = Date.parse("2025-04-03T14:07:00Z");
    const anew = [...simulateTrains({ seed: 3, trains: 150, atMs })].slice(0, 60).map((train, at) =>
      trainMessage({ ...train, version: at }, atMs, { sourceEpoch: 1 })
    );
    {
      await using broker = await openEmbeddedBroker({ path: `${folder.path}/broker.db`, clock: () => atMs });
      await broker.publish("digitraffic_live_trains", anew);
    }
    await folder.print("process", []);
    const rows = await agreedRows(folder);
    const days = await folder.rows("station_days");
    const changed = days.filter(({ trackChangedArrivals }) => Number(trackChangedArrivals) > 0);
    assert(changed.length > 10, `${changed.length} station days`);
    assert((rows.train_runs ?? 0) > 300 && (rows.station_days ?? 0) > 300, JSON.stringify(rows));
    const kept = await folder.print("analyse", ["--rebuild", "--json"]);
    assertEquals(JSON.parse(kept).rows, rows);
    assertEquals(await agreedRows(folder), rows);
    const figures = await agreedFigures(folder, 4);
    assert(figures > 10_000, `${figures} figures`);
  },
});

async function agreedRows(folder: PipelineFolder): Promise<Readonly<Record<string, number>>> {
  const found = await runPython<Readonly<Record<string, Compared>>>("analyse_trains.py", [folder.path]);
  for (const [table, { rows, theirs, onlyOurs, onlyTheirs }] of Object.entries(found)) {
    assertEquals({ table, onlyOurs, onlyTheirs, theirs }, {
      table,
      onlyOurs: [],
      onlyTheirs: [],
      theirs: rows,
    });
  }
  return Object.fromEntries(Object.entries(found).map(([table, { rows }]) => [table, rows]));
}

type SimulatedTrain = ReturnType<typeof simulateTrains> extends Generator<infer Train> ? Train : never;

/** What the simulator does not do, to some trains. */
function spoil(train: SimulatedTrain, at: number, random: () => number): unknown {
  const cut = at % 7 === 0 ? 3 + Math.floor(random() * train.timeTableRows.length) : Infinity;
  const shiftMs = at % 5 === 0 ? Math.floor(random() * 4000) * 1000 : 0;
  return {
    ...train,
    ...(at % 11 === 0 ? { cancelled: true } : {}),
    ...(at % 13 === 0 ? { deleted: true } : {}),
    timeTableRows: train.timeTableRows.map((row, place) => ({
      ...row,
      scheduledTime: new Date(Date.parse(row.scheduledTime) + shiftMs).toISOString(),
      ...(place >= cut ? { cancelled: true } : {}),
      ...(random() < 0.05 ? { commercialTrack: at % 2 === 0 ? "17" : "" } : {}),
      ...(random() < 0.02 ? { actualTime: undefined } : {}),
      ...(random() < 0.05 ? { causes: [{ categoryCode: "L" }, { categoryCode: "A" }] } : {}),
    })),
  };
}
