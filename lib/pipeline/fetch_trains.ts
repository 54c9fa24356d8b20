/** The pipeline from the API to the broker: fetch, leave out what is known, publish, note what was published. */

import { getLogger } from "../packages/logtape.ts";
import type { Broker, Message } from "../broker/broker.ts";
import type { DigitrafficApi } from "../digitraffic/digitraffic_api.ts";
import { fetchLiveTrains, type LiveTrains } from "../digitraffic/fetch_live_trains.ts";
import { type PublishedLog, readPublishState, writePublishState } from "../digitraffic/publish_state.ts";
import { addPublished, compareToPublished, prunePublished } from "../digitraffic/published_versions.ts";
import { takeFingerprints } from "./compare_log.ts";
import { findPublished } from "./find_published.ts";
import type { ReceivedTrain, TrainIdentity } from "../train/train_identity.ts";
import { encodeTrainMessage, identifyTrain } from "../train/train_message.ts";

const logger = getLogger(["ratalake", "fetch"]);

/** What one round needs. */
export interface FetchTrainsOptions {
  readonly api: DigitrafficApi;
  readonly broker: Broker;
  readonly topic: string;
  /** For a topic that has to be created. */
  readonly partitions: number;
  /** File that remembers what this machine has published; losing it only means publishing again. */
  readonly statePath: string;
  /** Publishes known trains too. */
  readonly full?: boolean;
  /** Called after each chunk with how many of how many trains the broker has. */
  readonly onPublished?: (sent: number, total: number) => void;
  /** Ends the fetch at once and the publishing after the chunk under way. */
  readonly signal?: AbortSignal;
  /** Messages are handed to the broker in chunks of about this many bytes. Default 4 MiB. */
  readonly chunkBytes?: number;
}

/** What one round did. `fetched` = `published` + `unchanged` + `older` + `unpublished`. */
export interface FetchSummary {
  readonly fetched: number;
  readonly published: number;
  /** Left out because this version was published before. */
  readonly unchanged: number;
  /** Left out because a newer version was published before: the source has gone back. */
  readonly older: number;
  /** Left out because the signal came first. */
  readonly unpublished: number;
  /** Bytes of the published trains. */
  readonly sizeBytes: number;
  readonly durationSeconds: number;
}

/** One train on its way. */
interface Outgoing {
  readonly identity: TrainIdentity | null;
  readonly message: Message;
}

/**
 * Fetches all trains once and publishes those that are new or whose version rose.
 *
 * What was published is recorded only after the broker has it, so that a crash publishes twice rather than never.
 * Elements that name no train are published too: they are validated, and kept, further on.
 *
 * @throws {FetchError} When the API gives no trains.
 * @throws {BrokerError} When the broker does not take them; what it took before stays recorded.
 */
export async function fetchTrains(options: FetchTrainsOptions): Promise<FetchSummary> {
  const { api, broker, topic, statePath, signal } = options;
  const startedMs = api.clock();
  const state = await readPublishState(statePath);
  await broker.ensureTopic(topic, options.partitions);
  const before = await findPublished(state, broker, topic);
  const answer = await fetchLiveTrains(api, signal ? { signal } : {});
  const trains = answer.elements.map((train) => prepare(train, answer));
  const { news, unchanged, older } = sortOut(trains, options.full === true ? new Map() : before.versions);
  if (older > unchanged + news.length) warnOfOldSource(older);
  const sent: Outgoing[] = [];
  try {
    await publishChunks(news, sent, options);
  } catch (error) {
    // The first failure is the one to report; an unwritten record only means publishing again.
    await recordSent({ state, before, trains, sent }, options).catch(() => {});
    throw error;
  }
  await recordSent({ state, before, trains, sent }, options);
  return {
    fetched: trains.length,
    published: sent.length,
    unchanged,
    older,
    unpublished: news.length - sent.length,
    sizeBytes: sent.reduce((sum, { message }) => sum + (message.value?.length ?? 0), 0),
    durationSeconds: (api.clock() - startedMs) / 1000,
  };
}

function warnOfOldSource(older: number): void {
  logger.warn(
    "{older} trains are older than what was published: the source has gone back (another one, or a simulator that was " +
      "started again). The tables keep the newest version of each train; for another source use another DATA_DIR and " +
      "KAFKA_TOPIC, or begin anew with `deno task reset`",
    { older },
  );
}

function prepare(train: ReceivedTrain, { source, fetchedAtMs }: LiveTrains): Outgoing {
  const identity = identifyTrain(train);
  return {
    identity,
    message: encodeTrainMessage(train.bytes, { identity, origin: { source, fetchedAtMs } }),
  };
}

/** The trains that are to be published, and how many are not. */
function sortOut(trains: readonly Outgoing[], versions: PublishedLog["versions"]) {
  const { new: news = [], unchanged = [], older = [] } = Object.groupBy(
    trains,
    ({ identity }) => compareToPublished(versions, identity),
  );
  return { news, unchanged: unchanged.length, older: older.length };
}

/** Publishes in order; `sent` grows by what the broker has acknowledged, also when a later chunk fails. */
async function publishChunks(
  news: readonly Outgoing[],
  sent: Outgoing[],
  { broker, topic, signal, onPublished, chunkBytes = 4 * 1024 * 1024 }: FetchTrainsOptions,
): Promise<void> {
  while (sent.length < news.length && signal?.aborted !== true) {
    const chunk = takeChunk(news, sent.length, chunkBytes);
    await broker.publish(topic, chunk.map(({ message }) => message));
    for (const one of chunk) sent.push(one);
    onPublished?.(sent.length, news.length);
  }
}

function takeChunk(news: readonly Outgoing[], from: number, chunkBytes: number): readonly Outgoing[] {
  let sizeBytes = 0;
  let to = from;
  while (to < news.length && (to === from || sizeBytes < chunkBytes)) {
    sizeBytes += news[to]?.message.value?.length ?? 0;
    to++;
  }
  return news.slice(from, to);
}

/** A round, as far as its record needs it. */
interface Round {
  readonly state: readonly PublishedLog[];
  readonly before: PublishedLog;
  readonly trains: readonly Outgoing[];
  readonly sent: readonly Outgoing[];
}

async function recordSent(
  round: Round,
  { api, broker, topic, statePath }: FetchTrainsOptions,
): Promise<void> {
  const { state, before, trains, sent } = round;
  const answered = new Set(trains.flatMap(({ identity }) => identity?.departureDate ?? []));
  const all = addPublished(before.versions, sent.map(({ identity }) => identity));
  const log: PublishedLog = {
    ...before,
    records: before.records + BigInt(sent.length),
    fetchedAt: new Date(api.clock()),
    // Without them the trains are noted all the same: the log is then known by what was noted before.
    messages: await takeFingerprints({ broker, topic }).catch(() => before.messages),
    versions: prunePublished(all, { nowMs: api.clock(), answered }),
  };
  const others = state.filter((other) => other.broker !== log.broker || other.topic !== log.topic);
  await writePublishState(statePath, [...others, log]);
}
