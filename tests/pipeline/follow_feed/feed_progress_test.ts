/** Where the feed is after an answer, and what an answer says about its source. */
import { assertEquals } from "@std/assert";
import { advanceFeed, newFeed } from "../../../lib/pipeline/follow_feed/feed_progress.ts";
import type { IdentifiedTrain } from "../../../lib/pipeline/follow_feed/identified_trains.ts";
import { judgeSource } from "../../../lib/pipeline/follow_feed/suspect_source.ts";

const NOW_MS = Date.parse("2025-02-17T10:00:00Z");
const FEED = { ...newFeed("http://a"), cursor: 100, polledMs: NOW_MS };

function trains(...versions: readonly (number | null)[]): readonly IdentifiedTrain[] {
  return versions.map((version, at) => (
    { bytes: new Uint8Array(), identity: { departureDate: "2025-02-17", trainNumber: at + 1, version } }
  ));
}

Deno.test("the cursor rises to the greatest version of an answer, and never falls", () => {
  const after = (...versions: readonly (number | null)[]) =>
    advanceFeed(FEED, { kind: "live", since: 100 }, { trains: trains(...versions), page: 0, nowMs: NOW_MS })
      .cursor;
  assertEquals([after(), after(101, 300, 200), after(null, 7), after(null)], [100, 300, 100, 100]);
});

Deno.test("a catching up ends with an empty page, and by dates when a page cannot lead on", () => {
  const since = { kind: "catchUp", since: 50, dates: [] } as const;
  const turn = (from: number, page: number, ...versions: readonly (number | null)[]) => {
    const feed = { ...FEED, catchUp: { from, sinceMs: NOW_MS } };
    const { catchUp, due } = advanceFeed(feed, since, { trains: trains(...versions), page, nowMs: NOW_MS });
    return [catchUp?.from, due];
  };
  const byDates = [undefined, ["2025-02-18", "2025-02-17", "2025-02-16"]];
  assertEquals(turn(50, 1, 60, 80), [80, []]);
  assertEquals(turn(100, 2), [undefined, []]);
  // Something newer than 50 is known, so there is a version that is too large.
  assertEquals(turn(50, 2), byDates);
  assertEquals(turn(50, 2, 50, 40), byDates);
  assertEquals(turn(50, 2, null), byDates);
  assertEquals(turn(50, 11, 60), [60, []]);
  assertEquals(turn(50, 12, 60), byDates);
});

Deno.test("only an answer that is behind what was known longer ago than caches last says that the source fell", () => {
  const versions = new Map([["2025-02-17", new Map([[1, 100], [2, 90], [3, 80]])]]);
  const answer = (monotonicMs: number, ...all: readonly number[]) => (
    { trains: trains(...all), cursor: 100, versions, monotonicMs }
  );
  assertEquals(judgeSource(null, answer(0, 100, 90)), { verdict: "same", suspicion: null });
  assertEquals(judgeSource(null, { ...answer(0, 9), cursor: null }), { verdict: "same", suspicion: null });
  assertEquals(judgeSource(null, answer(0)), { verdict: "same", suspicion: null });
  const first = judgeSource(null, answer(1_000, 10, 9, 8));
  const suspicion = first.verdict === "same" ? first.suspicion : null;
  assertEquals(suspicion, { sinceMs: 1_000, decidedMs: 331_000, cursor: 100, versions });
  assertEquals(judgeSource(suspicion, answer(330_999, 10, 9, 8)), { verdict: "same", suspicion });
  assertEquals(judgeSource(suspicion, answer(331_000, 10, 9, 8)), { verdict: "fell", older: 3 });
  assertEquals(judgeSource(suspicion, answer(331_000, 10, 90, 80)), { verdict: "lower", cursor: 90 });
  assertEquals(judgeSource(suspicion, answer(331_000, 100, 90, 8)), { verdict: "same", suspicion: null });
  // The cursor rose meanwhile, and the answer shows what was known at the first look.
  const risen = judgeSource(suspicion, { ...answer(400_000, 101, 90, 80), cursor: 200 });
  assertEquals(risen.verdict === "same" && risen.suspicion?.cursor, 200);
});

Deno.test("a count that is past the cursor again fell all the same where most trains are older than they were", () => {
  const versions = new Map([["2025-02-17", new Map([[1, 100], [2, 90], [3, 80]])]]);
  const answer = (monotonicMs: number, ...all: readonly number[]) => (
    { trains: trains(...all), cursor: 100, versions, monotonicMs }
  );
  const first = judgeSource(null, answer(0, 110, 70, 60));
  const suspicion = first.verdict === "same" ? first.suspicion : null;
  assertEquals(suspicion?.decidedMs, 330_000);
  assertEquals(judgeSource(suspicion, answer(330_000, 120, 70, 60)), { verdict: "fell", older: 2 });
  // An old answer, after which come those that it was before.
  assertEquals(judgeSource(suspicion, answer(330_000, 120, 90, 80)), { verdict: "same", suspicion: null });
  const newer = { ...answer(330_000, 120, 95, 85), versions: addedTo(versions, [2, 95], [3, 85]) };
  assertEquals(judgeSource(suspicion, newer), { verdict: "same", suspicion: null });
  // What was known at the first look is not what is known now.
  const late = { ...answer(330_000, 120, 90, 80), versions: addedTo(versions, [2, 95], [3, 85]) };
  assertEquals(judgeSource(suspicion, late), {
    verdict: "same",
    suspicion: { sinceMs: 330_000, decidedMs: 660_000, cursor: 100, versions: late.versions },
  });
});

function addedTo(
  versions: ReadonlyMap<string, ReadonlyMap<number, number>>,
  ...more: readonly (readonly [number, number])[]
) {
  return new Map([...versions].map(([date, numbers]) => [date, new Map([...numbers, ...more])]));
}
