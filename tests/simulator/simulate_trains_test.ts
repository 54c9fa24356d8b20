import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { simulateTrains, type Simulation } from "../../lib/simulator/simulate_trains.ts";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { STATIONS } from "../../lib/simulator/stations.ts";
import type { TimetableRow } from "../../lib/train/train_schema.ts";
import { rounds } from "../rounds.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A winter morning, a summer evening, and both days on which Helsinki's clock is moved. */
const MOMENTS = [
  "2025-02-17T04:21:00Z",
  "2025-07-01T18:00:00Z",
  "2025-03-30T02:30:00Z",
  "2025-10-26T01:30:00Z",
].map((text) => Date.parse(text));

function simulate(overrides: Partial<Simulation> = {}): readonly SimulatedTrain[] {
  return [...simulateTrains({ seed: 1, trains: 300, atMs: MOMENTS[0] ?? 0, ...overrides })];
}

/** The trains of each moment, each with a seed of its own: the same for all tests, so made once. */
const SAMPLES = MOMENTS.map((atMs, seed) => simulate({ seed, atMs }));

/** Runs a check on every train of several seeds and moments; a failure names the train. */
function forEachTrain(check: (train: SimulatedTrain, rows: readonly TimetableRow[]) => void): void {
  for (const [seed, trains] of SAMPLES.entries()) {
    for (const train of trains) {
      try {
        check(train, train.timeTableRows);
      } catch (cause) {
        throw new Error(`seed ${seed}, train ${train.departureDate}/${train.trainNumber}`, { cause });
      }
    }
  }
}

function hoursBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR_MS;
}

/** On a flat map around 62 degrees north: good enough to tell a train from an aeroplane. */
function kilometres(from: TimetableRow, to: TimetableRow): number {
  const [a, b] = [STATIONS.get(from.stationShortCode), STATIONS.get(to.stationShortCode)];
  assertExists(a);
  assertExists(b);
  return Math.hypot((b.latitude - a.latitude) * 111.2, (b.longitude - a.longitude) * 52.2);
}

function helsinkiDate(time: string): string {
  return Temporal.Instant.from(time).toZonedDateTimeISO("Europe/Helsinki").toPlainDate().toString();
}

function assertRising(times: readonly (string | null | undefined)[], what: string): void {
  const known = times.filter((time) => typeof time === "string");
  assertEquals(known, [...known].sort(), what);
}

Deno.test({
  name: "the same seed and moment give the same bytes, another seed or moment others",
  permissions: "none",
  fn: () => {
    assertEquals(JSON.stringify(simulate()), JSON.stringify(simulate()));
    assertNotEquals(JSON.stringify(simulate()), JSON.stringify(simulate({ seed: 2 })));
    assertNotEquals(
      JSON.stringify(simulate()),
      JSON.stringify(simulate({ atMs: (MOMENTS[0] ?? 0) + MINUTE_MS })),
    );
  },
});

Deno.test({
  name: "there are exactly as many trains as asked for, with unique names, ordered by date and number",
  permissions: "none",
  fn: () => {
    for (const trains of [0, 1, 99, 501]) {
      for (const atMs of MOMENTS) {
        const names = simulate({ trains, atMs, trainsPerDay: 75 })
          .map(({ departureDate, trainNumber }) =>
            `${departureDate}/${String(trainNumber).padStart(5, "0")}`
          );
        assertEquals(names.length, trains);
        assertEquals(new Set(names).size, trains);
        assertEquals(names, [...names].sort());
      }
    }
  },
});

Deno.test({
  name: "a full day numbers its trains from 1 to 99999 without repetition",
  permissions: "none",
  fn: () => {
    const trains = simulate({ trains: 3_000, trainsPerDay: 3_000 });
    const dates = Map.groupBy(trains, (train) => train.departureDate);
    for (const day of dates.values()) {
      const numbers = day.map((train) => train.trainNumber);
      assertEquals(new Set(numbers).size, numbers.length);
      assert(numbers.every((number) => Number.isInteger(number) && number >= 1 && number <= 99_999));
    }
  },
});

Deno.test({
  name: "scheduled, actual and estimated times never decrease along the route",
  permissions: "none",
  fn: () =>
    forEachTrain((_, rows) => {
      assertRising(rows.map((row) => row.scheduledTime), "scheduled");
      assertRising(rows.map((row) => row.actualTime), "actual");
      const last = rows.findLastIndex((row) => row.actualTime !== undefined);
      assertRising([
        rows[last]?.actualTime,
        ...rows.slice(last + 1).map((row) => row.liveEstimateTime),
      ], "estimated");
    }),
});

Deno.test({
  name: "a route begins with a departure, ends with an arrival, and has pairs of one station between them",
  permissions: "none",
  fn: () =>
    forEachTrain((_, rows) => {
      assertGreater(rows.length, 1);
      assertEquals(rows.length % 2, 0);
      for (const [index, row] of rows.entries()) {
        assertEquals(row.type, index % 2 === 0 ? "DEPARTURE" : "ARRIVAL");
        if (index % 2 === 1 && index < rows.length - 1) {
          assertEquals(rows[index + 1]?.stationShortCode, row.stationShortCode);
          assertEquals(rows[index + 1]?.stationUICCode, row.stationUICCode);
        }
      }
    }),
});

Deno.test({
  name: "the difference is rounded from the actual or else the estimated time, and absent without either",
  permissions: "none",
  fn: () =>
    forEachTrain((_, rows) => {
      for (const row of rows) {
        const time = row.actualTime ?? row.liveEstimateTime;
        const expected = typeof time !== "string"
          ? undefined
          : Math.floor((Date.parse(time) - Date.parse(row.scheduledTime)) / MINUTE_MS + 0.5);
        assertEquals(row.differenceInMinutes, expected);
        assertEquals("estimateSource" in row, "liveEstimateTime" in row);
      }
    }),
});

Deno.test({
  name:
    "a stop is commercial or not exactly where the train stops, and a cancelled row has no times but its own",
  permissions: "none",
  fn: () =>
    forEachTrain((train, rows) => {
      for (const row of rows) {
        assertEquals("commercialStop" in row, row.trainStopping);
        if (row.cancelled) assert(row.actualTime === undefined && row.liveEstimateTime === undefined);
      }
      assertEquals(train.cancelled, rows.every((row) => row.cancelled));
    }),
});

Deno.test({
  name: "the departure date is the date in Helsinki of the first scheduled time",
  permissions: "none",
  fn: () =>
    forEachTrain((train, rows) =>
      assertEquals(train.departureDate, helsinkiDate(rows[0]?.scheduledTime ?? ""))
    ),
});

Deno.test({
  name: "a train runs while it has some actual time and not that of its last row",
  permissions: "none",
  fn: () =>
    forEachTrain((train, rows) => {
      const started = rows.some((row) => row.actualTime !== undefined);
      const last = rows.findLast((row) => !row.cancelled);
      assertEquals(train.runningCurrently, started && last?.actualTime === undefined);
    }),
});

Deno.test({
  name: "nothing is reported before it happened, and nothing runs faster than 250 km/h",
  permissions: "none",
  fn: () => {
    for (const [index, trains] of SAMPLES.entries()) {
      for (const { timeTableRows } of trains) {
        for (const row of timeTableRows) {
          assert(Date.parse(row.actualTime ?? "1970") <= (MOMENTS[index] ?? 0));
        }
      }
    }
    forEachTrain((_, rows) => {
      for (let index = 1; index < rows.length; index += 2) {
        const [from, to] = [rows[index - 1], rows[index]];
        assertExists(from);
        assertExists(to);
        assertGreater(hoursBetween(from.scheduledTime, to.scheduledTime), kilometres(from, to) / 250);
        if (typeof from.actualTime !== "string" || typeof to.actualTime !== "string") continue;
        assertGreater(hoursBetween(from.actualTime, to.actualTime), kilometres(from, to) / 250);
      }
    });
  },
});

Deno.test({
  name: "the version of a train rises exactly when the train changes, and never falls",
  permissions: "none",
  fn: () => {
    let changes = 0;
    const start = (MOMENTS[0] ?? 0) + HOUR_MS;
    const seen = new Map<string, SimulatedTrain>();
    for (let step = 0; step < rounds(60); step++) {
      for (const train of simulate({ trains: 150, atMs: start + step * 30_000 })) {
        const name = `${train.departureDate}/${train.trainNumber}`;
        const before = seen.get(name);
        seen.set(name, train);
        if (before === undefined) continue;
        const same = JSON.stringify({ ...before, version: 0 }) === JSON.stringify({ ...train, version: 0 });
        assertGreaterOrEqual(train.version, before.version, name);
        assertEquals(same, train.version === before.version, name);
        if (!same) changes++;
      }
    }
    assertGreater(changes, rounds(80));
  },
});

Deno.test({
  name: "a day brings delays, recoveries, cancellations, causes, ready notices, rings and nights",
  permissions: "none",
  fn: () => {
    const trains = [1, 2, 3].flatMap((seed) => simulate({ seed, trains: 600, atMs: MOMENTS[1] ?? 0 }));
    const rows = trains.flatMap((train) => train.timeTableRows);
    const late = (row: TimetableRow | undefined) => row?.differenceInMinutes ?? 0;
    const found = {
      cancelled: trains.some((train) => train.cancelled),
      shortened: trains.some((train) => !train.cancelled && train.timeTableRows.some((row) => row.cancelled)),
      recovered: trains.some(({ timeTableRows }) =>
        Math.max(...timeTableRows.map(late)) >= 10 && late(timeTableRows.at(-1)) < 5 &&
        !!timeTableRows.at(-1)?.actualTime
      ),
      causes: rows.some((row) => row.causes?.length === 1),
      ready: rows.some((row) => row.trainReady?.accepted === true),
      unknownDelay: rows.some((row) => row.unknownDelay === true),
      estimates: rows.some((row) => row.liveEstimateTime !== undefined && row.actualTime === undefined),
      ring: trains.some(({ timeTableRows }) =>
        timeTableRows[0]?.stationShortCode === timeTableRows.at(-1)?.stationShortCode
      ),
      night: trains.some(({ departureDate, timeTableRows }) =>
        helsinkiDate(timeTableRows.at(-1)?.scheduledTime ?? "") > departureDate
      ),
      letters: new Set(trains.map((train) => train.commuterLineID)).size > 5,
      unknownField: trains.some((train) => train.maximumSpeedKmh !== undefined),
    };
    assertEquals(Object.entries(found).filter(([, isFound]) => !isFound), []);
    assertEquals(
      [...new Set(trains.map((train) => train.trainCategory))].sort(),
      ["Cargo", "Commuter", "Locomotive", "Long-distance", "On-track machines", "Shunting"],
    );
  },
});

Deno.test({
  name: "trains have about as many rows and bytes as recorded ones",
  permissions: "none",
  fn: () => {
    const trains = simulate({ trains: 2_000 });
    const rows = trains.reduce((sum, train) => sum + train.timeTableRows.length, 0) / trains.length;
    const bytes = JSON.stringify(trains).length / trains.length;
    assert(rows > 35 && rows < 48, `${rows} rows per train`);
    assert(bytes > 9_000 && bytes < 12_000, `${bytes} bytes per train`);
  },
});

Deno.test({
  name: "keys stand in the order of the API and absent values are absent keys",
  permissions: "none",
  fn: () => {
    const order = [
      "stationShortCode stationUICCode countryCode type trainStopping commercialStop commercialTrack cancelled",
      "scheduledTime liveEstimateTime estimateSource unknownDelay actualTime differenceInMinutes causes trainReady",
    ].join(" ").split(" ");
    forEachTrain((train, rows) => {
      assert(!JSON.stringify(train).includes("null"));
      for (const row of rows) assertEquals(Object.keys(row), order.filter((key) => key in row));
    });
  },
});

Deno.test({
  name: "a train that departs over the midnight of a moved clock keeps its slot",
  permissions: "none",
  fn: () => {
    for (const day of ["2025-03-30T00:00:00Z", "2025-10-26T00:00:00Z"]) {
      for (let hour = -6; hour < 30; hour += 3) {
        assertEquals(simulate({ atMs: Date.parse(day) + hour * HOUR_MS, trains: 200 }).length, 200);
      }
    }
  },
});

Deno.test({
  name: "counts that cannot be are refused",
  permissions: "none",
  fn: () => {
    assertThrows(() => simulate({ trains: -1 }), RangeError, "Cannot simulate -1 trains");
    assertThrows(() => simulate({ trains: 1.5 }), RangeError);
    assertThrows(() => simulate({ trainsPerDay: 7_001 }), RangeError, "expected 1 to 7000");
  },
});
