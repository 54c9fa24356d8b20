/** What the place of the feed becomes when an answer is in the log. Pure. */
import type { FeedState } from "../../digitraffic/feed_state.ts";
import { addDue, datesThatMatter, datesToReconcile } from "./feed_dates.ts";
import type { FeedStep } from "./plan_step.ts";
import { greatestVersion, type IdentifiedTrain } from "./identified_trains.ts";

/** Pages of one catching up; whoever was away for more compares the dates as a whole, which is less. */
const MOST_PAGES = 12;
const WEEK_MS = 7 * 86_400_000;

/** An answer that is in the log. */
interface Answered {
  readonly trains: readonly IdentifiedTrain[];
  /** Of a catching up the number of its page, from 1. */
  readonly page: number;
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/** The place before anything was asked of a source. */
export function newFeed(source: string): FeedState {
  return {
    source,
    cursor: null,
    polledMs: null,
    fullMs: null,
    catchUp: null,
    due: [],
    reconciled: new Map(),
  };
}

/**
 * The place after the answer to a step. An answer without a train proves nothing: an API that has lost its trains for an
 * hour gives such ones too. The railway always has some, and departure dates always do.
 */
export function advanceFeed(feed: FeedState, step: FeedStep, { trains, page, nowMs }: Answered): FeedState {
  switch (step.kind) {
    case "live":
      return trains.length === 0 ? feed : { ...feed, cursor: raise(feed.cursor, trains), polledMs: nowMs };
    case "full":
      return trains.length === 0
        ? feed
        : { ...feed, cursor: raise(feed.cursor, trains), polledMs: nowMs, fullMs: nowMs };
    case "catchUp":
      return turnPage(feed, { trains, page, nowMs });
    case "reconcile":
      return trains.length === 0 ? feed : reconciled(feed, { date: step.date, nowMs });
  }
}

/** The place in a source that was set up anew: all live trains, and all trains of the dates that it may tell otherwise. */
export function renewedFeed({ source, due }: FeedState, nowMs: number): FeedState {
  const dates = datesThatMatter({ sinceMs: nowMs - WEEK_MS, nowMs }).toReversed();
  return { ...newFeed(source), due: addDue(due, dates) };
}

/** The changes cannot be asked for by version: all dates that may have some are compared instead. */
export function stuckFeed(feed: FeedState, nowMs: number): FeedState {
  const { catchUp, due } = feed;
  if (catchUp === null) return feed;
  const dates = datesThatMatter({ sinceMs: catchUp.sinceMs, nowMs }).toReversed();
  return { ...feed, catchUp: null, due: addDue(due, dates) };
}

/** The cursor never goes back: a cache may answer with what was before. */
function raise(cursor: number | null, trains: readonly IdentifiedTrain[]): number | null {
  const greatest = greatestVersion(trains);
  return greatest !== null && greatest > (cursor ?? -1) ? greatest : cursor;
}

/** More than 2,500 trains of one version are in no page: then it is empty though something newer is known. */
function turnPage(feed: FeedState, { trains, page, nowMs }: Answered): FeedState {
  const { catchUp, cursor } = feed;
  if (catchUp === null) return feed;
  const greatest = greatestVersion(trains);
  if (trains.length === 0 && catchUp.from >= (cursor ?? 0)) return { ...feed, catchUp: null };
  if (greatest === null || greatest <= catchUp.from || page >= MOST_PAGES) return stuckFeed(feed, nowMs);
  return { ...feed, catchUp: { ...catchUp, from: greatest } };
}

function reconciled(
  feed: FeedState,
  { date, nowMs }: { readonly date: string; readonly nowMs: number },
): FeedState {
  const kept = new Set(datesToReconcile(nowMs));
  const others = [...feed.reconciled].filter(([each]) => kept.has(each));
  return {
    ...feed,
    due: feed.due.filter((each) => each !== date),
    reconciled: new Map([...others, [date, nowMs]]),
  };
}
