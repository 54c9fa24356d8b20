/** The pipeline from the API to the broker: fetch, leave out what is known, publish, note what was published. */

import type { Broker } from "../broker/broker.ts";
import type { DigitrafficApi } from "../digitraffic/digitraffic_api.ts";
import { fetchLiveTrains } from "../digitraffic/fetch_live_trains.ts";
import { noticeDeprecation } from "../digitraffic/notice_deprecation.ts";
import { readPublishState } from "../digitraffic/publish_state.ts";
import { takeFingerprints } from "./compare_log.ts";
import { findPublished, type FoundLog } from "./find_published.ts";
import { datesOf, identifyTrains } from "./follow_feed/identified_trains.ts";
import { publishAnswer } from "./follow_feed/publish_answer.ts";
import { addSent, recordPublished, startEpoch } from "./follow_feed/record_published.ts";
import { warnOfOldSource } from "./follow_feed/warn_of_old_source.ts";

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
  /** The source was set up anew: publishes all its trains, as newer than all that was published before. */
  readonly anew?: boolean;
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
  const { broker, topic, statePath, signal } = options;
  const api = { onAnswer: noticeDeprecation(), ...options.api };
  const startedMs = api.clock();
  const state = await readPublishState(statePath);
  await broker.ensureTopic(topic, options.partitions);
  const found = await findPublished(state, broker, topic);
  const answer = await fetchLiveTrains(api, { signal });
  const trains = identifyTrains(answer);
  const { log, isOther } = options.anew === true ? await beginAnew(found, statePath, api.clock()) : found;
  const versions = options.full === true ? new Map() : log.versions;
  const { sourceEpoch } = log;
  const done = await publishAnswer(trains, { ...options, versions, sourceEpoch, origin: answer });
  const { sent, unchanged, older, unpublished, sizeBytes, failure } = done;
  warnOfOldSource(done);
  const nowMs = api.clock();
  // Without them the trains are noted all the same: the log is then known by what was noted before.
  const messages = await takeFingerprints({ broker, topic }).catch(() => log.messages);
  const recorded = recordPublished(statePath, {
    log: addSent({ ...log, messages, fetchedAt: new Date(nowMs) }, sent),
    isOther,
    answered: datesOf(trains),
    nowMs,
  });
  // The first failure is the one to report; an unwritten record only means publishing again.
  if (failure !== undefined) await recorded.catch(() => {});
  if (failure !== undefined) throw failure;
  await recorded;
  return {
    fetched: trains.length,
    published: sent.length,
    unchanged,
    older,
    unpublished,
    sizeBytes,
    durationSeconds: (api.clock() - startedMs) / 1000,
  };
}

/** Recorded before anything is published: the epoch must never be lower than that of a message. */
async function beginAnew({ log, isOther }: FoundLog, statePath: string, nowMs: number): Promise<FoundLog> {
  const change = { log: startEpoch(log), isOther, answered: new Set<string>(), nowMs };
  return { log: await recordPublished(statePath, change), isOther: false };
}
