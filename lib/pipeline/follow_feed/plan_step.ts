/** Decides what to ask the API next, and when. Pure. */
import type { FeedState } from "../../digitraffic/feed_state.ts";
import { addDue, datesThatMatter, datesToReconcile, isNear, reconcileDueMs } from "./feed_dates.ts";

/** One question to the API. */
export type FeedStep =
  /** All live trains. */
  | { readonly kind: "full" }
  /** The live trains that changed. */
  | { readonly kind: "live"; readonly since: number }
  /** All trains that changed, a page of them; those of these dates are published. */
  | { readonly kind: "catchUp"; readonly since: number; readonly dates: readonly string[] }
  /** All trains of a departure date. */
  | { readonly kind: "reconcile"; readonly date: string };

/** When what may be asked, in milliseconds of a clock that never goes back. */
export interface FeedTimes {
  readonly pollAtMs: number;
  readonly fullAtMs: number;
  /** What failed waits by itself, each departure date too; by {@linkcode stepKey}. */
  readonly retryAtMs: Readonly<Record<string, number>>;
  /** Nothing at all is asked before. */
  readonly quietUntilMs: number;
}

/** The present, and how it is read. */
interface PlanOptions {
  /** Milliseconds since 1970 UTC, by a clock that may jump. */
  readonly nowMs: number;
  /** By the clock of {@linkcode FeedTimes}. */
  readonly monotonicMs: number;
  /** Added to the times of the daily comparison, so that not all followers ask at once. */
  readonly shiftMs: number;
  /** Who has seen no live train for longer was away. */
  readonly breakMs: number;
}

/** When a silence is a break. */
type BreakOptions = Pick<PlanOptions, "nowMs" | "breakMs">;

/** A step and when it is due. */
export interface PlannedStep {
  readonly step: FeedStep;
  /** By the clock of {@linkcode FeedTimes}; never past. */
  readonly atMs: number;
}

/**
 * The step that is due first. Of several that are due the live trains go first, so that catching up, page by page, and
 * comparing whole dates never keep them waiting.
 */
export function planStep(feed: FeedState, times: FeedTimes, options: PlanOptions): PlannedStep {
  const full: PlannedStep = {
    step: { kind: "full" },
    // Answers without a train, or without versions, give no cursor: they too are asked for no more often than changes.
    atMs: feed.cursor === null ? Math.min(times.pollAtMs, times.fullAtMs) : times.fullAtMs,
  };
  const others = [...livePolls(feed, times), ...catchUps(feed, options), ...reconciliations(feed, options)];
  const earliestMs = Math.max(times.quietUntilMs, options.monotonicMs);
  const held = ({ step, atMs }: PlannedStep) => {
    return { step, atMs: Math.max(atMs, times.retryAtMs[stepKey(step)] ?? -Infinity, earliestMs) };
  };
  return others.map(held).reduce((first, next) => next.atMs < first.atMs ? next : first, held(full));
}

/**
 * The feed with what is to be caught up with after a break, if this is one; else as it is. All dates since then are
 * compared as well: where the clock jumped, the cursor may have been raised, and pages left out, under a wrong date.
 */
export function noticeBreak(feed: FeedState, { nowMs, breakMs }: BreakOptions): FeedState {
  const { cursor, polledMs, catchUp } = feed;
  if (polledMs === null || !isAway(feed, { nowMs, breakMs })) return feed;
  const sinceMs = Math.min(polledMs, nowMs, catchUp?.sinceMs ?? Infinity);
  const [today = ""] = datesToReconcile(nowMs);
  const dates = datesThatMatter({ sinceMs, nowMs }).filter((date) => date <= today).toReversed();
  const due = addDue(feed.due, dates);
  const from = catchUp?.from ?? cursor;
  const isKnown = catchUp?.sinceMs === sinceMs || from === null;
  if (isKnown && due.length === feed.due.length) return feed;
  return { ...feed, catchUp: from === null ? null : { from, sinceMs }, due };
}

/** What distinguishes a step in {@linkcode FeedTimes}: dates wait each by itself, so that none blocks the others. */
export function stepKey(step: FeedStep): string {
  return step.kind === "reconcile" ? step.date : step.kind;
}

/** What is asked for, for people. */
export function describeStep(step: FeedStep): string {
  switch (step.kind) {
    case "full":
      return "all live trains";
    case "live":
      return "live trains that changed";
    case "catchUp":
      return `all changes since version ${step.since}`;
    case "reconcile":
      return `all trains of ${step.date}`;
  }
}

function livePolls({ cursor }: FeedState, { pollAtMs }: FeedTimes): readonly PlannedStep[] {
  return cursor === null ? [] : [{ step: { kind: "live", since: cursor }, atMs: pollAtMs }];
}

/** A clock that was put back, too, leaves it open how long nobody has asked. */
function isAway({ polledMs }: FeedState, { nowMs, breakMs }: BreakOptions): boolean {
  return polledMs !== null && Math.abs(nowMs - polledMs) > breakMs;
}

/** Not while no live train is seen: what would be over by then would be a break again at once. */
function catchUps(feed: FeedState, options: PlanOptions): readonly PlannedStep[] {
  const { catchUp } = feed;
  const { nowMs } = options;
  if (catchUp === null || isAway(feed, options)) return [];
  const dates = datesThatMatter({ sinceMs: catchUp.sinceMs, nowMs });
  return [{ step: { kind: "catchUp", since: catchUp.from, dates }, atMs: -Infinity }];
}

function reconciliations(feed: FeedState, options: PlanOptions): readonly PlannedStep[] {
  const { nowMs, shiftMs } = options;
  const shifted = nowMs - shiftMs;
  const dueMs = reconcileDueMs(shifted) + shiftMs;
  const daily = datesToReconcile(shifted).filter((date) =>
    isBefore(feed.reconciled.get(date), { dueMs, nowMs })
  );
  const due = isAway(feed, options) ? [] : feed.due.filter((date) => isNear(date, nowMs));
  return [...new Set([...due, ...daily])].map((date) => ({
    step: { kind: "reconcile", date },
    atMs: -Infinity,
  }));
}

/** Also when it lies in the future: the clock was wrong then. */
function isBefore(
  doneMs: number | undefined,
  { dueMs, nowMs }: { readonly dueMs: number; readonly nowMs: number },
): boolean {
  return doneMs === undefined || doneMs < dueMs || doneMs > nowMs;
}
