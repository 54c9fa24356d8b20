/** The pages of `charts`, `punctuality`, `train` and `station` on the demo's trains in a real browser: names as long as they are. */
import { assertEquals } from "@std/assert";
import { dateFacts, tableColumns } from "../../lib/analysis/date_facts.ts";
import { punctualityPage } from "../../lib/answers/pictures/punctuality_page.ts";
import { stationPage } from "../../lib/answers/pictures/station_page.ts";
import { trainPage } from "../../lib/answers/pictures/train_page.ts";
import type { GroupBy } from "../../lib/answers/punctuality/group_keys.ts";
import { PunctualityCounter } from "../../lib/answers/punctuality/punctuality.ts";
import { stationBoard } from "../../lib/answers/station/station_board.ts";
import { trainHistory } from "../../lib/answers/train/train_history.ts";
import { trainRunsIn } from "../../lib/answers/train_run.ts";
import { visitsIn } from "../../lib/answers/visits.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STATIONS } from "../../lib/simulator/stations.ts";
import { testUnless } from "../interop/test_unless.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";
import { openChromium, whyNoChromium } from "./chromium.ts";
import { axeFaults, crowdedTexts, openPage } from "./look_at_page.ts";

/** The trains of `deno task demo`, as they are at its end. */
const DEMO = { trains: 300, seed: 1, atMs: Date.UTC(2026, 1, 17, 5, 30) };
/** What `deno task example` has drawn of them; another test holds it to the code. */
const CHARTS = new URL("../../data_files/example/charts.html", import.meta.url);
const STATION = "HKI", TRAIN = 27, DATE = "2026-02-16";
const names = new Map([...STATIONS.values()].map((each) => [each.stationShortCode, each.stationName]));

/** Worked out without tables, which Polars would have to write. */
async function demoPages(): Promise<readonly (readonly [name: string, text: string])[]> {
  const trains = Map.groupBy(simulateTrains(DEMO), ({ departureDate }) => String(departureDate));
  const dates = await Promise.all([...trains].map(async ([date, some]) => {
    const rows = await rowsOfTrains(some, DEMO.atMs);
    return { date, rows, runs: tableColumns(dateFacts(rows), "train_runs") };
  }));
  const punctuality = (["category", "station", "hour", "weekday"] as const).map((by: GroupBy) => {
    const counter = new PunctualityCounter({ by });
    for (const { date, runs } of dates) counter.add(date, runs);
    return [`by ${by}`, punctualityPage(counter.result({ names }))] as const;
  });
  const runs = dates.flatMap(({ date, runs }) => trainRunsIn(date, runs));
  const mine = runs.filter(({ number, date }) => number === TRAIN && date === DATE);
  const stops = dates.filter(({ date }) => date === DATE)
    .map(({ date, rows }) => visitsIn(date, [rows], { number: TRAIN }));
  const visits = dates.flatMap(({ date, rows }) => visitsIn(date, [rows], { station: STATION }));
  const board = stationBoard({ station: STATION, date: DATE, stationNames: names }, visits, { runs });
  return [
    ...punctuality,
    ["charts", await Deno.readTextFile(CHARTS)],
    ["train", trainPage(trainHistory(mine, stops, { shown: 0, stationNames: names }))],
    ["station", stationPage(board)],
  ];
}

testUnless(whyNoChromium(), {
  name:
    "pages of the demo: axe finds nothing, no text lies on another or sticks out, on a phone and on a desk",
  async fn() {
    const pages = await demoPages();
    await using chromium = await openChromium();
    const page = await chromium.browser.newPage();
    for (const [name, text] of pages) {
      assertEquals([name, await openPage(page, text, chromium.folder)], [name, []]);
      for (const width of [360, 1000]) {
        await page.setViewportSize({ width, height: 740 });
        const wide = await page.evaluate("document.documentElement.scrollWidth");
        assertEquals([name, wide, await crowdedTexts(page)], [name, width, []]);
      }
      // The looks are those of the other page of pictures, which is asked by day and by night.
      if (!name.startsWith("by") || name === "by category") {
        assertEquals([name, await axeFaults(page)], [name, []]);
      }
    }
  },
});
