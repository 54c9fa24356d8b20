/** Segments: what is counted of each is what would be counted of its trains alone. */
import { assert, assertEquals } from "@std/assert";
import { appendFile, createTable, type DeltaTable, MemoryStore } from "../../lib/delta/mod.ts";
import { countSegments, type SegmentBy } from "../../lib/quality/count_segments.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { countTraffic } from "../../lib/quality/traffic/count_traffic.ts";
import { jointFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import { TrainRows } from "../../lib/quality/train_rows.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { testContext } from "../delta/test_context.ts";
import { brokenRules, rowsOfTrains } from "./count_trains.ts";

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

const OF_TRAINS: Readonly<Record<Exclude<SegmentBy, "station">, (train: SimulatedTrain) => string>> = {
  trainCategory: (train) => train.trainCategory ?? "",
  operator: (train) => train.operatorShortCode,
  departureDate: (train) => train.departureDate,
  commuterLineID: (train) => train.commuterLineID ?? "",
};

for (const [by, valueOf] of Object.entries(OF_TRAINS)) {
  Deno.test(`by ${by} each segment has what its trains alone would have`, async () => {
    const trains = someTrains();
    const found = await countSegments(await tableOf(trains), by as SegmentBy);
    const groups = Map.groupBy(trains, valueOf);
    assertEquals(found.map(({ value }) => value).sort(), [...groups.keys()].sort());
    for (const { value, units, failures } of found) {
      let sums: Record<string, number> = {}, counts = { rows: 0, trains: 0, stops: 0 };
      // The counter counts a date at a time.
      for (
        const some of Map.groupBy(groups.get(value) ?? [], ({ departureDate }) => departureDate).values()
      ) {
        const columns = await rowsOfTrains(some, AT);
        const { rows = 0, trains = 0, stops = 0 } = STANDARD_COUNTER.countColumns(columns);
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
  const found = await countSegments(await tableOf(trains), "station");
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
  assertEquals(await countSegments(await tableOf([]), "operator"), []);
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
    const found = (await countSegments(table, by)).map(({ traffic }) => traffic);
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
  const there = (await countSegments(table, "station")).find(({ value }) => value === ends?.station);
  assertEquals(there?.traffic.trains, ends?.some.length);
});

function isCounted(category: string | null | undefined): boolean {
  return ["Long-distance", "Commuter", "Cargo"].includes(category ?? "");
}
