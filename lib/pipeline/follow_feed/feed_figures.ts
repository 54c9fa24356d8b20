/** The figures of a follower of the feed, as its heartbeat shows them. */
import type { MqttFigures } from "../../digitraffic/mqtt/mqtt_feed.ts";
import { reasonOf } from "./feed_troubles.ts";
import type { IdentifiedTrain } from "./identified_trains.ts";
import type { FeedStep } from "./plan_step.ts";
import type { PublishedAnswer } from "./publish_answer.ts";

/** As many as a heartbeat shows. */
const MOST_ERRORS = 5;
const DELETED = /"deleted"\s*:\s*true/;
const utf8 = new TextDecoder();

/** How a follower is; it writes into this as it goes. Times are milliseconds since 1970 UTC, null for never. */
export interface FeedFigures {
  /** What only rises. `deleted` is of the published ones, `retries` are requests for what failed before. */
  readonly counts: Record<
    | "polls"
    | "fullPolls"
    | "catchUpPages"
    | "reconciliations"
    | "fetched"
    | "published"
    | "unchanged"
    | "deleted"
    | "failures"
    | "requests"
    | "retries"
    | "resyncs",
    number
  >;
  /** What it is at, for people. */
  doing: string;
  /** Until when it waits, by the clock that never goes back. */
  waitsUntilMs: number | null;
  cursor: number | null;
  cursorMs: number | null;
  /** When the newest train that was published was fetched. */
  newestFetchMs: number | null;
  /** When the last answer was in the log. */
  answeredMs: number | null;
  /** Of the trains that come by themselves; null when none are to. */
  mqtt: MqttFigures | null;
  /** The newest last. */
  errors: readonly { readonly at: number; readonly message: string }[];
}

/** What became of one answer. */
export interface StepDone {
  readonly kind: FeedStep["kind"] | "messages";
  /** The departure date that was compared. */
  readonly date?: string;
  readonly fetched: number;
  readonly published: number;
  readonly unchanged: number;
  readonly older: number;
  /** Of dates that are not kept, or without a version and the same as before. */
  readonly unwanted: number;
  /** Of the published ones. */
  readonly deleted: number;
  readonly sizeBytes: number;
  readonly cursor: number | null;
}

/** The figures of one that begins. */
export function newFigures(): FeedFigures {
  return {
    counts: {
      ...{ polls: 0, fullPolls: 0, catchUpPages: 0, reconciliations: 0 },
      ...{ fetched: 0, published: 0, unchanged: 0, deleted: 0 },
      ...{ failures: 0, requests: 0, retries: 0, resyncs: 0 },
    },
    doing: "starting",
    waitsUntilMs: null,
    ...{ cursor: null, cursorMs: null, newestFetchMs: null, answeredMs: null },
    mqtt: null,
    errors: [],
  };
}

/** Adds an error to the last few. */
export function noteError(figures: FeedFigures, error: unknown, { nowMs }: { readonly nowMs: number }): void {
  figures.counts.failures++;
  figures.errors = [...figures.errors.slice(1 - MOST_ERRORS), { at: nowMs, message: reasonOf(error) }];
}

/** Adds what became of an answer, and gives it. */
export function noteStep(
  figures: FeedFigures,
  step: FeedStep | { readonly kind: "messages" },
  done: PublishedAnswer & {
    readonly trains: readonly IdentifiedTrain[];
    readonly cursor: number | null;
    readonly nowMs: number;
  },
): StepDone {
  const { trains, sent, unchanged, older, unwanted, sizeBytes, cursor, nowMs } = done;
  const { counts } = figures;
  const summary = {
    kind: step.kind,
    ...(step.kind === "reconcile" ? { date: step.date } : {}),
    ...{ fetched: trains.length, published: sent.length, unchanged, older, unwanted },
    ...{ deleted: sent.filter(isDeleted).length, sizeBytes, cursor },
  };
  for (const name of ["fetched", "published", "unchanged", "deleted"] as const) counts[name] += summary[name];
  if (step.kind === "live" || step.kind === "full") counts.polls++;
  if (step.kind === "full") counts.fullPolls++;
  if (step.kind === "catchUp") counts.catchUpPages++;
  if (step.kind === "reconcile") counts.reconciliations++;
  if (cursor !== figures.cursor) Object.assign(figures, { cursor, cursorMs: nowMs });
  if (sent.length > 0) figures.newestFetchMs = nowMs;
  if (step.kind !== "messages") figures.answeredMs = nowMs;
  return summary;
}

function isDeleted({ bytes }: IdentifiedTrain): boolean {
  return DELETED.test(utf8.decode(bytes));
}
