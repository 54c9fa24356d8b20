/** Trains calculated by hand: what the three analysis tables say of each. */
import { assertEquals } from "@std/assert";
import { type DateFacts, dateFacts, joinFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { longColumn } from "../../lib/analysis/make_columns.ts";
import { frameOfColumns, frameRows, gatherColumns } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { ANALYSIS_PARTITION, ANALYSIS_SCHEMAS } from "../../lib/tables/analysis_schemas.ts";
import { type AnalysisName } from "../../lib/tables/table_paths.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";
import { analysed, type MadeRow, type MadeTrain, messageOf, workedOut, WRITTEN } from "./made_trains.ts";

const NAMES = Object.keys(ANALYSIS_SCHEMAS) as readonly AnalysisName[];

/** HKI 10:00, PSL 10:05 to 10:06, RI passed at 10:30, TPE 11:00: 20 s late, then 60, 80, 200 and 200, then 130 s. */
const PLAIN: readonly MadeRow[] = [
  ["HKI", "D", "2025-02-17T10:00:00Z", 20],
  ["PSL", "A", "2025-02-17T10:05:00Z", 60],
  ["PSL", "D", "2025-02-17T10:06:00Z", 80],
  ["RI", "A", "2025-02-17T10:30:00Z", 200, "~"],
  ["RI", "D", "2025-02-17T10:30:00Z", 200, "~"],
  ["TPE", "A", "2025-02-17T11:00:30Z", 130],
];
const train = (number: number, rows: readonly MadeRow[], fields: object = {}): MadeTrain => ({
  ...{ number, date: "2025-02-17", rows },
  ...fields,
});
const off = (rows: readonly MadeRow[], ...places: readonly number[]): readonly MadeRow[] =>
  rows.map(([station, side, time, delay, marks = ""], at) =>
    places.includes(at) ? [station, side, time, null, `${marks}-`] : [station, side, time, delay, marks]
  );
const pick = (row: object | undefined, names: string) =>
  names.split(" ").map((name) => (row as Record<string, unknown> | undefined)?.[name]);

Deno.test("a train that ran has its ends, its delays in seconds, its stops and its causes", async () => {
  const causes = { 2: ["L", "A"], 4: ["A"] };
  assertEquals(await analysed("train_runs", [train(27, PLAIN, { causes })]), [{
    ...{ trainNumber: 27, trainCategory: "Long-distance", trainType: "IC", commuterLineID: null },
    ...{ operatorShortCode: "vr", origin: "HKI", destination: "TPE" },
    ...{ plannedDeparture: "2025-02-17T10:00:00Z", actualDeparture: "2025-02-17T10:00:20Z" },
    ...{ plannedArrival: "2025-02-17T11:00:30Z", actualArrival: "2025-02-17T11:02:40Z" },
    ...{ departureDelaySeconds: 20, arrivalDelaySeconds: 130 },
    ...{ worstDelaySeconds: 200, worstDelayStation: "RI" },
    ...{ stopsPlanned: 3, stopsMade: 3, stopsSkipped: 0 },
    ...{ cancelled: false, partiallyCancelled: false, deleted: false, causeCategories: ["A", "L"] },
    ...{ lastVersion: 7, lastSeen: "2025-02-17T04:21:00Z" },
    ...{ firstVersion: 7, firstSeen: "2025-02-17T04:21:00Z", tracks: [] },
    ...{ lastSourceEpoch: null, firstSourceEpoch: null },
  }]);
});

Deno.test("its legs have running and dwell times, and the delay that each added", async () => {
  const legs = await analysed("leg_delays", [train(27, PLAIN)]);
  const head = { trainNumber: 27, trainCategory: "Long-distance", cancelled: false };
  assertEquals(
    legs,
    [
      {
        ...{
          ...head,
          leg: 1,
          fromStation: "HKI",
          toStation: "PSL",
          plannedDeparture: "2025-02-17T10:00:00Z",
        },
        ...{ plannedRunningSeconds: 300, actualRunningSeconds: 340, delayAddedSeconds: 40 },
        ...{ plannedDwellSeconds: null, actualDwellSeconds: null },
      },
      {
        ...{ ...head, leg: 2, fromStation: "PSL", toStation: "RI", plannedDeparture: "2025-02-17T10:06:00Z" },
        ...{ plannedRunningSeconds: 1440, actualRunningSeconds: 1560, delayAddedSeconds: 120 },
        ...{ plannedDwellSeconds: 60, actualDwellSeconds: 80 },
      },
      {
        ...{ ...head, leg: 3, fromStation: "RI", toStation: "TPE", plannedDeparture: "2025-02-17T10:30:00Z" },
        ...{ plannedRunningSeconds: 1830, actualRunningSeconds: 1760, delayAddedSeconds: -70 },
        ...{ plannedDwellSeconds: 0, actualDwellSeconds: 0 },
      },
    ].map((leg) => ({ ...leg })),
  );
});

Deno.test("a station's day counts what halts there, by category, and is late by the limit of the category", async () => {
  const later = PLAIN.map(([station, side, time, , marks]) => [station, side, time, 300, marks] as MadeRow);
  const commuter = { trainCategory: "Commuter" };
  const days = await analysed("station_days", [
    ...[train(1, PLAIN), train(2, later), train(3, later, commuter)],
    ...[train(4, off(PLAIN, 5)), train(5, PLAIN.map(([a, b, c, , d]) => [a, b, c, null, d] as MadeRow))],
  ]);
  assertEquals(
    days.map((day) =>
      pick(day, "stationShortCode trainCategory plannedArrivals arrivals lateArrivals cancelledArrivals")
    ),
    [
      ["HKI", "Commuter", 0, 0, 0, 0],
      ["HKI", "Long-distance", 0, 0, 0, 0],
      ["PSL", "Commuter", 1, 1, 1, 0],
      ["PSL", "Long-distance", 4, 3, 0, 0],
      ["TPE", "Commuter", 1, 1, 1, 0],
      ["TPE", "Long-distance", 4, 2, 0, 1],
    ],
  );
  assertEquals(pick(days[3], "medianArrivalDelaySeconds p95ArrivalDelaySeconds"), [60, 300]);
  assertEquals(pick(days[5], "medianArrivalDelaySeconds p95ArrivalDelaySeconds"), [130, 300]);
  assertEquals(pick(days[5], "plannedDepartures medianDepartureDelaySeconds p95DepartureDelaySeconds"), [
    0,
    null,
    null,
  ]);
  assertEquals(pick(days[1], "plannedDepartures departures medianDepartureDelaySeconds"), [4, 3, 20]);
});

Deno.test("a train over midnight belongs to the date of its departure, and both clock changes shift no second", async () => {
  const over = (
    from: string,
    to: string,
  ): readonly MadeRow[] => [["HKI", "D", from, 0], ["TPE", "A", to, 60]];
  const cases = [
    // 23:50 to 00:20 in Helsinki.
    ["2025-02-17", over("2025-02-17T21:50:00Z", "2025-02-17T22:20:00Z"), 1800],
    // 00:10 in Helsinki, the day before in UTC.
    ["2025-02-17", over("2025-02-16T22:10:00Z", "2025-02-16T22:40:00Z"), 1800],
    // 02:40 to 04:20 by the clock, which leaps from 3 to 4.
    ["2025-03-30", over("2025-03-30T00:40:00Z", "2025-03-30T01:20:00Z"), 2400],
    // 03:50 to 03:10 by the clock, which goes back from 4 to 3.
    ["2025-10-26", over("2025-10-26T00:50:00Z", "2025-10-26T01:10:00Z"), 1200],
  ] as const;
  for (const [date, rows, seconds] of cases) {
    const [leg] = await analysed("leg_delays", [train(1, rows, { date })]);
    const figures = pick(leg, "plannedRunningSeconds actualRunningSeconds delayAddedSeconds");
    assertEquals([date, ...figures], [date, seconds, seconds + 60, 60]);
  }
});

Deno.test("a train that comes by a station twice has two stops and two legs there", async () => {
  const ring: readonly MadeRow[] = [
    ["HKI", "D", "2025-02-17T10:00:00Z", 0],
    ["PSL", "A", "2025-02-17T10:05:00Z", 10],
    ["PSL", "D", "2025-02-17T10:06:00Z", 10],
    ["LEN", "A", "2025-02-17T10:20:00Z", 30],
    ["LEN", "D", "2025-02-17T10:21:00Z", 30],
    ["PSL", "A", "2025-02-17T10:40:00Z", 400],
    ["PSL", "D", "2025-02-17T10:41:00Z", 350],
    ["HKI", "A", "2025-02-17T10:46:00Z", 300],
  ];
  const [run] = await analysed("train_runs", [train(9, ring)]);
  assertEquals(
    pick(run, "origin destination stopsPlanned stopsMade worstDelaySeconds worstDelayStation"),
    ["HKI", "HKI", 5, 5, 400, "PSL"],
  );
  const legs = await analysed("leg_delays", [train(9, ring)]);
  assertEquals(legs.map((leg) => pick(leg, "leg fromStation toStation delayAddedSeconds")), [
    [1, "HKI", "PSL", 10],
    [2, "PSL", "LEN", 20],
    [3, "LEN", "PSL", 370],
    [4, "PSL", "HKI", -50],
  ]);
});

Deno.test("what is cancelled of a train has no delay and is no stop, whether at its end, its origin or all of it", async () => {
  const names =
    "cancelled partiallyCancelled stopsPlanned stopsMade stopsSkipped departureDelaySeconds arrivalDelaySeconds";
  const trains = [
    train(1, off(PLAIN, 5)),
    train(2, off(PLAIN, 0, 1)),
    train(3, off(PLAIN, 0, 1, 2, 3, 4, 5)),
    // The flag of the train says it, and a row still has its old actual time.
    train(4, PLAIN, { cancelled: true }),
    train(5, PLAIN, { deleted: true }),
  ];
  const runs = await analysed("train_runs", trains);
  assertEquals(runs.map((run) => pick(run, names)), [
    [false, true, 3, 2, 1, 20, null],
    // At PSL it departs, so it stops there.
    [false, true, 3, 2, 1, null, 130],
    [true, false, 3, 0, 3, null, null],
    [true, false, 3, 0, 3, null, null],
    [true, false, 3, 0, 3, null, null],
  ]);
  assertEquals(runs.map((run) => pick(run, "deleted actualArrival worstDelaySeconds")), [
    [false, null, 200],
    [false, "2025-02-17T11:02:40Z", 200],
    ...[[false, null, null], [false, null, null], [true, null, null]],
  ]);
  const legs = await analysed("leg_delays", trains);
  assertEquals(
    legs.map((leg) => pick(leg, "trainNumber leg cancelled actualRunningSeconds actualDwellSeconds")),
    [
      ...[[1, 1, false, 340, null], [1, 2, false, 1560, 80], [1, 3, true, null, 0]],
      ...[[2, 1, true, null, null], [2, 2, false, 1560, null], [2, 3, false, 1760, 0]],
      ...[3, 4].flatMap((number) => [1, 2, 3].map((leg) => [number, leg, true, null, null])),
    ],
  );
  // The deleted train is no part of the day.
  const days = await analysed("station_days", trains);
  assertEquals(
    days.map((day) => pick(day, "stationShortCode plannedDepartures departures cancelledDepartures")),
    [
      ["HKI", 4, 1, 3],
      ["PSL", 4, 2, 2],
      ["TPE", 0, 0, 0],
    ],
  );
});

Deno.test("a train that takes the place of a cancelled one is a train of its own", async () => {
  const [cancelled, instead] = await analysed("train_runs", [
    train(27, PLAIN, { cancelled: true }),
    train(10_027, PLAIN),
  ]);
  assertEquals(pick(cancelled, "trainNumber cancelled arrivalDelaySeconds"), [27, true, null]);
  assertEquals(pick(instead, "trainNumber cancelled arrivalDelaySeconds"), [10_027, false, 130]);
});

Deno.test("freight that is early by hours is early by seconds below zero, and estimates are no actual times", async () => {
  const early = PLAIN.map(([station, side, time, , marks]) => [station, side, time, -7201, marks] as MadeRow);
  const unseen = PLAIN.map(([station, side, time, , marks]) => [station, side, time, null, marks] as MadeRow);
  const names =
    "departureDelaySeconds arrivalDelaySeconds worstDelaySeconds worstDelayStation actualArrival stopsMade";
  const runs = await analysed("train_runs", [
    train(1, early, { trainCategory: "Cargo" }),
    train(2, unseen),
  ]);
  assertEquals(runs.map((run) => pick(run, names)), [
    [-7201, -7201, -7201, "HKI", "2025-02-17T09:00:29Z", 3],
    [null, null, null, null, null, 0],
  ]);
  const legs = await analysed("leg_delays", [train(2, unseen)]);
  assertEquals(legs.map((leg) => pick(leg, "plannedRunningSeconds actualRunningSeconds cancelled")), [
    [300, null, false],
    [1440, null, false],
    [1830, null, false],
  ]);
});

/** Comes to PSL twice; the track of each row, "" for none. */
const ring = (...tracks: readonly string[]): readonly MadeRow[] =>
  ([["HKI", "D"], ["PSL", "A"], ["PSL", "D"], ["RI", "A"], ["RI", "D"], ["PSL", "A"], ["PSL", "D"], [
    "HKI",
    "A",
  ]] as const)
    .map(([station, side], at): MadeRow => {
      const mark = tracks[at] ?? "";
      return [station, side, `2025-02-17T10:0${at}:00Z`, 0, `${station === "RI" ? "~" : ""}=${mark}`];
    });

Deno.test("a track was changed where messages have named more than one for the same visit, in whatever version", async () => {
  const now = [train(9, ring("1", "4", "4", "", "", "5", "", "9"))];
  const older = [
    // Other tracks at both ends and at the first visit; where the train passes; and one that is not named any more.
    train(9, ring("2", "5", "4", "1", "1", "5", "6", "9")),
    train(9, ring("1", "", "", "2", "1", "5", "", "09")),
    // Re-timed, and without its last row.
    train(
      9,
      ring("3", "4", "4").slice(0, 7).map(([a, b, , c, d]) =>
        [a, b, "2025-02-17T12:00:00Z", c, d] as MadeRow
      ),
    ),
  ];
  const [run] = await analysed("train_runs", now, older);
  assertEquals(run?.tracks, [
    ...["HKI ARRIVAL: 09", "HKI ARRIVAL: 9", "HKI DEPARTURE: 1", "HKI DEPARTURE: 2", "HKI DEPARTURE: 3"],
    ...["PSL ARRIVAL (2): 5", "PSL ARRIVAL: 4", "PSL ARRIVAL: 5", "PSL DEPARTURE (2): 6", "PSL DEPARTURE: 4"],
    ...["RI ARRIVAL: 1", "RI ARRIVAL: 2", "RI DEPARTURE: 1"],
  ]);
  const days = await analysed("station_days", now, older);
  const names =
    "stationShortCode plannedArrivals trackChangedArrivals plannedDepartures trackChangedDepartures";
  // "" names none, and RI has no visit.
  assertEquals(days.map((day) => pick(day, names)), [["HKI", 1, 1, 1, 1], ["PSL", 2, 1, 2, 0]]);
  const [alone] = await analysed("station_days", now);
  assertEquals(pick(alone, names), ["HKI", 1, 0, 1, 0]);
});

Deno.test("a station that is named like a row is misunderstood, and no harm is done", async () => {
  const rows = ring("1").map(([, ...rest]) => ["X ARRIVAL: 1", ...rest] as MadeRow);
  const [run] = await analysed("train_runs", [train(9, rows)], [train(9, rows)]);
  assertEquals(run?.tracks, ["X ARRIVAL: 1 DEPARTURE: 1"]);
});

Deno.test("a fraction of a second is cut off, early or late", async () => {
  const rows: readonly MadeRow[] = [["HKI", "D", "2025-02-17T10:00:00Z", -0.9], [
    "TPE",
    "A",
    "2025-02-17T11:00:00Z",
    1.9,
  ]];
  const [run] = await analysed("train_runs", [train(1, rows)]);
  assertEquals(pick(run, "departureDelaySeconds arrivalDelaySeconds"), [0, 1]);
});

Deno.test("a category that is called as every object has something is late as any other", async () => {
  const rows = PLAIN.map(([station, side, time, , marks]) => [station, side, time, 301, marks] as MadeRow);
  const trains = ["constructor", "toString"].map((trainCategory, at) =>
    train(at + 1, rows, { trainCategory })
  );
  const days = await analysed("station_days", trains);
  assertEquals(days.map((day) => pick(day, "lateArrivals lateDepartures")), [
    ...[[0, 1], [0, 1], [1, 1], [1, 1]],
    ...[[1, 0], [1, 0]],
  ]);
});

Deno.test("an actual time counts where another engine has left no scheduled one, and has no delay", async () => {
  const columns = await rowsOfTrains([messageOf(train(1, PLAIN))], WRITTEN);
  const facts = dateFacts({
    ...columns,
    scheduledTime: longColumn(new Float64Array(PLAIN.length).fill(NaN)),
  });
  const { arrivals, departures, lateArrivals, medianArrivalDelaySeconds, plannedArrivals } = tableColumns(
    facts,
    "station_days",
  );
  const numbers = [arrivals, departures, lateArrivals, plannedArrivals].map((column) =>
    column?.kind === "int32" ? [...column.values] : null
  );
  assertEquals(numbers, [[0, 1, 1], [1, 1, 0], [0, 0, 0], [0, 1, 1]]);
  assertEquals(medianArrivalDelaySeconds?.present, new Uint8Array(3));
  assertEquals(facts.legs.plannedRunningSeconds?.present, new Uint8Array(3));
  assertEquals(facts.legs.actualRunningSeconds?.present, null);
});

Deno.test("rows in any order, of one file or several, give the same tables", async () => {
  const random = seededRandom(4);
  const trains = [...simulateTrains({ seed: 8, trains: 30, atMs: WRITTEN })];
  const columns = await rowsOfTrains(trains, WRITTEN);
  const expected = dateFacts(columns);
  const rows = [...columns.trainNumber?.kind === "int64" ? Array(columns.trainNumber.length).keys() : []];
  const pieces = (some: readonly number[]) => some.map((from) => ({ columns, from, to: from + 1 }));
  const shuffled = rows.toSorted(() => random() - 0.5);
  assertSame(dateFacts(gatherColumns(pieces(shuffled))), expected);
  const numbers = columns.trainNumber?.kind === "int64" ? columns.trainNumber.halves : new Int32Array(0);
  const files = [0, 1, 2].map((file) => rows.filter((row) => (numbers[2 * row] ?? 0) % 3 === file));
  const facts = files.filter(({ length }) => length > 0).map((some) =>
    dateFacts(gatherColumns(pieces(some)))
  );
  const joined = joinFacts(facts);
  if (joined === undefined) throw new Error("no train lies in two files");
  assertSame(joined, expected);
  // Half of a train tells nothing of it.
  assertEquals(joinFacts([expected, dateFacts(gatherColumns(pieces(rows.slice(0, 3))))]), undefined);
});

/** Rows may stand in another order. */
function assertSame(found: DateFacts, expected: DateFacts): void {
  for (const name of NAMES) assertEquals(rowTexts(found, name), rowTexts(expected, name));
}

function rowTexts(facts: DateFacts, name: AnalysisName): readonly string[] {
  const fields = ANALYSIS_SCHEMAS[name].fields.filter((field) => field.name !== ANALYSIS_PARTITION);
  const rows = Array.from(frameRows(frameOfColumns(workedOut(name, facts), fields), fields));
  return rows.map((row) => JSON.stringify(row, (_, value) => typeof value === "bigint" ? `${value}` : value))
    .sort();
}
