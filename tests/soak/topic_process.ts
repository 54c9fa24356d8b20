/** A process of a soak that follows the topic as `process --follow` does; only what it says of the time is that of the soak. */
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { FollowFigures } from "../../lib/pipeline/follow_topic/follow_figures.ts";
import { runFollower } from "../../lib/pipeline/follow_topic/run_follower.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { followSurroundings } from "../../scripts/host/follow_surroundings.ts";
import { readPlaces, SOAK_TOPIC } from "./soak_places.ts";
import { ClientTime } from "./soak_time.ts";

const HOUR_MS = 3_600_000;
const ASK_TIME_MS = 100;

const { timeUrl, dataDir } = readPlaces(Deno.args);
const time = await ClientTime.connect(timeUrl);
const end = new AbortController();
Deno.addSignalListener("SIGTERM", () => end.abort());
const asking = setInterval(() => time.ask().catch(() => {}), ASK_TIME_MS);
const surroundings = { ...followSurroundings(end.signal), clock: time.clock };
const figures = new FollowFigures(surroundings);
const storeOf = (path: string) => new LocalStore(`${dataDir}/${path}`);
const backoff = figures.countingRetries(jitteredBackoff({ random: Math.random }));
const context = { topic: SOAK_TOPIC, clock: time.clock, ids: () => crypto.randomUUID(), backoff };

await runFollower({
  ...{ group: "soak", storeOf, openLake: () => openLake(storeOf, context) },
  openBroker: () => openEmbeddedBroker({ path: `${dataDir}/broker.db`, clock: time.clock }),
}, {
  ...{ dataDir, topic: SOAK_TOPIC, who: { pid: Deno.pid, host: "soak" }, surroundings, figures },
  limits: { maxBatchBytes: 32_000_000, keepFilesMs: HOUR_MS, keepMessagesMs: 24 * HOUR_MS },
  pace: { maxAgeMs: 200, pollMs: 100 },
  times: { analyseMs: 5_000, measureMs: 15_000 },
});
clearInterval(asking);
