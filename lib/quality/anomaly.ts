/** Whether a number is like those before it, by median and MAD: a few odd ones among them change neither. */
import type { RunRecord } from "../tables/run_record.ts";
import { helsinkiMs } from "../tables/rows/helsinki_day.ts";
import type { HistoryCount } from "./rules/rule.ts";

/** Fewer numbers make no habit. */
const LEAST_POINTS = 7;
/** The robust z-score from which a number counts as unusual; Iglewicz and Hoaglin, 1993. */
const LIMIT = 3.5;
/** MAD to standard deviation, for normally distributed numbers. */
const SCALE = 1.4826;
/** Numbers that are all alike have no spread: within so much of their median the next is like them. */
const LEAST_SPREAD = 0.05;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** So far apart two times of day are about the same. */
const NEAR_MS = DAY_MS / 48;

/** What is usual. */
export interface Habit {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** A number, and when it was found: milliseconds as a clock in Finland shows them. */
export interface Point {
  readonly localMs: number;
  readonly value: number;
}

/** What a run has, and what is usual. */
export interface Comparison {
  readonly observed: number;
  readonly usual: Habit;
}

/** Compares runs with those before them; takes each number once, with however many runs it is compared. */
export class RunComparer {
  readonly #points = new Map<HistoryCount, WeakMap<RunRecord, Taken>>();

  /** The last of the runs beside the others of its topic; null when it has no such number, or too few have one. */
  compare(count: HistoryCount, runs: readonly RunRecord[]): Comparison | null {
    const topic = runs.at(-1)?.topic;
    const mine = runs.filter((run) => run.topic === topic);
    const points = mine.slice(1).map((run, i) => this.#take(count, run, mine[i] ?? run));
    const newest = points.pop();
    if (newest === undefined || newest === null) return null;
    const past = points.filter((point) => point !== null);
    const usual = habitOf(past, newest.localMs, count.leastSpread);
    return usual === null ? null : { observed: newest.value, usual };
  }

  #take(count: HistoryCount, run: RunRecord, before: RunRecord): Point | null {
    let known = this.#points.get(count);
    if (known === undefined) this.#points.set(count, known = new WeakMap());
    let taken = known.get(run);
    if (taken?.before !== before) {
      const value = count.observe(run, before);
      const localMs = helsinkiMs(run.generatedAt.getTime());
      taken = { before, point: value === null ? null : { localMs, value } };
      known.set(run, taken);
    }
    return taken.point;
  }
}

/** A number as it is since the run before. */
interface Taken {
  readonly before: RunRecord;
  readonly point: Point | null;
}

/**
 * What the numbers so far make usual at that time: those of the same weekday and hour in Finland where there are enough
 * of them, else those of the same hour, else all; null while there are too few. Of numbers that hardly differ, what is
 * nearer to the median than 3.5 times the least spread is usual too.
 */
export function habitOf(past: readonly Point[], localMs: number, leastSpread = 0): Habit | null {
  if (past.length < LEAST_POINTS) return null;
  const values = alikeFirst(past, localMs).map(({ value }) => value);
  const median = medianOf(values);
  const mad = medianOf(values.map((value) => Math.abs(value - median)));
  const reach = LIMIT * Math.max(SCALE * mad, LEAST_SPREAD * Math.abs(median), leastSpread);
  return { median, lowest: median - reach, highest: median + reach };
}

function alikeFirst(past: readonly Point[], localMs: number): readonly Point[] {
  const sameHour = past.filter((point) => isNear(point.localMs - localMs, DAY_MS));
  if (sameHour.length < LEAST_POINTS) return past;
  const sameWeekday = sameHour.filter((point) => isNear(point.localMs - localMs, WEEK_MS));
  return sameWeekday.length < LEAST_POINTS ? sameHour : sameWeekday;
}

/** Half an hour at most apart on a clock that shows days, or weeks. */
function isNear(apartMs: number, cycleMs: number): boolean {
  const rest = Math.abs(apartMs) % cycleMs;
  return Math.min(rest, cycleMs - rest) <= NEAR_MS;
}

function medianOf(values: readonly number[]): number {
  // Far faster than a sorting of numbers that compares them by a function.
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
