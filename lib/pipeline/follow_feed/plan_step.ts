/** Decides what to ask the API next, and when. Pure. */
import type { FeedState } from "../../digitraffic/feed_state.ts";
import { datesThatMatter, datesToReconcile, reconcileDueMs } from "./feed_dates.ts";

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
  /** What failed waits by itself. */
  readonly retryAtMs: Readonly<Partial<Record<FeedStep["kind"], number>>>;
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
}

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
    atMs: feed.cursor === null ? -Infinity : times.fullAtMs,
  };
  const others = [...livePolls(feed, times), ...catchUps(feed, options), ...reconciliations(feed, options)];
  const earliestMs = Math.max(times.quietUntilMs, options.monotonicMs);
  const held = ({ step, atMs }: PlannedStep) => {
    return { step, atMs: Math.max(atMs, times.retryAtMs[step.kind] ?? -Infinity, earliestMs) };
  };
  return others.map(held).reduce((first, next) => next.atMs < first.atMs ? next : first, held(full));
}

/** The feed with what is to be caught up with after a break, if this is one; else as it is. */
export function noticeBreak(
  feed: FeedState,
  { nowMs, breakMs }: { readonly nowMs: number; readonly breakMs: number },
): FeedState {
  const { cursor, polledMs, catchUp } = feed;
  if (cursor === null || polledMs === null || catchUp !== null) return feed;
  // A clock that was put back, too, leaves it open how long nobody has asked.
  if (Math.abs(nowMs - polledMs) <= breakMs) return feed;
  const due = [...new Set([...feed.due, ...datesToReconcile(nowMs)])];
  return { ...feed, catchUp: { from: cursor, sinceMs: Math.min(polledMs, nowMs) }, due };
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

function catchUps({ catchUp }: FeedState, { nowMs }: PlanOptions): readonly PlannedStep[] {
  if (catchUp === null) return [];
  const dates = datesThatMatter({ sinceMs: catchUp.sinceMs, nowMs });
  return [{ step: { kind: "catchUp", since: catchUp.from, dates }, atMs: -Infinity }];
}

function reconciliations(
  { due, reconciled }: FeedState,
  { nowMs, shiftMs }: PlanOptions,
): readonly PlannedStep[] {
  const shifted = nowMs - shiftMs;
  const dueMs = reconcileDueMs(shifted) + shiftMs;
  const daily = datesToReconcile(shifted).filter((date) => isBefore(reconciled.get(date), { dueMs, nowMs }));
  const [date] = [...due, ...daily];
  return date === undefined ? [] : [{ step: { kind: "reconcile", date }, atMs: -Infinity }];
}

/** Also when it lies in the future: the clock was wrong then. */
function isBefore(
  doneMs: number | undefined,
  { dueMs, nowMs }: { readonly dueMs: number; readonly nowMs: number },
): boolean {
  return doneMs === undefined || doneMs < dueMs || doneMs > nowMs;
}
