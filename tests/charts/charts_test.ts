/** The pictures: byte by byte what they were, harmless whatever things are called, and a sentence where there is nothing. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse } from "parse5";
import { SaxesParser } from "saxes";
import { type Chart, chartFigure, chartSvg } from "../../lib/charts/chart.ts";
import { delayTail } from "../../lib/charts/delay_tail.ts";
import { lastRuns } from "../../lib/charts/last_runs.ts";
import { netMap } from "../../lib/charts/net_map.ts";
import { rankedLegs } from "../../lib/charts/ranked_legs.ts";
import { stringline } from "../../lib/charts/stringline.ts";
import { valueBars } from "../../lib/charts/value_bars.ts";
import { emptyCharts, madeCharts, madePage } from "./made_up_charts.ts";
import { EDGES, LEGS, madeDelays, madeLine, RUNS, SIX, STATIONS } from "./made_up_rows.ts";

const TESTDATA = new URL("testdata/", import.meta.url);
const HOSTILE = `</text></svg><script>alert(1)</script>"' onload="x" &\u202e\u0007\ud800`;

for (const [name, chart] of Object.entries(madeCharts())) {
  Deno.test(`${name}: the file and the figure are what they were, byte by byte`, async () => {
    const found: Readonly<Record<string, string>> = {
      [`${name}.svg`]: chartSvg(chart),
      [`${name}.html`]: `${chartFigure(chart)}\n`,
    };
    for (const [file, text] of Object.entries(found)) {
      const path = new URL(file, TESTDATA);
      if (Deno.env.get("UPDATE_GOLDENS") === "1") await Deno.writeTextFile(path, text);
      assertEquals(text, await Deno.readTextFile(path));
    }
  });
}

Deno.test("each title says the finding, worked out of the rows", () => {
  const { stringline, net_map, delay_tail, punctuality_heat, ranked_legs, last_runs } = madeCharts();
  assertEquals(
    ranked_legs?.finding,
    "Long-distance trains lose most between Lempäälä and Tampere: +4:05 in the mean of 23 trains on 2026-11-24",
  );
  assertEquals(
    net_map?.finding,
    "Of the whole net trains lose most between Pasila and Tampere: +1:36 in the mean of 180 trains on 2026-11-24",
  );
  assertStringIncludes(net_map?.note ?? "", "1 station without a known place left out");
  assertStringIncludes(
    stringline?.finding ?? "",
    "IC 35 was the latest between Helsinki and Tampere: +3:43 at",
  );
  assertStringIncludes(
    delay_tail?.finding ?? "",
    "Long-distance: one train in 20 was late by +11:13 or more, half of them by at most +2:32",
  );
  assertStringIncludes(punctuality_heat?.finding ?? "", "worst was Friday at 07:00: 63.6% of 22");
  assertEquals(
    last_runs?.finding,
    "IC 27 was on time at its final station in 2 of 3 runs; 1 cancelled; 1 partly cancelled; 1 unfinished",
  );
});

Deno.test("a mean of four trains is no finding, and what is said of a tail is true of its trains", () => {
  const legs = LEGS.map((leg) => leg.category === "Cargo" ? { ...leg, trains: 4 } : leg);
  assertStringIncludes(rankedLegs(legs, { id: "a", when: "" }).finding, "Long-distance trains lose most");
  const edges = EDGES.map((edge) => ({ ...edge, to: edge.to === 5 ? 0 : edge.to }));
  assertStringIncludes(netMap(STATIONS, edges, { id: "b", when: "" }).finding, "between Pasila and Tampere");
  const tail = (delays: readonly number[]) =>
    delayTail([{ category: "Commuter", delays }], { id: "c", when: " today" }).finding;
  assertEquals(
    tail([50, 60, 70, 122]),
    "Commuter: the latest of 4 trains was late by +2:02, half of them by at most +1:00 today",
  );
  assertEquals(tail([-50, 0]), "No train was late at all today");
  // Nobody was later than that.
  const same = Array.from({ length: 20 }, () => 60);
  assertEquals(
    tail(same),
    "Commuter: one train in 20 was late by +1:00 or more, half of them by at most +1:00; 20 trains today",
  );
});

Deno.test("one run, one train and bars without room are said as people say it", () => {
  const [arrived] = RUNS.filter(({ fate }) => fate === "arrived");
  const runs = arrived === undefined ? [] : [{ ...arrived, isLate: true }];
  assertEquals(
    lastRuns(runs, { id: "a", train: "IC 27", limitSeconds: 300 }).finding,
    "IC 27 was not on time at its final station in the one run that arrived",
  );
  const line = madeLine(1),
    planned = line.trains.map(({ name, parts }) => ({
      name,
      parts: parts.map((points) => points.map((point) => ({ ...point, actualMs: null }))),
    }));
  assertStringIncludes(
    stringline({ ...line, trains: planned }, { id: "b" }).finding,
    "The one train has not run yet between Helsinki and Tampere",
  );
  const bars = Array.from({ length: 75 }, (_, at) => ({ label: String(at), value: at, text: "" }));
  const numbers = { caption: "", heads: [], rows: [] };
  const chart = valueBars(bars, { id: "c", finding: "", note: "Bars.", numbers, unit: 1 });
  assertEquals(chart.note, "Bars. The first 60; 15 others in the numbers alone.");
});

Deno.test("nothing to draw is a sentence instead of a picture, as a figure and as a file", () => {
  for (const chart of emptyCharts()) {
    assertEquals(chart.pictures, [], chart.id);
    assert(/^\w.*\.$/.test(chart.finding), chart.finding);
    assertEquals(String(chartFigure(chart)).match(/<svg/), null);
    parseXml(chartSvg(chart));
  }
});

Deno.test("nothing that things are called becomes an element, an attribute or a turn of the text", () => {
  const line = madeLine(4);
  const charts: readonly Chart[] = [
    stringline({
      ...line,
      from: HOSTILE,
      stations: line.stations.map((station) => ({ ...station, name: HOSTILE })),
      trains: line.trains.map((train) => ({ ...train, name: HOSTILE })),
    }, { id: "a" }),
    netMap(STATIONS.map((station) => ({ ...station, name: HOSTILE })), EDGES, { id: "b", when: HOSTILE }),
    delayTail(madeDelays().map((each) => ({ ...each, category: HOSTILE })), { id: "c", when: HOSTILE }),
    rankedLegs(LEGS.map((leg) => ({ ...leg, category: HOSTILE, from: HOSTILE, to: HOSTILE })), {
      id: "d",
      when: HOSTILE,
    }),
    lastRuns(RUNS.map((run) => ({ ...run, destination: HOSTILE, worstStation: HOSTILE })), {
      id: "e",
      train: HOSTILE,
      limitSeconds: 300,
    }),
  ];
  for (const chart of charts) {
    parseXml(chartSvg(chart));
    for (const text of [chartSvg(chart), String(chartFigure(chart))]) {
      assertEquals(text.match(/<script|\p{Cs}|\p{Bidi_C}|\sonload="x"(?=[^<]*>)/gu), null, chart.id);
      assertEquals(text.includes("\u0007"), false, chart.id);
    }
  }
  const page = madePage(charts);
  assertEquals(elementsOf(page).filter((name) => !ELEMENTS.has(name)), []);
});

const ELEMENTS = new Set(
  "html head meta title style body a header h1 p nav ul li main section h2 figure figcaption b br svg desc path rect text circle g details summary div table caption thead tr th tbody td bdi footer"
    .split(" "),
);

Deno.test("times that are far off, all equal, or none leave finite numbers in the picture", () => {
  const point = { station: 0, plannedMs: SIX, actualMs: null, isCancelled: false };
  const odd = stringline({
    ...madeLine(0),
    trains: [{
      name: "IC 1",
      parts: [[point], [{ ...point, actualMs: SIX + 1e12 }, { ...point, station: 99 }], []],
    }],
    stations: [{ name: "A", seconds: 0, halts: 0 }, { name: "B", seconds: 0, halts: 0 }],
    fromMs: SIX,
    toMs: SIX,
  }, { id: "a" });
  const same = netMap([{ name: "A", longitude: 25, latitude: 60, trains: 1 }], [{
    from: 0,
    to: 0,
    trains: 1,
    addedSeconds: 0,
  }], {
    id: "b",
    when: "",
  });
  const flat = delayTail([{ category: "x", delays: [0, 0, -5] }], { id: "c", when: "" });
  for (const chart of [odd, same, flat]) assertEquals(chartSvg(chart).match(/NaN|Infinity/), null, chart.id);
});

Deno.test("the hours of the night in which clocks change are named as clocks show them", () => {
  const change = Date.UTC(2026, 9, 24, 22);
  const line = { ...madeLine(2), fromMs: change, toMs: change + 5 * 3_600_000 };
  const trains = line.trains.map(({ name, parts }) => ({
    name,
    parts: parts.map((points) =>
      points.map((point) => ({ ...point, plannedMs: change + 3_600_000 * point.station / 2 }))
    ),
  }));
  const text = chartSvg(stringline({ ...line, trains }, { id: "a" }));
  assertEquals([...text.matchAll(/>(0\d:00)</g)].map(([, hour]) => hour), [
    "01:00",
    "02:00",
    "03:00",
    "03:00",
    "04:00",
    "05:00",
  ]);
});

function parseXml(text: string): void {
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(text).close();
}

interface Node {
  readonly tagName?: string;
  readonly childNodes?: readonly Node[];
}

function elementsOf(html: string): readonly string[] {
  const visit = ({ tagName, childNodes = [] }: Node): readonly string[] => [
    ...(tagName === undefined ? [] : [tagName]),
    ...childNodes.flatMap(visit),
  ];
  return visit(parse(html) as unknown as Node);
}
