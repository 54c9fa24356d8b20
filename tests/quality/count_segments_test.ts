/** Segments: what is counted of each is what would be counted of its trains alone. */
import { assert, assertEquals } from "@std/assert";
import {
  appendFile,
  columnsOfFrame,
  createTable,
  type DeltaTable,
  frameOfColumns,
  MemoryStore,
} from "../../lib/delta/mod.ts";
import { countSegments, type SegmentBy } from "../../lib/quality/count_segments.ts";
import { findFailures } from "../../lib/quality/find_failures.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { countTraffic } from "../../lib/quality/traffic/count_traffic.ts";
import { jointFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import { TrainRows } from "../../lib/tables/rows/train_rows.ts";
import { RULES } from "../../lib/quality/rules.ts";
import type { Rule } from "../../lib/quality/rules/rule.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { testContext } from "../delta/test_context.ts";
import { brokenRules, rowsOfTrains } from "./count_trains.ts";
import { SIMULATED_COUNTER } from "./simulated_counter.ts";

const AT = Date.parse("2025-02-17T11:00:00Z");

type SimulatedTrain = ReturnType<typeof simulateTrains> extends Generator<infer Train> ? Train : never;

/** Trains of several dates with something wrong here and there. */
function someTrains(): readonly SimulatedTrain[] {
  const random = seededRandom(5);
  return [...simulateTrains({ seed: 3, trains: 240, trainsPerDay: 80, atMs: AT })].map((train) => ({
    ...train,
    operatorShortCode: random() < 0.3 ? "other" : train.operatorShortCode,
    timeTableRows: train.timeTableRows.map((row) => ({
      ...row,
      ...(random() < 0.02 ? { actualTime: undefined } : {}),
      ...(random() < 0.02 ? { differenceInMinutes: 99 } : {}),
      ...(random() < 0.02 ? { stationUICCode: 0 } : {}),
    })),
  }));
}

async function tableOf(trains: readonly SimulatedTrain[]): Promise<DeltaTable> {
  const definition = { schema: STANDARD_SCHEMA, partitionColumns: [STANDARD_PARTITION] };
  const table = await createTable(new MemoryStore(), definition, testContext());
  for (const [date, some] of Map.groupBy(trains, ({ departureDate }) => departureDate)) {
    const columns = await rowsOfTrains(some, AT);
    const add = await table.stageColumns(columns, { partitionValues: { [STANDARD_PARTITION]: date } });
    await appendFile(table, add, { rows: some.reduce((sum, train) => sum + train.timeTableRows.length, 0) });
  }
  return table;
}

async function segmentsOf(trains: readonly SimulatedTrain[], by: SegmentBy) {
  const table = await tableOf(trains);
  return (await countSegments(table, { by, rules: RULES, counter: SIMULATED_COUNTER })).segments;
}

const OF_TRAINS: Readonly<Record<Exclude<SegmentBy, "station">, (train: SimulatedTrain) => string>> = {
  trainCategory: (train) => train.trainCategory ?? "",
  operator: (train) => train.operatorShortCode,
  departureDate: (train) => train.departureDate,
  commuterLineID: (train) => train.commuterLineID ?? "",
};

for (const [by, valueOf] of Object.entries(OF_TRAINS)) {
  Deno.test(`by ${by} each segment has what its trains alone would have`, async () => {
    const trains = someTrains();
    const found = await segmentsOf(trains, by as SegmentBy);
    const groups = Map.groupBy(trains, valueOf);
    assertEquals(found.map(({ value }) => value).sort(), [...groups.keys()].sort());
    for (const { value, units, failures } of found) {
      let sums: Record<string, number> = {}, counts = { rows: 0, trains: 0, stops: 0 };
      // The counter counts a date at a time.
      for (
        const some of Map.groupBy(groups.get(value) ?? [], ({ departureDate }) => departureDate).values()
      ) {
        const columns = await rowsOfTrains(some, AT);
        const { rows = 0, trains = 0, stops = 0 } = SIMULATED_COUNTER.countColumns(columns);
        counts = { rows: counts.rows + rows, trains: counts.trains + trains, stops: counts.stops + stops };
        for (const [id, count] of Object.entries(brokenRules(columns))) {
          sums = { ...sums, [id]: (sums[id] ?? 0) + count };
        }
      }
      assertEquals(units, { row: counts.rows, train: counts.trains, stop: counts.stops });
      assertEquals(
        Object.fromEntries(Object.entries(failures).filter(([, count]) => count > 0)),
        sums,
      );
    }
  });
}

Deno.test("by station rows and stops are told apart, trains are not, and nothing is lost", async () => {
  const trains = someTrains();
  const found = await segmentsOf(trains, "station");
  const stations = new Set(trains.flatMap((train) => train.timeTableRows.map((row) => row.stationShortCode)));
  assertEquals(new Set(found.map(({ value }) => value)), stations);
  const whole = brokenRules(await rowsOfTrains(trains, AT));
  for (const { id, count, grain } of RULES) {
    if (count.from !== "rows") continue;
    const sum = found.reduce((total, { failures }) => total + (failures[id] ?? 0), 0);
    assertEquals([id, sum], [id, grain === "train" ? 0 : whole[id] ?? 0]);
  }
});

Deno.test("a table without rows has no segments", async () => {
  assertEquals(await segmentsOf([], "operator"), []);
});

Deno.test("a rule that throws on one date is counted in no segment, and told; so is one that is skipped", async () => {
  const table = await tableOf(someTrains());
  let calls = 0;
  const rules = RULES.map((rule): Rule =>
    rule.id !== "C6" || rule.count.from !== "rows" ? rule : {
      ...rule,
      count: {
        ...rule.count,
        breaks: (rows) => {
          if (++calls > 1) throw new Error("no more");
          return new Uint8Array(rows.rows).fill(1);
        },
      },
    }
  );
  const { segments, uncounted } = await countSegments(table, {
    by: "operator",
    rules,
    counter: STANDARD_COUNTER,
  });
  assertEquals(calls, 2);
  assertEquals(Object.keys(uncounted).sort(), ["C15", "C16", "C6", "V3", "V4", "V5"]);
  assertEquals(uncounted.C6, "no more");
  for (const { failures, ruleUnits } of segments) {
    assertEquals(Object.keys({ ...failures, ...ruleUnits }).filter((id) => id in uncounted), []);
    assertEquals("C2" in failures, true);
  }
});

Deno.test("with the columns that a rule names, its stations have what they have with all columns", async () => {
  const table = await tableOf(someTrains());
  const counter = SIMULATED_COUNTER;
  const whole = await countSegments(table, { by: "station", rules: RULES, counter });
  const worst = RULES.filter(({ worst }) => worst !== undefined);
  assertEquals(worst.map(({ id }) => id).sort(), ["A3", "M2"]);
  for (const rule of worst) {
    const { segments } = await countSegments(table, { by: "station", rules: [rule], counter, ...rule.worst });
    const numbers = (all: typeof segments) =>
      all.map(({ value, failures, ruleUnits }) => [value, failures[rule.id], ruleUnits[rule.id]]);
    assertEquals(numbers(segments), numbers(whole.segments));
  }
});

Deno.test("what became of the trains is told apart too, by station of those that end there, and no train is lost", async () => {
  const trains = someTrains();
  const table = await tableOf(trains);
  const whole: Record<string, number> = {};
  for (const some of Map.groupBy(trains, ({ departureDate }) => departureDate).values()) {
    const counts = countTraffic(new TrainRows(await rowsOfTrains(some, AT)));
    for (const [name, count] of Object.entries(counts)) whole[name] = (whole[name] ?? 0) + count;
  }
  const { trains: all, arrived, onTime, causes } = jointFigures(whole);
  assert(onTime > 0 && arrived > onTime && Object.keys(causes).length > 3);
  for (const by of ["operator", "station", "commuterLineID"] as const) {
    const found = (await countSegments(table, { by, rules: [], counter: SIMULATED_COUNTER })).segments
      .map(({ traffic }) => traffic);
    const sum = (of: (figures: typeof found[number]) => number) =>
      found.reduce((total, figures) => total + of(figures), 0);
    assertEquals(
      [sum((each) => each.trains), sum((each) => each.arrived), sum((each) => each.onTime)],
      [all, arrived, onTime],
    );
    assertEquals(sum((each) => each.causes.E ?? 0), causes.E);
  }
  const [ends] = Map.groupBy(trains, ({ timeTableRows }) => timeTableRows.at(-1)?.stationShortCode).entries()
    .toArray().map(([station, some]) => ({
      station,
      some: some.filter(({ trainCategory }) => isCounted(trainCategory)),
    }))
    .sort((a, b) => b.some.length - a.some.length);
  const options = { by: "station", rules: [], counter: SIMULATED_COUNTER } as const;
  const there = (await countSegments(table, options)).segments.find(({ value }) => value === ends?.station);
  assertEquals(there?.traffic.trains, ends?.some.length);
});

function isCounted(category: string | null | undefined): boolean {
  return ["Long-distance", "Commuter", "Cargo"].includes(category ?? "");
}

Deno.test("where another engine has rearranged the rows of a file, rows that break a rule and segments are the same", async () => {
  const trains = someTrains().slice(0, 60);
  const asWritten = await tableOf(trains);
  const rearranged = await createTable(new MemoryStore(), {
    schema: STANDARD_SCHEMA,
    partitionColumns: [STANDARD_PARTITION],
  }, testContext());
  for (const add of asWritten.snapshot.files.values()) {
    const { fields } = STANDARD_SCHEMA;
    const columns = await asWritten.readColumns(add) ?? {};
    const inFile = fields.filter(({ name }) => name !== STANDARD_PARTITION);
    const sorted = columnsOfFrame(frameOfColumns(columns, inFile).sort(["stationShortCode"]), inFile);
    const { partitionValues } = add;
    await appendFile(rearranged, await rearranged.stageColumns(sorted, { partitionValues }), { rows: 1 });
  }
  const counter = SIMULATED_COUNTER;
  const byOperator = async (table: DeltaTable) =>
    (await countSegments(table, { by: "operator", rules: RULES, counter })).segments.toSorted((a, b) =>
      a.value < b.value ? -1 : 1
    );
  assertEquals(await byOperator(rearranged), await byOperator(asWritten));
  for (const { id, count } of RULES) {
    if (count.from !== "rows" || !["C4", "C6", "M2"].includes(id)) continue;
    const found = async (table: DeltaTable) =>
      new Set((await findFailures(table, count, { counter, limit: 1e6 })).map((row) => JSON.stringify(row)));
    assertEquals(await found(rearranged), await found(asWritten), count.anomaly);
  }
});
