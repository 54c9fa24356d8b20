/** All pictures of a departure date: as a page, and what they say as text. */
import { LICENCE_LINE } from "../tables/licence.ts";
import { printable } from "../printable.ts";
import type { Chart } from "./chart.ts";
import { chartsPage } from "./charts_page.ts";

/** The pictures by what they show. */
export interface TrafficCharts {
  /** The departure date, YYYY-MM-DD. */
  readonly date: string;
  readonly line: Chart;
  readonly map: Chart;
  readonly legs: Chart;
  readonly delays: Chart;
  readonly hours: Chart;
  readonly runs: Chart;
}

const HEADINGS = [
  ["line", "A line through the day"],
  ["legs", "Where trains lose time"],
  ["map", "The net"],
  ["delays", "How late trains are"],
  ["hours", "When trains are late"],
  ["runs", "The last runs of a train"],
] as const;

/** One page that is one file. */
export function trafficPage(charts: TrafficCharts): string {
  return chartsPage({
    title: `Trains of ${charts.date}`,
    intro:
      "What the tables say of the trains that departed on that date, in six pictures; each has its numbers below it.",
    parts: HEADINGS.map(([name, heading]) => ({ heading, chart: charts[name] })),
  });
}

/** The findings, a line each; and where the pictures are. */
export function trafficText(charts: TrafficCharts, path: string | undefined): string {
  return [
    ...HEADINGS.map(([name]) => `- ${printable(charts[name].finding)}`),
    path === undefined ? "`deno task charts --out charts.html` draws it" : `drawn in ${printable(path)}`,
    LICENCE_LINE,
  ].join("\n");
}
