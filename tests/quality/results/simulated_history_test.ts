/** Fifty days of the simulator, a run after each: what is unusual is found where it is, and nowhere else. */
import { assertEquals } from "@std/assert";
import { evaluateRuns } from "../../../lib/quality/results/past_runs.ts";
import { addTrain } from "../../../lib/quality/traffic/count_traffic.ts";
import { kindOf } from "../../../lib/tables/rows/train_kinds.ts";
import type { SimulatedTrain } from "../../../lib/simulator/observe_train.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import type { RunRecord } from "../../../lib/tables/run_record.ts";
import { makeReport } from "../../report/made_up_report.ts";

const RUN = makeReport().run;
const DAYS = 50;
const DAY_MS = 86_400_000;
/** A Monday, in the last hours of a day in Finland. */
const FIRST_MS = Date.parse("2025-01-06T21:30:00Z");
const HALVED = 31, DOUBLED = 40;
const HISTORY_RULES = ["O1b", "O1c", "O1d", "O2"];

/** The trains of a day as the API would have them, but for what is wrong with it. */
function trainsOf(day: number): readonly SimulatedTrain[] {
  const atMs = FIRST_MS + day * DAY_MS;
  const trains = [...simulateTrains({ seed: 7, trains: 200, trainsPerDay: 200, atMs })];
  if (day === HALVED) return trains.filter((_, at) => at % 2 === 0);
  return day === DOUBLED ? trains.map(twiceAsLate) : trains;
}

function twiceAsLate(train: SimulatedTrain): SimulatedTrain {
  const timeTableRows = train.timeTableRows.map((row) => {
    if (row.actualTime == null) return row;
    const actual = Date.parse(row.actualTime), late = actual - Date.parse(row.scheduledTime);
    return { ...row, actualTime: new Date(actual + late).toISOString() };
  });
  return { ...train, timeTableRows };
}

/** Adds what the standard table would have more of. */
function addDay(run: RunRecord, trains: readonly SimulatedTrain[], day: number): RunRecord {
  const { account } = run;
  const traffic: Record<string, number> = { ...run.traffic };
  const trainsByCategory: Record<string, number> = { ...run.trainsByCategory };
  let rowsAdded = account.rowsAdded;
  for (const { trainCategory, commuterLineID, cancelled, timeTableRows } of trains) {
    const category = trainCategory ?? "";
    rowsAdded += timeTableRows.length;
    trainsByCategory[category] = (trainsByCategory[category] ?? 0) + 1;
    const kind = kindOf(category, commuterLineID ?? undefined), last = timeTableRows.at(-1);
    if (kind === null || cancelled || last?.actualTime == null) continue;
    const delaySeconds = (Date.parse(last.actualTime) - Date.parse(last.scheduledTime)) / 1000;
    addTrain(traffic, { kind, from: 0, to: 0, fate: "arrived", delaySeconds, isOnTime: false, causes: [] });
  }
  const landed = account.landed + trains.length;
  return {
    ...run,
    ...{ runId: `run-${day}`, generatedAt: new Date(FIRST_MS + day * DAY_MS), traffic, trainsByCategory },
    account: { ...account, landed, accepted: account.accepted + trains.length, rowsAdded },
  };
}

function simulateRuns(): readonly RunRecord[] {
  let run: RunRecord = { ...RUN, traffic: {}, trainsByCategory: {} };
  return Array.from({ length: DAYS }, (_, day) => run = addDay(run, trainsOf(day), day));
}

Deno.test("of fifty days the one with half of the trains and the one with twice the delays are unusual, and no other", () => {
  const evaluated = evaluateRuns(simulateRuns(), { shown: DAYS, policy: new Map() });
  const found = (outcome: string) =>
    Object.fromEntries(HISTORY_RULES.map((id) => [
      id,
      evaluated.flatMap(({ verdict }, day) =>
        verdict.rules.some((rule) => rule.id === id && rule.outcome === outcome) ? [day] : []
      ),
    ]));
  assertEquals({ ...found("look"), O2: found("note").O2 }, {
    O1b: [HALVED],
    O1c: [],
    O1d: [DOUBLED],
    O2: [],
  });
  assertEquals(
    found("learning"),
    Object.fromEntries(HISTORY_RULES.map((id) => [id, [0, 1, 2, 3, 4, 5, 6, 7]])),
  );
});
