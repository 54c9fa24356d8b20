/** The rows of pictures out of trains made by hand. */
import { assertEquals } from "@std/assert";
import { busiestLine, lineStations, runningSeconds } from "../../lib/answers/pictures/choose_line.ts";
import { LegCounter } from "../../lib/answers/pictures/leg_rows.ts";
import { lineRows } from "../../lib/answers/pictures/line_rows.ts";
import { type RoutedTrain, routedTrains } from "../../lib/answers/pictures/line_trains.ts";
import { delaysByKind, heatCells, latestRun, picturedRuns } from "../../lib/answers/pictures/run_rows.ts";
import { gatherColumns } from "../../lib/delta/mod.ts";
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { type MadeRow, type MadeTrain, messageOf, WRITTEN } from "../analysis/made_trains.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";

const DATE = "2025-02-17";

/** A time of that day, UTC. */
function at(clock: string): string {
  return `${DATE}T${clock}:00Z`;
}

function train(number: number, rows: readonly MadeRow[], fields: Record<string, unknown> = {}): MadeTrain {
  return { number, date: DATE, rows, ...fields };
}

async function rowsOf(trains: readonly MadeTrain[]) {
  return await rowsOfTrains(trains.map(messageOf), WRITTEN);
}

async function routed(trains: readonly MadeTrain[]): Promise<readonly RoutedTrain[]> {
  return routedTrains([await rowsOf(trains)]);
}

/** HKI - PSL - TKL, then back by a train that leaves the line after TKL. */
const DOWN = train(1, [
  ["HKI", "D", at("06:00"), 30],
  ["PSL", "A", at("06:05"), 60],
  ["PSL", "D", at("06:06"), 60],
  ["TKL", "A", at("06:15"), 120],
]);
const UP = train(2, [
  ["TKL", "D", at("06:10"), 0],
  ["PSL", "A", at("06:21"), null, "-~"],
  ["PSL", "D", at("06:21"), null, "-~"],
  ["HKI", "A", at("06:26"), null, "-"],
]);
const AWAY = train(3, [
  ["PSL", "D", at("07:00"), 0],
  ["TKL", "A", at("07:09"), 0],
  ["TKL", "D", at("07:09"), 0],
  ...(["X1", "X2", "X3"] as const).flatMap((station): MadeRow[] => [
    [station, "A", at("07:20"), 0],
    [station, "D", at("07:20"), 0],
  ]),
  ["PSL", "A", at("07:40"), 0],
  ["PSL", "D", at("07:40"), 0],
  ["HKI", "A", at("07:45"), 0],
], { commuterLineID: "P" });

Deno.test("the busiest line joins both directions, and its stations lie as far apart as trains need", async () => {
  const trains = await routed([DOWN, UP, AWAY]);
  assertEquals(busiestLine(trains), { from: "HKI", to: "TKL" });
  assertEquals(lineStations(trains, { from: "TKL", to: "HKI" }), ["TKL", "PSL", "HKI"]);
  assertEquals(lineStations(trains, { from: "HKI", to: "NOWHERE" }), []);
  // 5, 5 and 5 minutes; then 9, 11 and 9.
  assertEquals(runningSeconds(trains, ["HKI", "PSL", "TKL"]), [0, 300, 840]);
});

Deno.test("a train has a part for each time that it is on the line, a cancelled one no actual times", async () => {
  const trains = await routed([DOWN, UP, AWAY]);
  const line = lineRows(trains, { ends: { from: "HKI", to: "TKL" }, date: DATE, nameOf: (code) => code });
  assertEquals(line.trains.map(({ name, parts }) => [name, parts.map(({ length }) => length)]), [
    ["IC 1", [4]],
    ["IC 2", [4]],
    ["P 3", [3, 3]],
  ]);
  assertEquals(line.trains[1]?.parts[0]?.map(({ actualMs }) => actualMs !== null), [
    true,
    false,
    false,
    false,
  ]);
  assertEquals(line.stations.map(({ halts }) => halts), [3, 5, 4]);
  assertEquals([line.fromMs, line.toMs], [Date.parse(at("06:00")), Date.parse(at("08:00"))]);
});

Deno.test("hours are those of a clock in Finland, also in the nights when clocks change", () => {
  const hours = (date: string, from: number, to: number) => {
    const { fromMs, toMs } = lineRows([], {
      ends: { from: "A", to: "B" },
      date,
      hours: { from, to },
      nameOf: (code) => code,
    });
    return [fromMs, toMs].map((ms) => new Date(ms).toISOString());
  };
  assertEquals(hours("2026-03-28", 6, 30), ["2026-03-28T04:00:00.000Z", "2026-03-29T03:00:00.000Z"]);
  assertEquals(hours("2026-03-29", 0, 12), ["2026-03-28T22:00:00.000Z", "2026-03-29T09:00:00.000Z"]);
  assertEquals(hours("2026-10-25", 0, 12), ["2026-10-24T21:00:00.000Z", "2026-10-25T10:00:00.000Z"]);
});

Deno.test("rows in whatever files and order, and of whoever wrote them, give the same trains", async () => {
  const trains = await routed([DOWN, UP, AWAY]);
  assertEquals(routedTrains([await rowsOf([AWAY]), await rowsOf([UP, DOWN])]), trains);
  // The second half of each train lies in the file that is read first.
  const rows = await rowsOf([DOWN]);
  const part = (from: number, to: number) => gatherColumns([{ columns: rows, from, to }]);
  assertEquals(routedTrains([part(2, 4), part(0, 2)]), trains.slice(0, 1));
  assertEquals(routedTrains([{}]), []);
});

Deno.test("a leg counts where a train has run it, per direction for the ranking, together on the map", async () => {
  const counter = new LegCounter();
  counter.add(tableColumns(dateFacts(await rowsOf([DOWN, UP, AWAY])), "leg_delays"));
  const ranked = counter.ranked((code) => code);
  assertEquals(
    ranked.filter(({ from, to }) => from === "PSL" && to === "TKL").map((
      { trains, meanSeconds },
    ) => [trains, meanSeconds]),
    // 60 seconds by the first train, none by the third.
    [[2, 30]],
  );
  assertEquals(ranked.some(({ from, to }) => from === "TKL" && to === "PSL"), false);
  const { stations, edges } = counter.net(
    new Map([["HKI", { name: "Helsinki", longitude: 24.9, latitude: 60.2 }]]),
    (code) => code,
  );
  const edge = edges.find(({ from, to }) => stations[from]?.name === "HKI" && stations[to]?.name === "PSL");
  assertEquals([edge?.trains, edge?.addedSeconds], [2, 15]);
  assertEquals(stations.filter(({ longitude }) => longitude === null).length, stations.length - 1);
});

Deno.test("runs are on time by the rule of their kind, and cancelled ones are neither", async () => {
  const rows = (final: number | null, marks = ""): readonly MadeRow[] => [
    ["HKI", "D", at("04:00"), 0],
    ["TPE", "A", at("05:00"), final, marks],
  ];
  const made = [
    train(1, rows(300)),
    train(2, rows(301)),
    train(3, rows(179), { trainCategory: "Commuter", commuterLineID: "Z" }),
    train(4, rows(180), { trainCategory: "Commuter", commuterLineID: "A" }),
    train(5, rows(null, "-")),
    train(6, rows(null)),
    train(7, rows(5000), { trainCategory: "Shunting" }),
  ];
  const runs = picturedRuns(DATE, tableColumns(dateFacts(await rowsOf(made)), "train_runs"));
  assertEquals(runs.map(({ fate, isLate }) => [fate, isLate]), [
    ["arrived", false],
    ["arrived", true],
    ["arrived", false],
    ["arrived", true],
    ["partly cancelled", false],
    ["unfinished", false],
    ["arrived", true],
  ]);
  assertEquals(latestRun(runs)?.name, "IC 2");
  // Six in the morning of a Monday in Finland.
  assertEquals(heatCells(runs), [{ weekday: 0, hour: 6, trains: 4, onTime: 2 }]);
  assertEquals(delaysByKind(runs).map(({ category, delays }) => [category, delays]), [
    ["long-distance", [300, 301]],
    ["commuter A, I, K, P", [180]],
    ["other commuter", [179]],
    ["freight", []],
  ]);
});
