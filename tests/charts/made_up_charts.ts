/** All six pictures of made-up rows, and of none. */
import type { Chart } from "../../lib/charts/chart.ts";
import { type ChartPart, chartsPage } from "../../lib/charts/charts_page.ts";
import { delayTail } from "../../lib/charts/delay_tail.ts";
import { lastRuns } from "../../lib/charts/last_runs.ts";
import { netMap } from "../../lib/charts/net_map.ts";
import { punctualityHeat } from "../../lib/charts/punctuality_heat.ts";
import { rankedLegs } from "../../lib/charts/ranked_legs.ts";
import { stringline } from "../../lib/charts/stringline.ts";
import { CELLS, EDGES, LEGS, madeDelays, madeLine, RUNS, STATIONS } from "./made_up_rows.ts";

const WHEN = " on 2026-11-24", RULE = "less than 5 minutes late";

/** By the names of their cases. */
export function madeCharts(): Readonly<Record<string, Chart>> {
  return {
    stringline: stringline(madeLine(16), { id: "stringline" }),
    net_map: netMap(STATIONS, EDGES, { id: "net_map", when: WHEN }),
    delay_tail: delayTail(madeDelays(), { id: "delay_tail", when: WHEN }),
    punctuality_heat: punctualityHeat(CELLS, { id: "punctuality_heat", when: WHEN, rules: RULE }),
    ranked_legs: rankedLegs(LEGS, { id: "ranked_legs", when: WHEN }),
    last_runs: lastRuns(RUNS, { id: "last_runs", train: "IC 27", limitSeconds: 300 }),
  };
}

/** The same of nothing. */
export function emptyCharts(): readonly Chart[] {
  return [
    stringline({ ...madeLine(0), stations: [] }, { id: "a" }),
    netMap([], [], { id: "b", when: "" }),
    netMap(STATIONS.map((station) => ({ ...station, longitude: null })), EDGES, { id: "c", when: "" }),
    delayTail([], { id: "d", when: "" }),
    punctualityHeat([], { id: "e", when: "", rules: RULE }),
    rankedLegs([], { id: "f", when: "" }),
    lastRuns([], { id: "g", train: "IC 27", limitSeconds: 300 }),
  ];
}

/** A page with all of them. */
export function madePage(charts: readonly Chart[] = Object.values(madeCharts())): string {
  const parts: readonly ChartPart[] = charts.map((chart) => ({ heading: chart.id.replace("_", " "), chart }));
  return chartsPage({ title: "Trains in pictures", intro: "Of made-up trains.", parts });
}
