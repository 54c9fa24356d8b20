/** A process of a soak that follows the feed as `fetch --follow` does, but by the time of the soak: whenever it waits, time goes by. */
import { setTimeout as sleepReally } from "node:timers/promises";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { newFigures } from "../../lib/pipeline/follow_feed/feed_figures.ts";
import { followFeed } from "../../lib/pipeline/follow_feed/follow_feed.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { readPlaces, SOAK_TOPIC } from "./soak_places.ts";
import { ClientTime } from "./soak_time.ts";

const MINUTE_MS = 60_000;
/** Heartbeats are for people, by their own time. */
const HEARTBEAT_MS = 5_000;

const { apiUrl, timeUrl, dataDir, seed } = readPlaces(Deno.args);
const time = await ClientTime.connect(timeUrl);
const end = new AbortController();
Deno.addSignalListener("SIGTERM", () => end.abort());
const random = seededRandom(seed, Math.floor(time.clock() / 1000));

await followFeed({
  api: {
    ...{ url: apiUrl, user: "ratalake/soak", clock: time.clock, random, fetch },
    sleep: (milliseconds, signal) =>
      milliseconds === HEARTBEAT_MS
        ? sleepReally(milliseconds, undefined, signal ? { signal } : {})
        : time.advance(milliseconds, signal),
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
  },
  openBroker: () => openEmbeddedBroker({ path: `${dataDir}/broker.db`, clock: time.clock }),
  ...{ topic: SOAK_TOPIC, partitions: 3, dataDir, statePath: `${dataDir}/publish_state.json` },
  // The rarest that the simulator's truth allows.
  ...{ everyMs: 4 * MINUTE_MS, fullEveryMs: 14 * MINUTE_MS },
  ...{ monotonic: time.clock, signal: end.signal, figures: newFigures() },
  process: { pid: Deno.pid, host: "soak" },
});
