/** The figures of the traffic by trains made by hand: each is counted once, by seconds, and cancelled ones are apart. */
import { assert, assertEquals } from "@std/assert";
import { frameOfColumns, rowCount } from "../../../lib/delta/mod.ts";
import { STANDARD_COUNTER } from "../../../lib/quality/row_counter.ts";
import { countTraffic } from "../../../lib/quality/traffic/count_traffic.ts";
import { jointFigures, trafficFigures } from "../../../lib/quality/traffic/traffic_figures.ts";
import { TrainRows } from "../../../lib/tables/rows/train_rows.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { countsTag } from "../../../lib/tables/count_tags.ts";
import { STANDARD_SCHEMA } from "../../../lib/tables/standard_schema.ts";
import { rowsOfTrains } from "../count_trains.ts";

const NOON = Date.parse("2025-02-17T10:00:00Z");

/** What differs from a train that has run from one end to the other at its times. */
interface Journey {
  readonly category?: string | null;
  readonly line?: string;
  readonly date?: string;
  readonly startMs?: number;
  /** Seconds late at the first and the last station; null where no time is known. */
  readonly delays?: readonly [departure: number | null, final: number | null];
  /** Whether each of the four rows is cancelled. */
  readonly cancelled?: readonly boolean[];
  readonly isCancelled?: boolean;
  readonly causes?: readonly (readonly string[])[];
}

/** Four rows, an hour from end to end; differenceInMinutes lies, since nothing may be taken from it. */
function journey(trainNumber: number, ways: Journey): unknown {
  const { startMs = NOON, delays = [0, 0], cancelled = [], causes = [] } = ways;
  const rows = [[0, "HKI"], [20, "TKL"], [22, "TKL"], [60, "RI"]] as const;
  return {
    ...{
      trainNumber,
      departureDate: ways.date ?? "2025-02-17",
      operatorUICCode: 10,
      operatorShortCode: "vr",
    },
    ...{ trainType: "HL", runningCurrently: false, cancelled: ways.isCancelled ?? false, version: 1 },
    ...(ways.category === null ? {} : { trainCategory: ways.category ?? "Long-distance" }),
    ...{ commuterLineID: ways.line ?? "", timetableType: "REGULAR" },
    timeTableRows: rows.map(([minute, station], at) => {
      const delay = at === 0 ? delays[0] : at === 3 ? delays[1] : null;
      const scheduled = startMs + minute * 60_000;
      return {
        ...{ stationShortCode: station, stationUICCode: 1, countryCode: "FI", trainStopping: true },
        ...{ type: at % 2 === 0 ? "DEPARTURE" : "ARRIVAL", commercialStop: true },
        ...{ cancelled: cancelled[at] ?? false, scheduledTime: new Date(scheduled).toISOString() },
        ...(delay === null ? {} : { actualTime: new Date(scheduled + delay * 1000).toISOString() }),
        ...{ differenceInMinutes: 99, causes: (causes[at] ?? []).map((categoryCode) => ({ categoryCode })) },
      };
    }),
  };
}

async function counted(...journeys: readonly Journey[]) {
  const columns = await rowsOfTrains(journeys.map((ways, at) => journey(at + 1, ways)), NOON);
  return countTraffic(new TrainRows(columns));
}

Deno.test("a train is late from the second on that its kind's definition says", async () => {
  const of = async (ways: Journey) => (await counted(ways))[`${kindIn(ways)}.onTime`] ?? 0;
  const kindIn = ({ category, line }: Journey) =>
    category === "Cargo"
      ? "freight"
      : category !== "Commuter"
      ? "longDistance"
      : "AIKP".includes(line ?? "-")
      ? "commuterAIKP"
      : "commuter";
  for (const [final, onTime] of [[-7000, 1], [0, 1], [299, 1], [300, 1], [301, 0], [90_000, 0]] as const) {
    assertEquals([final, await of({ delays: [null, final] })], [final, onTime]);
  }
  for (const line of ["P", "R"]) {
    for (
      const [departure, final, onTime] of [[0, 179, 1], [0, 180, 0], [179, 0, 1], [180, -60, 0]] as const
    ) {
      const ways = { category: "Commuter", line, delays: [departure, final] } as const;
      assertEquals([departure, final, await of(ways)], [departure, final, onTime]);
    }
  }
  for (const [final, onTime] of [[-40_000, 1], [1800, 1], [1801, 0]] as const) {
    assertEquals([final, await of({ category: "Cargo", delays: [9000, final] })], [final, onTime]);
  }
});

Deno.test("each train is in one place: arrived, cancelled, cancelled in part, or unfinished", async () => {
  const all = [true, true, true, true];
  assertEquals(await counted({}, { delays: [0, null] }, { delays: [null, null] }), {
    "longDistance.delay.0": 1,
    "longDistance.onTime": 1,
    "longDistance.unfinished": 2,
  });
  assertEquals(await counted({ cancelled: all, delays: [null, null] }, { isCancelled: true }), {
    "longDistance.cancelled": 2,
  });
  // One that ends early has not been where it is measured; others are set apart for it too.
  assertEquals(
    await counted(
      { cancelled: [false, false, true, true], delays: [0, null] },
      { cancelled: [true, true, false, false], delays: [null, 0] },
      { cancelled: [false, true, true, false], delays: [0, 0] },
    ),
    { "longDistance.partlyCancelled": 3 },
  );
  // Nobody knows whether it left in time.
  assertEquals(await counted({ category: "Commuter", delays: [null, 0] }), { "commuter.unfinished": 1 });
});

Deno.test("a night and a change of the clock make no train late", async () => {
  const journeys = [
    { date: "2025-03-29", startMs: Date.parse("2025-03-29T21:30:00Z"), delays: [0, 45] },
    { date: "2025-03-30", startMs: Date.parse("2025-03-30T00:30:00Z"), delays: [10, 20] },
    { date: "2025-10-26", startMs: Date.parse("2025-10-26T00:30:00Z"), delays: [10, 20] },
  ] as const;
  for (const ways of journeys) {
    assertEquals(await counted(ways), {
      [`longDistance.delay.${ways.delays[1] === 45 ? 45 : 15}`]: 1,
      "longDistance.onTime": 1,
    });
  }
});

Deno.test("trains that carry neither passengers nor freight, and those without a category, have no figures", async () => {
  assertEquals(await counted({ category: "Shunting" }, { category: "Locomotive" }, { category: null }), {});
});

Deno.test("a train counts once for each category of its causes, and no name from outside gets in", async () => {
  const causes = [["E", "E"], [], ["A"], ["E", "<script>", "ABC"]];
  assertEquals(await counted({ causes }, { causes: [["E"]] }, { isCancelled: true, causes: [["A"]] }), {
    ...{ "longDistance.delay.0": 2, "longDistance.onTime": 2, "longDistance.cancelled": 1 },
    ...{ "longDistance.cause.E": 2, "longDistance.cause.A": 2, "longDistance.cause.other": 1 },
  });
});

Deno.test("figures of several files add up, and those of all kinds together are their sum", async () => {
  const parts = [
    await counted({ delays: [0, 10] }, { delays: [0, 400] }, { category: "Cargo", delays: [0, 1000] }),
    await counted({ delays: [0, 20] }, { isCancelled: true }),
  ];
  const sums: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part)) sums[name] = (sums[name] ?? 0) + count;
  }
  const figures = trafficFigures(sums).map(({ kind, trains, arrived, onTime, cancelled }) =>
    [kind, trains, arrived, onTime, cancelled] as const
  );
  assertEquals(figures, [["longDistance", 4, 3, 2, 1], ["freight", 1, 1, 1, 0]]);
  const { trains, arrived, onTime } = jointFigures(sums);
  assertEquals([trains, arrived, onTime], [5, 4, 3]);
  assertEquals(trafficFigures({}), []);
});

Deno.test("a day of trains takes under 1 kB in the log beside the rules, counted as columns or as a frame", async () => {
  const trains = [...simulateTrains({ seed: 3, trains: 500, atMs: Date.parse("2025-02-17T20:00:00Z") })]
    .filter(({ departureDate }) => departureDate === "2025-02-17");
  const columns = await rowsOfTrains(trains, NOON);
  assert(rowCount(columns) > 5000);
  const counts = STANDARD_COUNTER.countColumns(columns);
  const frame = frameOfColumns(
    columns,
    STANDARD_SCHEMA.fields.filter(({ name }) => columns[name] !== undefined),
  );
  assertEquals(STANDARD_COUNTER.count(frame), counts);
  const rules = Object.entries(counts).filter(([name]) => !name.startsWith("traffic."));
  const sizeOf = (some: typeof counts) => JSON.stringify(countsTag(STANDARD_COUNTER, some)).length;
  const size = sizeOf(counts) - sizeOf(Object.fromEntries(rules));
  assert(size < 1000, `${size} bytes`);
});
