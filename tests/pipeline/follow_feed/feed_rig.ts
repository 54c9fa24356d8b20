/** A follower of a made-up railway in a world without time: sleeping is what moves the clocks. */
import { configure, reset } from "@logtape/logtape";
import type { Broker } from "../../../lib/broker/broker.ts";
import { openEmbeddedBroker } from "../../../lib/broker/embedded/embedded_broker.ts";
import { paceRequests } from "../../../lib/digitraffic/pace_requests.ts";
import type { FeedState } from "../../../lib/digitraffic/feed_state.ts";
import { readPublishState } from "../../../lib/digitraffic/publish_state.ts";
import { newFigures, type StepDone } from "../../../lib/pipeline/follow_feed/feed_figures.ts";
import { FeedFollower, type FollowFeedOptions } from "../../../lib/pipeline/follow_feed/feed_follower.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";
import { readAll, withPublish } from "../../digitraffic/test_broker.ts";
import { keyOf, Railway, textOf } from "./railway.ts";

/** A Monday noon in Helsinki. */
const START_MS = Date.parse("2025-02-17T10:00:00Z");
/** Topic of all these tests. */
export const TOPIC = "trains";
const FOLDER = Deno.makeTempDirSync();
/** What a world needs. */
export const RIGHTS = { read: [FOLDER], write: [FOLDER] };
const BASE = "http://127.0.0.1:9/api/v1";
const BATCH_MS = 5_000;

globalThis.addEventListener("unload", () => Deno.removeSync(FOLDER, { recursive: true }));

/** Ends a follower as kill -9 does: nothing that comes after it is done. */
export class Kill extends RangeError {}

/** What an answer of the API becomes on its way. */
export type Weather = (path: string, answer: () => Response) => Response | Promise<Response>;

/** How a world is made. */
interface WorldOptions {
  readonly seed?: number;
  readonly startMs?: number;
  readonly perDate?: number;
  readonly dates?: readonly string[];
}

/** The outside of a follower. */
export class FeedWorld implements AsyncDisposable {
  nowMs: number;
  monotonicMs = 1_000;
  /** Its own time: the follower's clock may be wrong. */
  truthMs: number;
  weather: Weather = (_, answer) => answer();
  /** Does what happens in between, such as a batch of the source. */
  onTick: (truthMs: number) => void = (truthMs) => this.railway.batch(truthMs);
  publish: (broker: Broker) => Broker["publish"] = (broker) => (topic, messages) =>
    broker.publish(topic, messages);
  /** Comes before the broker says where its log ends. */
  onTopicOffsets: () => void = () => {};
  readonly railway: Railway;
  readonly requests: { readonly path: string; readonly atMs: number }[] = [];
  readonly steps: StepDone[] = [];
  /** Log lines, as they are filled in. */
  readonly lines: string[] = [];
  /** How often the state was recorded, the broker asked where its log ends, and messages published. */
  readonly calls = { topicOffsets: 0, publish: 0 };
  figures = newFigures();
  brokerPath: string;
  readonly statePath: string;
  readonly random;

  private constructor(readonly folder: string, options: WorldOptions) {
    const { seed = 1, startMs = START_MS, perDate = 60 } = options;
    const days = [-2, -1, 0, 1, 2].map((day) =>
      new Date(startMs + day * 86_400_000).toISOString().slice(0, 10)
    );
    this.railway = new Railway(seed, { dates: options.dates ?? days, perDate });
    this.nowMs = this.truthMs = startMs;
    this.random = seededRandom(seed, 7);
    this.statePath = `${folder}/state.json`;
    this.brokerPath = `${folder}/broker.db`;
  }

  static async create(options: WorldOptions = {}): Promise<FeedWorld> {
    const world = new FeedWorld(await Deno.makeTempDir({ dir: FOLDER }), options);
    await configure({
      sinks: { list: ({ message }) => world.lines.push(message.join("")) },
      loggers: [
        { category: "ratalake", sinks: ["list"], lowestLevel: "info" },
        { category: ["logtape", "meta"], sinks: [] },
      ],
      reset: true,
    });
    return world;
  }

  /** Lets time pass, in steps in which the railway lives. */
  pass(milliseconds: number): void {
    const end = this.truthMs + Math.ceil(milliseconds);
    while (this.truthMs < end) {
      const next = Math.min(end, (Math.floor(this.truthMs / BATCH_MS) + 1) * BATCH_MS);
      const stepMs = next - this.truthMs;
      this.truthMs = next;
      this.nowMs += stepMs;
      this.monotonicMs += stepMs;
      if (next % BATCH_MS === 0) this.onTick(next);
    }
  }

  /** Follows for so long. Ends earlier when a `Kill` is thrown, and then gives true. */
  async follow(milliseconds: number, overrides: Partial<FollowFeedOptions> = {}): Promise<boolean> {
    const stop = new AbortController();
    const endMs = this.monotonicMs + milliseconds;
    await using follower = new FeedFollower({ ...this.#options(stop, endMs), ...overrides });
    try {
      while (!stop.signal.aborted) await follower.step();
    } catch (error) {
      if (error instanceof Kill) return true;
      if (!stop.signal.aborted) throw error;
    }
    return false;
  }

  #options(stop: AbortController, endMs: number): FollowFeedOptions {
    const monotonic = () => this.monotonicMs;
    const { api } = createTestApi({
      url: BASE,
      clock: () => this.nowMs,
      random: this.random,
      sleep: (milliseconds, signal) => {
        this.pass(Math.min(milliseconds, Math.max(0, endMs - this.monotonicMs)));
        if (this.monotonicMs >= endMs) stop.abort(new Error("the end of the test"));
        signal?.throwIfAborted();
        return Promise.resolve();
      },
      fetch: async ({ url }) => {
        const path = url.slice(BASE.length);
        this.requests.push({ path, atMs: this.monotonicMs });
        const answer = () => {
          const text = this.railway.answer(path, this.truthMs);
          return new Response(text, { status: text === null ? 404 : 200 });
        };
        return await this.weather(path, answer);
      },
    });
    return {
      api: paceRequests(api, { monotonic, gapMs: 2_000, onRequest: () => this.figures.counts.requests++ }),
      openBroker: () => this.#openBroker(),
      ...{ topic: TOPIC, partitions: 3, statePath: this.statePath, monotonic },
      ...{ everyMs: 15_000, fullEveryMs: 300_000, chunkBytes: 2_000 },
      signal: stop.signal,
      figures: this.figures,
      onStep: (done) => this.steps.push(done),
    };
  }

  async #openBroker(): Promise<Broker> {
    const broker = await openEmbeddedBroker({
      path: this.brokerPath,
      clock: () => this.nowMs,
      isSynced: false,
    });
    const publish = this.publish(broker);
    const counting = withPublish(broker, (topic, messages) => {
      this.calls.publish++;
      return publish(topic, messages);
    });
    return {
      ...counting,
      topicOffsets: (topic) => {
        this.calls.topicOffsets++;
        this.onTopicOffsets();
        return broker.topicOffsets(topic);
      },
      [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose](),
    };
  }

  /** All messages, partition by partition. */
  async texts(): Promise<
    readonly { readonly key: string; readonly text: string; readonly sourceEpoch: number }[]
  > {
    await using broker = await openEmbeddedBroker({
      path: this.brokerPath,
      clock: () => this.nowMs,
      isSynced: false,
    });
    return (await readAll(broker, TOPIC)).map(({ key, value, headers }) => {
      const sourceEpoch = Number(headers.sourceEpoch ?? 0);
      return { key: key ?? "", text: new TextDecoder().decode(value ?? undefined), sourceEpoch };
    });
  }

  /** The message of each train that the tables would keep: the newest version of the newest epoch, of one the last. */
  async newest(): Promise<ReadonlyMap<string, string>> {
    const newest = new Map<string, { readonly rank: number; readonly text: string }>();
    for (const { key, text, sourceEpoch } of await this.texts()) {
      const { version = -1 }: { readonly version?: number } = JSON.parse(text);
      const rank = sourceEpoch * 1e13 + version;
      if ((newest.get(key)?.rank ?? -1) <= rank) newest.set(key, { rank, text });
    }
    return new Map([...newest].map(([key, { text }]) => [key, text]));
  }

  /** The key of each message. */
  async published(): Promise<readonly string[]> {
    return (await this.texts()).map(({ key }) => key);
  }

  /** Where the follower is, as the file says. */
  async feed(): Promise<FeedState | undefined> {
    return (await readPublishState(this.statePath))[0]?.feeds?.[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await reset();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** Those of the trains whose newest message is not what the API has. */
export async function missedTrains(
  world: FeedWorld,
  keys: Iterable<string>,
  newest?: ReadonlyMap<string, string>,
): Promise<readonly string[]> {
  const held = newest ?? await world.newest();
  return [...keys].filter((key) => {
    const train = world.railway.trains.get(key);
    return train !== undefined && held.get(key) !== textOf(train);
  });
}

/** The trains that are live, and were so when all live trains were last asked for. */
export function unchangingTrains({ railway, truthMs }: FeedWorld): readonly string[] {
  const before = new Set(railway.live(truthMs - 6 * 60_000).map(keyOf));
  return railway.live(truthMs).map(keyOf).filter((key) => before.has(key));
}

/** How many requests began within any minute, at most. */
export function mostInAMinute({ requests }: FeedWorld): number {
  let most = 0, from = 0;
  for (const [to, { atMs }] of requests.entries()) {
    while ((requests[from]?.atMs ?? atMs) <= atMs - 60_000) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
