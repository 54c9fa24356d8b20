/**
 * Rounds of a small fetch on one lake, for the runs between those that are measured: each opens everything anew, as a
 * process would, without the start of one.
 *
 * usage: growth_work.ts FOLDER FIRST LAST [--publish-only]
 */

import { openBroker } from "../../lib/broker/open_broker.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { processTrains } from "../../lib/pipeline/process_trains.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { openLake } from "../../lib/tables/lake.ts";
import { encodeTrainMessage, identifyTrain } from "../../lib/train/train_message.ts";
import { releaseMemory } from "../../scripts/host/release_memory.ts";
import { RECORDING } from "../interop/shared_data.ts";

const TOPIC = "digitraffic_live_trains";
/** A day's trains; every round has the next of them with a version that is new. */
const TRAINS = 600;
const PER_ROUND = 20;
const DAY_MS = 86_400_000;
const AT_MS = Date.parse(RECORDING.fetchedAt);
const HOW_LONG_MS = 7 * DAY_MS;

const [folder = "", first = "0", last = "0", mode] = Deno.args;
const trains = [...simulateTrains({ seed: 1, trains: TRAINS, atMs: AT_MS })];
for (let round = Number(first); round <= Number(last); round++) {
  await publish(round);
  if (mode !== "--publish-only") await ingest();
}

/** Round 0 has all trains. */
async function publish(round: number): Promise<void> {
  await using broker = await openBroker({ path: `${folder}/broker.db`, clock: Date.now });
  await broker.ensureTopic(TOPIC, 3);
  const count = round === 0 ? TRAINS : PER_ROUND;
  const changed = Array.from({ length: count }, (_, at) => trains[(round * PER_ROUND + at) % TRAINS]);
  const messages = changed.flatMap((train) => {
    if (train === undefined) return [];
    const bytes = new TextEncoder().encode(JSON.stringify({ ...train, version: train.version + round }));
    const origin = { source: "bench", fetchedAtMs: Date.now() };
    return [encodeTrainMessage(bytes, { identity: identifyTrain({ bytes, identity: undefined }), origin })];
  });
  await broker.publish(TOPIC, messages);
}

async function ingest(): Promise<void> {
  const context = { clock: Date.now, ids: () => crypto.randomUUID() };
  await using broker = await openBroker({ path: `${folder}/broker.db`, clock: Date.now });
  const lake = await openLake((path) => new LocalStore(`${folder}/${path}`), { topic: TOPIC, ...context });
  const { signal } = new AbortController();
  await processTrains({ broker, lake, group: "ratalake" }, {
    limits: { maxBatchBytes: 32_000_000, keepFilesMs: HOW_LONG_MS, keepMessagesMs: HOW_LONG_MS },
    surroundings: { ...context, monotonic: () => performance.now(), signal, releaseMemory },
  });
}
