/** Rules on how old what comes is, and how regularly the source is asked, counted batch by batch: T1, T2, T4, T5. */
import { type DelayFigures, delayFigures } from "../../tables/delay_bins.ts";
import { MEASURES } from "../../tables/measures.ts";
import { type BatchesWindow, type Figure, ofBatches, type Rule } from "./rule.ts";

const MINUTE_MS = 60_000;
/** The source's own alarm limit. */
const LIMIT_MS = 5 * MINUTE_MS;
/** Who asks less often does not follow the feed: twice the interval has to be less than the limit. */
const LONGEST_INTERVAL_MS = LIMIT_MS / 2;
/** Who has not asked for so long has stopped. */
const STOPPED_MS = 60 * MINUTE_MS;
/** Who has asked again after so long does not follow the feed, but has a look now and then. */
const LONGEST_GAP_MS = 6 * 60 * MINUTE_MS;
/** Fewer times between polls make no habit. */
const LEAST_POLLS = 7;
const HALF = 0.5, MOST = 0.95;

/** In the order of the report. */
export const LATENCY_RULES: readonly Rule[] = [
  {
    id: "T1",
    dimension: "timeliness",
    severity: "E",
    grain: "run",
    title: "the newest message is not older than 5 minutes",
    why: "the feed has stopped; counts while the source is asked every 2.5 min or more often",
    count: {
      from: "batches",
      measure: (window) => {
        const { newestMessageTime: newest, generatedAt } = window.run;
        const ageMs = newest === null ? Infinity : generatedAt.getTime() - newest.getTime();
        if (!followsFeed(window) || ageMs > STOPPED_MS) return null;
        const figures: readonly Figure[] = [{ name: "age", unit: "s", value: ageMs / 1000 }];
        return { failures: ageMs > LIMIT_MS ? 1 : 0, units: 1, figures };
      },
    },
  },
  {
    id: "T2",
    dimension: "timeliness",
    severity: "W",
    grain: "poll",
    title: "the source is asked about as often as usual",
    why: "what happens in a gap of over twice the interval is seen late; asking without news is not seen",
    count: {
      from: "batches",
      measure: (window) => {
        const interval = intervalOf(window);
        if (interval === null) return null;
        const gaps = delayFigures(window.since, MEASURES.polls);
        const looks = gaps.above(LONGEST_GAP_MS);
        const figures = halfAndMost(gaps);
        return { failures: gaps.above(2 * interval) - looks, units: gaps.count - looks, figures };
      },
    },
  },
  {
    id: "T4",
    dimension: "timeliness",
    severity: "I",
    grain: "time",
    title: "actual times are reported within 5 minutes",
    why: "from the time to when it was first seen here, which is up to an interval of asking later",
    count: ofBatches({
      failures: (counts) => delayFigures(counts, MEASURES.lag).above(LIMIT_MS),
      units: (counts) => delayFigures(counts, MEASURES.lag).count,
      figures: (counts) => halfAndMost(delayFigures(counts, MEASURES.lag)),
    }),
  },
  {
    id: "T5",
    dimension: "timeliness",
    severity: "I",
    grain: "message",
    title: "messages are in the tables within 5 minutes",
    why: "from fetched (of recordings: from published) to the standard table; process may run more often",
    count: ofBatches({
      failures: (counts) => delayFigures(counts, MEASURES.whole).above(LIMIT_MS),
      units: (counts) => delayFigures(counts, MEASURES.whole).count,
      figures: (counts) =>
        STAGES.flatMap(([name, measure]) => halfAndMost(delayFigures(counts, measure), name)),
    }),
  },
];

/** What tells most comes first. */
const STAGES = [
  ["in all", MEASURES.whole],
  ["published", MEASURES.publishing],
  ["landed", MEASURES.landing],
  ["standard", MEASURES.merging],
] as const;

/** The usual time between two polls, in milliseconds; null of who does not follow the feed, or is not known yet. */
function intervalOf({ recent }: BatchesWindow): number | null {
  const gaps = delayFigures(recent, MEASURES.polls);
  const interval = gaps.percentile(HALF);
  return gaps.count < LEAST_POLLS || interval > LONGEST_INTERVAL_MS ? null : interval;
}

/** Not so when the newest polls stand far apart, whatever was usual. */
function followsFeed(window: BatchesWindow): boolean {
  const gaps = delayFigures(window.since, MEASURES.polls);
  return intervalOf(window) !== null && (gaps.count === 0 || gaps.percentile(HALF) <= LONGEST_INTERVAL_MS);
}

function halfAndMost(delays: DelayFigures, what = ""): readonly Figure[] {
  const figure = (name: string, share: number): Figure => ({
    name: what === "" ? name : `${what} ${name}`,
    unit: "s",
    value: delays.count === 0 ? null : delays.percentile(share) / 1000,
  });
  return [figure("p50", HALF), figure("p95", MOST)];
}
