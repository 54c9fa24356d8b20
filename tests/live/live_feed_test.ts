/** What browsers are told, beside a naive browser that keeps all it hears. */
import { assert, assertEquals } from "@std/assert";
import type { LiveTrain } from "../../lib/answers/live/live_trains.ts";
import { EventStream } from "../../lib/live/event_stream.ts";
import { LiveFeed } from "../../lib/live/live_feed.ts";
import type { LiveView } from "../../lib/live/live_view.ts";
import type { TrainEntry } from "../../lib/live/messages.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { madeHeartbeat, madeTrain, madeView, NOW_MS } from "./made_view.ts";

/** A browser that hears everything and knows nothing of what it means but the standard's format of events. */
class NaiveBrowser {
  readonly trains = new Map<string, TrainEntry>();
  readonly parts: Record<string, string> = {};
  readonly heard: string[] = [];
  #reader: ReadableStreamDefaultReader<Uint8Array>;

  constructor({ body }: EventStream) {
    this.#reader = body.getReader();
  }

  /** Reads until the event with this moment in it. */
  async until(nowMs: number): Promise<void> {
    while (true) {
      const { value, done } = await this.#reader.read();
      if (done) return;
      const [, event, data] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(new TextDecoder().decode(value)) ?? [];
      if (event === undefined || data === undefined) continue;
      this.#hear(event, JSON.parse(data));
      if (event === "figures" && JSON.parse(data).nowMs === nowMs) return;
    }
  }

  // deno-lint-ignore no-explicit-any
  #hear(event: string, message: any): void {
    this.heard.push(event);
    if (event === "figures") Object.assign(this.parts, message.parts);
    if (event !== "trains") return;
    if (message.isWhole) this.trains.clear();
    for (const train of message.trains) this.trains.set(train.id, train);
    for (const id of message.gone) this.trains.delete(id);
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

Deno.test("whatever changes, a browser knows in the end what the tables know, whenever it has come", async () => {
  const random = seededRandom(28);
  let trains: readonly LiveTrain[] = [], nowMs = NOW_MS;
  const feed = new LiveFeed({ look: () => Promise.resolve(madeView(trains, { nowMs })) });
  const browsers: NaiveBrowser[] = [];
  for (let round = 0; round < 60; round++) {
    nowMs += 500;
    trains = changeTrains(trains, random);
    if (round % 20 === 0) browsers.push(new NaiveBrowser(await open(feed, null)));
    // The one that has just come hears the same moment twice.
    await feed.refresh();
    for (const browser of browsers) await browser.until(nowMs);
    for (const browser of browsers) {
      assertEquals([...browser.trains.values()].sort(byId), [...trains.map(entry)].sort(byId));
    }
  }
  assertEquals(browsers.map(({ heard }) => heard.filter((event) => event === "net").length), [1, 1, 1]);
  await Promise.all(browsers.map((browser) => browser.close()));
  assertEquals(feed.readers, 0);
});

function changeTrains(trains: readonly LiveTrain[], random: () => number): readonly LiveTrain[] {
  const kept = trains.filter(() => random() > 0.1).map((train) =>
    random() < 0.2 ? { ...train, delaySeconds: Math.round(1000 * random()), isOnTime: random() < 0.5 } : train
  );
  const numbers = new Set(kept.map(({ id }) => id));
  const more = Array.from({ length: Math.floor(3 * random()) }, () => madeTrain(Math.floor(1e6 * random())));
  return [...kept, ...more.filter(({ id }) => !numbers.has(id))];
}

function entry({ kind: _, ...rest }: LiveTrain): TrainEntry {
  return rest;
}

function byId(a: TrainEntry, b: TrainEntry): number {
  return a.id < b.id ? -1 : 1;
}

Deno.test("while nothing changes only the time is sent, and without a page nothing is looked at", async () => {
  let looks = 0, nowMs = NOW_MS;
  const quality = { generatedAtMs: NOW_MS - 3_600_000, passed: true, scores: [] };
  const view = () => madeView([madeTrain(1)], { nowMs, quality, newestMessageMs: NOW_MS - 86_400_000 });
  const feed = new LiveFeed({ look: () => Promise.resolve(view()).finally(() => looks++) });
  await feed.refresh();
  assertEquals(looks, 0);
  const browser = new NaiveBrowser(await open(feed, null));
  await browser.until(nowMs);
  const before = browser.heard.length;
  nowMs += 500;
  await feed.refresh();
  await browser.until(nowMs);
  assertEquals(browser.heard.slice(before), ["figures"]);
  await browser.close();
});

Deno.test("a line is drawn once for all who look at it, and again only when the table has moved on and it is time", async () => {
  const drawn: (string | null)[] = [];
  let nowMs = NOW_MS, standardVersion = 1;
  const drawLine: LiveView["drawLine"] = (line) => `line ${line}, picture ${drawn.push(line)} <b>`;
  const feed = new LiveFeed({
    look: () => Promise.resolve(madeView([], { nowMs, standardVersion, drawLine })),
    lineEveryMs: 5_000,
  });
  const streams = [await open(feed, "A-B"), await open(feed, "A-B"), await open(feed, null)];
  for (const [version, afterMs] of [[1, 9_000], [2, 1_000], [3, 5_000], [3, 20_000]] as const) {
    nowMs += afterMs;
    standardVersion = version;
    await feed.refresh();
  }
  assertEquals(drawn, ["A-B", null, "A-B", null, "A-B", null]);
  for (const stream of streams) await stream.body.cancel();
});

Deno.test("the sixty-fifth page is told to come later", async () => {
  const feed = new LiveFeed({ look: () => Promise.resolve(madeView([])) });
  for (let page = 0; page < 64; page++) await open(feed, null);
  assertEquals(await feed.open(null), null);
  feed.close();
  assertEquals(feed.readers, 0);
});

Deno.test("a browser that does not read is let go before it fills the memory", () => {
  let ends = 0;
  const stream = new EventStream(() => ends++);
  const html = "x".repeat(1024 * 1024);
  for (let sent = 0; sent < 20; sent++) stream.send("line", { html });
  assertEquals(ends, 1);
  stream.send("line", { html });
  stream.close();
  assertEquals(ends, 1);
});

Deno.test("names from outside are text on the page, and throughput is what a follower counted in half a minute", async () => {
  let nowMs = NOW_MS, messages = 1_000;
  const followers = () => [madeHeartbeat({ at: nowMs, counts: { messages }, doing: "<img src=x>" })];
  const rejections = [{ atMs: null, reason: "SCHEMA", message: "<script>", place: "partition 0, offset 1" }];
  const feed = new LiveFeed({
    look: () =>
      Promise.resolve(madeView([madeTrain(1, { name: "<b>1", isOnTime: false })], {
        ...{ nowMs, followers: followers(), rejections, rejected: 1 },
      })),
  });
  const browser = new NaiveBrowser(await open(feed, null));
  await browser.until(nowMs);
  nowMs += 10_000;
  messages += 250;
  await feed.refresh();
  await browser.until(nowMs);
  const html = Object.values(browser.parts).join("");
  for (const hostile of ["<img", "<script", "<b>1", "<HKI>"]) assert(!html.includes(hostile), hostile);
  for (const shown of ["&lt;img src=x&gt;", "&lt;script&gt;", "&lt;b&gt;1", "&lt;HKI&gt;", "<dd>25.0</dd>"]) {
    assert(html.includes(shown), `${shown} in ${html}`);
  }
  await browser.close();
});

async function open(feed: LiveFeed, line: string | null): Promise<EventStream> {
  const stream = await feed.open(line);
  assert(stream !== null);
  return stream;
}

Deno.test("a line is drawn anew once a minute, also while no train moves, for its hours move on", async () => {
  let nowMs = NOW_MS;
  const drawLine = () => `drawn at ${nowMs}`;
  const feed = new LiveFeed({ look: () => Promise.resolve(madeView([], { nowMs, drawLine })) });
  const stream = await feed.open(null);
  assert(stream !== null);
  const browser = new NaiveBrowser(stream);
  await browser.until(NOW_MS);
  const drawn: number[] = [];
  for (let second = 1; second <= 130; second++) {
    nowMs = NOW_MS + 1_000 * second;
    const before = browser.heard.length;
    await feed.refresh();
    await browser.until(nowMs);
    if (browser.heard.slice(before).includes("line")) drawn.push(second);
  }
  assertEquals(drawn, [60, 120]);
  await browser.close();
});
