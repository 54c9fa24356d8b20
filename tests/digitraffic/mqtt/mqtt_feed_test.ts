/** The feed over MQTT by a clock that tests move, with a broker that does what a test says. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { MqttFeed, type MqttFeedOptions } from "../../../lib/digitraffic/mqtt/mqtt_feed.ts";
import type { Subscribe, SubscribeOptions } from "../../../lib/digitraffic/mqtt/open_subscription.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { VirtualTime } from "./virtual_time.ts";

const MINUTE_MS = 60_000;
const encoder = new TextEncoder();

/** A broker of which a test says when a connection works, and for how long. */
class FakeBroker {
  readonly connectsMs: number[] = [];
  /** Says what becomes of a connection: refused, or how long it lives. */
  fate: () => Error | number = () => Infinity;
  open: SubscribeOptions | null = null;
  #drop = () => {};

  constructor(readonly time: VirtualTime) {}

  readonly subscribe: Subscribe = (options) => {
    this.connectsMs.push(this.time.nowMs);
    const fate = this.fate();
    if (fate instanceof Error) return Promise.reject(fate);
    const { promise: ended, resolve } = Promise.withResolvers<Error>();
    this.#drop = () => {
      this.open = null;
      resolve(new Error("dropped"));
    };
    this.open = options;
    if (fate < Infinity) this.time.sleep(fate).then(this.#drop);
    return Promise.resolve({
      ended,
      [Symbol.asyncDispose]: () => {
        this.open = null;
        return Promise.resolve();
      },
    });
  };

  send(trainNumber: number, version: number, { note = "", isRetained = false } = {}): void {
    const train = { trainNumber, departureDate: "2025-02-17", version, note };
    this.open?.onMessage(encoder.encode(JSON.stringify(train)), isRetained);
  }

  drop(): void {
    this.#drop();
  }
}

function openFeed(options: Partial<MqttFeedOptions> = {}): {
  readonly time: VirtualTime;
  readonly broker: FakeBroker;
  readonly feed: MqttFeed;
} {
  const time = new VirtualTime();
  const broker = new FakeBroker(time);
  const clock = () => time.nowMs;
  const feed = new MqttFeed({
    ...{ url: "ws://127.0.0.1:9/mqtt", user: "test", clientId: "test", subscribe: broker.subscribe },
    ...{ clock, monotonic: clock, sleep: time.sleep, random: seededRandom(3) },
    ...options,
  });
  return { time, broker, feed };
}

/** Looks whether there is news without waiting for it. */
async function hasNews(feed: MqttFeed): Promise<boolean> {
  let isNews = false;
  feed.news().then(() => isNews = true);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return isNews;
}

Deno.test("messages of a burst are handed over together, a moment after the first, with the time they came", async () => {
  const { time, broker, feed } = openFeed();
  await using _ = feed;
  await time.pass(0);
  assertEquals([feed.take(), feed.takeGap(), feed.isHealthy], [[], "connected", true]);
  broker.send(1, 5);
  await time.pass(20);
  broker.send(2, 6);
  broker.send(1, 7);
  assertEquals([await hasNews(feed), feed.take().length], [false, 0]);
  await time.pass(40);
  assert(await hasNews(feed));
  assertEquals(
    feed.take().map(({ identity, receivedMs }) => [identity?.trainNumber, identity?.version, receivedMs]),
    [[1, 7, 20], [2, 6, 20]],
  );
  assertEquals([await hasNews(feed), feed.take(), feed.takeGap()], [false, [], "none"]);
  broker.send(3, 8);
  assertEquals(feed.take(), []);
  await time.pass(60);
  assertEquals(feed.take().length, 1);
  assertEquals(feed.figures.messages, 4);
});

Deno.test("what could not be published comes again, unless something newer has come", async () => {
  const { time, broker, feed } = openFeed();
  await using _ = feed;
  await time.pass(0);
  broker.send(1, 5);
  broker.send(2, 5);
  await time.pass(100);
  const taken = feed.take();
  broker.send(1, 6);
  feed.putBack(taken);
  await time.pass(100);
  assertEquals(feed.take().map(({ identity }) => identity?.version).toSorted(), [5, 6]);
});

Deno.test("a broker that takes and drops at once is asked at most five times in any minute, for hours", async () => {
  const { time, broker, feed } = openFeed();
  await using _ = feed;
  const random = seededRandom(9);
  broker.fate = () => random() < 0.5 ? new Error("refused") : Math.floor(random() * 3) * 30_000;
  for (let minute = 0; minute < 180; minute++) await time.pass(MINUTE_MS);
  assert(broker.connectsMs.length > 150, `${broker.connectsMs.length}`);
  broker.connectsMs.forEach((atMs, index) => {
    assert((broker.connectsMs[index + 5] ?? Infinity) - atMs >= MINUTE_MS);
  });
});

Deno.test("health is news, and each connection says that something may be missed", async () => {
  const { time, broker, feed } = openFeed();
  await using _ = feed;
  await time.pass(0);
  feed.take();
  feed.takeGap();
  broker.drop();
  await time.pass(0);
  assertEquals([await hasNews(feed), feed.isHealthy, feed.take(), feed.takeGap()], [true, false, [], "none"]);
  await time.pass(MINUTE_MS);
  assertEquals([await hasNews(feed), feed.isHealthy, feed.takeGap()], [true, true, "connected"]);
  assertEquals(feed.figures.reconnects, 1);
});

Deno.test("a silent connection is renewed, ever more rarely, until a message comes; a retained one is no sign", async () => {
  const { time, broker, feed } = openFeed();
  await using _ = feed;
  await time.pass(4 * MINUTE_MS);
  assertEquals(broker.connectsMs.length, 1);
  broker.send(1, 1, { isRetained: true });
  await time.pass(2 * MINUTE_MS);
  assertEquals(broker.connectsMs.length, 2);
  await time.pass(180 * MINUTE_MS);
  const connects = broker.connectsMs.length;
  assert(connects >= 5 && connects <= 9, `${connects}`);
  for (let minute = 0; minute < 60; minute++) {
    broker.send(1, minute);
    await time.pass(MINUTE_MS);
  }
  assertEquals(broker.connectsMs.length, connects);
  await time.pass(5 * MINUTE_MS);
  assertEquals(broker.connectsMs.length, connects + 1);
});

Deno.test("a flood fills the queue to its bound and no further, and asks for all live trains", async () => {
  const { time, broker, feed } = openFeed({ limits: { maxQueueTrains: 50 } });
  await using _ = feed;
  await time.pass(0);
  feed.take();
  for (let number = 0; number < 10_000; number++) broker.send(number, 1);
  await time.pass(100);
  assertEquals([feed.take().length, feed.takeGap()], [50, "lost"]);
  for (let version = 0; version < 10_000; version++) broker.send(7, version);
  await time.pass(100);
  assertEquals([feed.take().map(({ identity }) => identity?.version), feed.takeGap()], [[9_999], "none"]);
});

Deno.test("an oversized message is left out and made good, an empty one is nothing", async () => {
  const { time, broker, feed } = openFeed({ limits: { maxPayloadBytes: 200 } });
  await using _ = feed;
  await time.pass(0);
  feed.takeGap();
  broker.send(1, 1, { note: "x".repeat(300) });
  broker.open?.onMessage(new Uint8Array(), true);
  broker.open?.onMessage(encoder.encode("[1, garbage"), false);
  await time.pass(100);
  assertEquals(feed.take().map(({ identity }) => identity), [null]);
  assertEquals([feed.takeGap(), feed.figures.messages, feed.figures.refused], ["lost", 2, 1]);
});

Deno.test("a broker that does not answer is given up after a while", async () => {
  let given: unknown;
  const { time, feed } = openFeed({
    subscribe: ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(given = signal.reason), { once: true });
      }),
  });
  await using _ = feed;
  await time.pass(29_000);
  assertEquals(given, undefined);
  await time.pass(2_000);
  assertEquals(String(given), "Error: no answer within 30 s");
});

Deno.test("a missing right ends whoever takes", async () => {
  const { time, feed } = openFeed({
    subscribe: () => Promise.reject(new Deno.errors.NotCapable("Requires net access")),
  });
  await using _ = feed;
  await time.pass(0);
  assert(await hasNews(feed));
  assertThrows(() => feed.take(), Deno.errors.NotCapable);
});
