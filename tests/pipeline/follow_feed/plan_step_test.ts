import { assertEquals, assertStrictEquals } from "@std/assert";
import { FetchError } from "../../../lib/digitraffic/fetch_error.ts";
import type { FeedState } from "../../../lib/digitraffic/feed_state.ts";
import {
  NEW_TIMES,
  timesAfterAnswer,
  timesAfterFailure,
} from "../../../lib/pipeline/follow_feed/feed_times.ts";
import { noticeBreak, planStep } from "../../../lib/pipeline/follow_feed/plan_step.ts";
import { retryBrokerMs, retryLaterMs } from "../../../lib/pipeline/follow_feed/retry_later.ts";

const NOW_MS = Date.parse("2025-02-17T10:00:00Z");
const MINUTE_MS = 60_000;
const FEED: FeedState = {
  ...{ source: "http://a", cursor: 5, polledMs: NOW_MS, fullMs: NOW_MS, catchUp: null, due: [] },
  reconciled: new Map([["2025-02-16", NOW_MS], ["2025-02-17", NOW_MS]]),
};
const RHYTHM = { isEmpty: false, everyMs: 15_000, fullEveryMs: 300_000, monotonicMs: 1_000, random: 0.5 };

function plan(feed: FeedState, times = NEW_TIMES, monotonicMs = 1_000) {
  const { step, atMs } = planStep(feed, times, { nowMs: NOW_MS, monotonicMs, shiftMs: 0, breakMs: 900_000 });
  return [step.kind, atMs];
}

Deno.test("live trains go before catching up, that before whole dates, and nothing is asked while all is known", () => {
  const busy = { ...FEED, catchUp: { from: 3, sinceMs: NOW_MS }, due: ["2025-02-17"] };
  const polled = timesAfterAnswer(NEW_TIMES, { kind: "full" }, RHYTHM);
  assertEquals(plan(busy), ["full", 1_000]);
  assertEquals(plan(busy, { ...polled, pollAtMs: 500 }), ["live", 1_000]);
  assertEquals(plan(busy, polled), ["catchUp", 1_000]);
  assertEquals(plan({ ...busy, catchUp: null }, polled), ["reconcile", 1_000]);
  assertEquals(plan(FEED, polled), ["live", 18_500]);
  assertEquals(plan({ ...FEED, cursor: null }, { ...polled, pollAtMs: 500 }), ["full", 1_000]);
  // Answers that give no cursor are asked for as changes are, not without a pause.
  assertEquals(plan({ ...FEED, cursor: null }, polled), ["full", 18_500]);
});

Deno.test("what failed waits by itself, and everything waits where the API asks for it", () => {
  const polled = { ...timesAfterAnswer(NEW_TIMES, { kind: "full" }, RHYTHM), pollAtMs: 500 };
  const failed = { step: { kind: "live", since: 5 }, failures: 1, monotonicMs: 1_000, random: 0 } as const;
  const alone = timesAfterFailure(polled, { ...failed, error: new FetchError("no", { status: 500 }) });
  assertEquals(plan({ ...FEED, due: ["2025-02-17"] }, alone), ["reconcile", 1_000]);
  assertEquals(plan(FEED, alone), ["live", 16_000]);
  const all = timesAfterFailure(polled, { ...failed, error: new FetchError("no", { status: 429 }) });
  assertEquals(plan({ ...FEED, due: ["2025-02-17"] }, all)[1], 61_000);
});

Deno.test("waits after failures double up to their bound, and are as long as the server asks, up to an hour", () => {
  const wait = (failures: number, error: unknown, random = 0) =>
    retryLaterMs({ failures, error, random }) / 1000;
  const down = new FetchError("no", { status: 503 });
  assertEquals([1, 2, 3, 5, 6, 999].map((failures) => wait(failures, down)), [15, 30, 60, 240, 300, 300]);
  const often = new FetchError("no", { status: 429 });
  assertEquals([1, 2, 5, 999].map((failures) => wait(failures, often)), [60, 120, 900, 900]);
  assertEquals(wait(1, new FetchError("no", { status: 503, retryAfterMs: 90_000 })), 90);
  assertEquals(wait(1, new FetchError("no", { status: 503, retryAfterMs: 9e9 })), 3600);
  assertEquals(wait(1, down, 0.8), 18);
  assertEquals([1, 2, 6, 999].map((failures) => retryBrokerMs({ failures, random: 0 })), [
    2000,
    4000,
    60_000,
    60_000,
  ]);
});

Deno.test("a break is noticed by the clock, forwards and back, once, and not before anything was asked", () => {
  const notice = (feed: FeedState, minutes: number) =>
    noticeBreak(feed, { nowMs: NOW_MS + minutes * MINUTE_MS, breakMs: 15 * MINUTE_MS });
  assertEquals(notice(FEED, 15), FEED);
  const refused = { ...FEED, cursor: null };
  assertEquals(notice(refused, 500), { ...refused, due: ["2025-02-17", "2025-02-16"] });
  const noticed = notice(FEED, 16);
  assertEquals([noticed.catchUp, noticed.due], [{ from: 5, sinceMs: NOW_MS }, ["2025-02-17", "2025-02-16"]]);
  // Nothing is new of a break that is known: nothing is written for it.
  assertStrictEquals(notice(noticed, 90), noticed);
  assertEquals(notice(noticed, -16).catchUp, { from: 5, sinceMs: NOW_MS - 16 * MINUTE_MS });
  assertEquals(notice(FEED, -16).catchUp, { from: 5, sinceMs: NOW_MS - 16 * MINUTE_MS });
});
