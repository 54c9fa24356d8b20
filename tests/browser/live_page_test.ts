/** The live page in a real browser: it connects, follows what changes, comes back after the server, and is fit to be read. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { liveFigures, runningAt } from "../../lib/answers/live/live_figures.ts";
import { liveTrains } from "../../lib/answers/live/live_trains.ts";
import { netOf } from "../../lib/answers/live/live_net.ts";
import { routedTrains } from "../../lib/answers/pictures/line_trains.ts";
import { answerRequest } from "../../lib/live/answer_request.ts";
import { LiveFeed } from "../../lib/live/live_feed.ts";
import type { LiveView } from "../../lib/live/live_view.ts";
import { drawLiveLine } from "../../lib/pipeline/live/draw_line.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { STATIONS } from "../../lib/simulator/stations.ts";
import { testUnless } from "../interop/test_unless.ts";
import { madeHeartbeat } from "../live/made_view.ts";
import { rowsOfTrains } from "../quality/count_trains.ts";
import { openChromium, whyNoChromium } from "./chromium.ts";
import { axeFaults, crowdedTexts } from "./look_at_page.ts";

const AT_MS = Date.UTC(2026, 10, 28, 12);
const DATE = "2026-11-28";
const places = new Map(
  [...STATIONS.values()].map(({ stationShortCode, stationName, longitude, latitude }) => {
    return [stationShortCode, { name: stationName, longitude, latitude }];
  }),
);
const nameOf = (code: string) => places.get(code)?.name ?? code;

/** What the tables would show of the simulator's trains so many minutes after noon. */
async function viewAfter(minutes: number, before?: LiveView): Promise<LiveView> {
  const nowMs = AT_MS + minutes * 60_000;
  const trains = [...simulateTrains({ seed: 3, trains: 1_500, atMs: nowMs })].filter((each) =>
    each.departureDate === DATE
  );
  const rows = await rowsOfTrains(trains, nowMs);
  const running = runningAt(liveTrains(DATE, rows), nowMs), routed = routedTrains([rows]);
  const net = netOf(routed);
  const stations = net.stations.map((each) => ({
    ...{ longitude: null, latitude: null, ...places.get(each.code) },
    ...{ ...each, name: nameOf(each.code) },
  }));
  const scores = ["accuracy", "completeness", "all"].map((dimension) => ({ dimension, score: 99.95 }));
  const message = 'trainNumber: found "abc", expected a whole number';
  return {
    ...{ nowMs, newestMessageMs: nowMs - 2_000, standardVersion: minutes, fault: null, nameOf, rejected: 41 },
    quality: { generatedAtMs: nowMs - 120_000, passed: true, scores },
    rejections: [{ atMs: nowMs - 9_000, reason: "SCHEMA", message, place: "partition 2, offset 81237" }],
    followers: [madeHeartbeat({ role: "fetch", at: nowMs }), madeHeartbeat({ at: nowMs - 60_000 })],
    trains: running.map(({ kind: _, ...entry }) => entry),
    figures: liveFigures(running),
    net: before?.net ?? { stations, legs: net.legs },
    drawLine: (line) => drawLiveLine(line, { routed: () => routed }, { nowMs, stations: { places, nameOf } }),
  };
}

/** A server of a view that the test replaces. */
class Site implements AsyncDisposable {
  view: LiveView;
  readonly #script: string;
  #port = 0;
  #feed: LiveFeed | null = null;
  #server: Deno.HttpServer<Deno.NetAddr> | null = null;

  constructor(view: LiveView, script: string) {
    this.view = view;
    this.#script = script;
  }

  /** Starts it, again at the same place. */
  start(): string {
    const look = () => Promise.resolve(this.view);
    const feed = new LiveFeed({ look, lineEveryMs: 0 });
    const site = { feed, look, title: "data_files", script: this.#script, hosts: new Set(["127.0.0.1"]) };
    const place = { hostname: "127.0.0.1", port: this.#port, onListen: () => {} };
    this.#server = Deno.serve(place, (request) => answerRequest(request, site));
    this.#feed = feed;
    this.#port = this.#server.addr.port;
    return `http://127.0.0.1:${this.#port}/`;
  }

  async show(view: LiveView): Promise<void> {
    this.view = view;
    await this.#feed?.refresh();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#feed?.close();
    await this.#server?.shutdown();
  }
}

/** Points at the map, place by place, until a name is shown: somewhere is the one train. */
const POINT_ALL_OVER = `(() => {
  const canvas = document.querySelector('canvas'), { left, top, width, height } = canvas.getBoundingClientRect();
  const shown = document.querySelector('.mapbox output');
  for (let y = 0; y < height; y += 10) {
    for (let x = 0; x < width; x += 10) {
      canvas.dispatchEvent(new PointerEvent('pointermove', { clientX: left + x, clientY: top + y, bubbles: true }));
      if (shown.textContent !== '') return shown.textContent;
    }
  }
  return 'nothing';
})()`;

/** Waits as the policy of the page allows it, which evaluates no text. */
async function showsView(page: Page, { figures: { running, onTime } }: LiveView): Promise<void> {
  const hasText = `${running} trains on the way, ${Math.floor((100 * onTime) / running)} % on time`;
  await page.locator("#headline", { hasText }).waitFor();
  await page.locator(`canvas[data-trains="${running}"]`).waitFor();
}

async function saysState(page: Page, hasText: string): Promise<void> {
  await page.locator("#state", { hasText }).waitFor();
}

testUnless(whyNoChromium(), {
  name: "the live page connects, follows what changes, and comes back after its server; it asks nobody else",
  async fn() {
    const script = await Deno.readTextFile("lib/live/live_client.js");
    const [noon, later] = [await viewAfter(0), await viewAfter(20)];
    await using chromium = await openChromium();
    const page = await chromium.browser.newPage();
    const asked = new Set<string>(), complaints: string[] = [];
    page.on("request", (request) => asked.add(request.url()));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await using site = new Site(noon, script);
    const url = site.start();
    await page.goto(`${url}?line=HKI-TPE`);
    await showsView(page, noon);
    await saysState(page, "live");
    const line = await page.evaluate("document.getElementById('picture').textContent");
    await site.show({ ...later, net: noon.net });
    await showsView(page, later);
    assertEquals(await page.evaluate("document.getElementById('picture').textContent") === line, false);
    assertEquals(complaints, []);
    await site[Symbol.asyncDispose]();
    await saysState(page, "connection lost, trying again");
    site.view = noon;
    site.start();
    await saysState(page, "live");
    await showsView(page, noon);
    assertEquals([...asked].sort(), [
      `${url}?line=HKI-TPE`,
      `${url}events?line=HKI-TPE`,
      `${url}live_client.js`,
    ]);
    // Nothing but the lost connection.
    assertEquals(complaints.filter((text) => !/ERR_(?:CONNECTION|INCOMPLETE|EMPTY)/.test(text)), []);
  },
});

testUnless(whyNoChromium(), {
  name:
    "the live page: axe finds nothing by day and by night, no text lies on another, nothing is wider than a phone",
  async fn() {
    const script = await Deno.readTextFile("lib/live/live_client.js");
    const noon = await viewAfter(0);
    await using chromium = await openChromium();
    await using site = new Site(noon, script);
    const page = await chromium.browser.newPage();
    await page.goto(`${site.start()}`);
    await showsView(page, noon);
    for (const width of [360, 1200]) {
      await page.setViewportSize({ width, height: 740 });
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      assertEquals([wide, await crowdedTexts(page)], [width, []]);
    }
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assertEquals([colorScheme, await axeFaults(page)], [colorScheme, []]);
    }
  },
});

testUnless(whyNoChromium(), {
  name: "a pointer on a train shows its name and how late it is",
  async fn() {
    const script = await Deno.readTextFile("lib/live/live_client.js");
    const [noon] = [await viewAfter(0)];
    const [train] = noon.trains;
    const alone = { ...noon, trains: noon.trains.slice(0, 1), figures: liveFigures([]) };
    await using chromium = await openChromium();
    await using site = new Site(alone, script);
    const page = await chromium.browser.newPage({ viewport: { width: 1200, height: 1400 } });
    await page.goto(site.start());
    await page.locator('canvas[data-trains="1"]').waitFor();
    const found = await page.evaluate(POINT_ALL_OVER);
    assertEquals(String(found).split(",")[0], train?.name);
  },
});
