/** The day of a station: which trains are of it, what the summary counts, what the page shows. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { renderStation, renderStationJson } from "../../lib/answers/station/render_station.ts";
import { dayBounds, type StationBoard, stationBoard } from "../../lib/answers/station/station_board.ts";
import { trainRunsIn } from "../../lib/answers/train_run.ts";
import { visitsIn } from "../../lib/answers/visits.ts";
import { textWidth } from "../../lib/printable.ts";
import { type MadeRow, type MadeTrain, messageOf, WRITTEN } from "../analysis/made_trains.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

const PAGE = { columns: 80, limit: 0, completeCommands: (text: string) => text };

async function boardOf(date: string, trains: readonly MadeTrain[]): Promise<StationBoard> {
  const days = await Promise.all(
    Array.from(Map.groupBy(trains, (train) => train.date), async ([day, mine]) => {
      const rows = await rowsOfTrains(mine.map(messageOf), WRITTEN);
      const runs = trainRunsIn(day, tableColumns(dateFacts(rows), "train_runs"));
      return { runs, visits: visitsIn(day, [rows], { station: "TPE" }) };
    }),
  );
  const question = { station: "TPE", date, stationNames: null };
  return stationBoard(question, days.flatMap(({ visits }) => visits), {
    runs: days.flatMap(({ runs }) => runs),
  });
}

/** Comes to TPE and leaves it again two minutes later, with the same delay. */
function by(
  number: number,
  time: string,
  delay: number | null,
  fields: Record<string, unknown> = {},
): MadeTrain {
  const at = (minutes: number) => new Date(Date.parse(time) + minutes * 60_000).toISOString();
  return {
    ...{ number, date: time.slice(0, 10), ...fields },
    rows: [
      ["HKI", "D", at(-60), 0],
      ["TPE", "A", at(0), delay],
      ["TPE", "D", at(2), delay],
      ["OL", "A", at(120), null],
    ],
  };
}

Deno.test("a visit tells which other tracks were named for it, and the summary how many were moved", async () => {
  const at = (minutes: number) =>
    new Date(Date.parse("2025-02-17T10:00:00Z") + minutes * 60_000).toISOString();
  // By TPE without a halt, then twice with one.
  const rows = (["~", "=3", "=4"] as const).flatMap((mark, visit): readonly MadeRow[] => [
    ["TPE", "A", at(60 * visit), null, mark],
    ["TPE", "D", at(60 * visit + 2), null, mark],
    ["OL", "A", at(60 * visit + 30), null],
    ["OL", "D", at(60 * visit + 31), null],
  ]);
  const columns = await rowsOfTrains([messageOf({ number: 1, date: "2025-02-17", rows })], WRITTEN);
  const tracks = new Map([["2025-02-17 1", [
    ...["TPE ARRIVAL: 8", "TPE ARRIVAL (2): 1", "TPE ARRIVAL (2): 2", "TPE ARRIVAL (2): 3"],
    ...["TPE DEPARTURE (2): 2", "TPE DEPARTURE (2): 3", "TPE DEPARTURE (3): 5", "OL ARRIVAL (2): 6"],
  ]]]);
  const visits = visitsIn("2025-02-17", [columns], { station: "TPE" });
  const question = { station: "TPE", date: "2025-02-17", stationNames: null };
  const board = stationBoard(question, visits, { runs: [], tracks });
  assertEquals(board.visits.map(({ track, otherTracks }) => [track, ...otherTracks]), [["3", "1", "2"], [
    "4",
  ]]);
  assertEquals(
    board.categories.map(({ arrivals, departures }) => [arrivals.trackChanged, departures.trackChanged]),
    [
      [1, 1],
    ],
  );
  assertStringIncludes(renderStation(board, PAGE), "3 (1, 2)");
  const { visits: [first] } = JSON.parse(renderStationJson(board));
  assertEquals(first.otherTracks, ["1", "2"]);
});

Deno.test("a day is that of Finland: 23, 24 or 25 hours", () => {
  for (
    const [date, from, hours] of [
      ["2025-02-17", "2025-02-16T22:00:00.000Z", 24],
      ["2025-03-30", "2025-03-29T22:00:00.000Z", 23],
      ["2025-10-26", "2025-10-25T21:00:00.000Z", 25],
      ["2025-07-01", "2025-06-30T21:00:00.000Z", 24],
    ] as const
  ) {
    const [start, end] = dayBounds(date);
    assertEquals([date, new Date(start / 1000).toISOString(), (end - start) / 3.6e9], [date, from, hours]);
  }
});

Deno.test("trains of a day are those that come or go on it, also one that left the day before, in the order of time", async () => {
  const { visits } = await boardOf("2025-02-17", [
    by(1, "2025-02-16T21:57:00Z", 0),
    // Comes on the 16th at 23:59, leaves on the 17th.
    by(2, "2025-02-16T21:59:00Z", 0),
    by(3, "2025-02-16T22:30:00Z", 0, { date: "2025-02-16" }),
    by(5, "2025-02-17T21:59:00Z", 0),
    by(4, "2025-02-17T10:00:00Z", 0),
    by(6, "2025-02-17T22:00:00Z", 0),
    by(7, "2025-02-17T10:00:00Z", 0, { deleted: true }),
  ]);
  assertEquals(visits.map(({ number, origin, destination }) => [number, origin, destination]), [
    ...[2, 3, 4, 5].map((number) => [number, "HKI", "OL"]),
  ]);
});

Deno.test("the summary counts by category what is planned, there, late by its limit, and cancelled", async () => {
  const noon = "2025-02-17T10:00:00Z", commuter = { trainCategory: "Commuter" };
  const { categories } = await boardOf("2025-02-17", [
    ...[by(1, noon, 300), by(2, noon, 301), by(3, noon, null), by(4, noon, null, { cancelled: true })],
    ...[
      by(5, noon, 179, commuter),
      by(6, noon, 180, commuter),
      by(7, noon, 1801, { trainCategory: "Cargo" }),
    ],
  ]);
  assertEquals(
    categories.map(({ category, arrivals, departures }) => {
      assertEquals(arrivals, departures);
      const { planned, made, late, cancelled, medianSeconds, p95Seconds } = arrivals;
      return [category, planned, made, late, cancelled, medianSeconds, p95Seconds];
    }),
    [
      ["Long-distance", 4, 2, 1, 1, 300, 301],
      ["Commuter", 2, 2, 1, 0, 179, 180],
      ["Cargo", 1, 1, 1, 0, 1801, 1801],
    ],
  );
});

Deno.test("the page has a line per train, those of later hours or the first ones alone where that is asked", async () => {
  const board = await boardOf("2025-02-17", [
    by(27, "2025-02-17T05:00:00Z", 61),
    by(28, "2025-02-17T15:00:00Z", null, { cancelled: true, trainType: "HL", commuterLineID: "R" }),
  ]);
  const page = renderStation(board, PAGE);
  assertStringIncludes(page, "TPE on 2025-02-17, a day in Finnish time: 2 trains that halt there\n");
  assertStringIncludes(page, "07:00  +1:01  07:02  +1:01  IC 27      HKI   OL");
  assertStringIncludes(page, "17:00  canc.  17:02  canc.  HL 28 (R)  HKI   OL");
  assertStringIncludes(page, "`deno task fetch --metadata` brings the names");
  const first = renderStation(board, { ...PAGE, limit: 1 });
  assertEquals([first.includes("IC 27"), first.includes("HL 28")], [true, false]);
  assertStringIncludes(first, "... and 1 train more");
  const later = renderStation(board, { ...PAGE, after: "07:03" });
  assertEquals([later.includes("IC 27"), later.includes("HL 28")], [false, true]);
  assertStringIncludes(renderStation(board, { ...PAGE, after: "07:02" }), "IC 27");
  assertStringIncludes(renderStation(board, { ...PAGE, after: "23:00" }), "no train after 23:00");
  assertEquals(JSON.parse(renderStationJson(board)).visits.length, 2);
});

Deno.test("lines fit the terminal whatever names come from outside, and control nothing there", async () => {
  const hostile = "x\u001b[2J\u202e日本語" + "y".repeat(300);
  const board = await boardOf("2025-02-17", [
    by(27, "2025-02-17T05:00:00Z", 61, { trainType: hostile, trainCategory: hostile }),
  ]);
  for (const columns of [40, 80, 120]) {
    const page = renderStation({ ...board, stationNames: new Map([["HKI", hostile], ["TPE", hostile]]) }, {
      ...PAGE,
      columns,
    });
    for (const line of page.split("\n").slice(2)) {
      assert(textWidth(line) <= columns || line.startsWith("https:"), `${columns}: ${line}`);
    }
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(page));
  }
  const json = renderStationJson(board);
  assert(!json.includes("\u202e"));
  assertEquals(JSON.parse(json).visits[0].type, hostile);
});
