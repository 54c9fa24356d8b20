import { assertEquals } from "@std/assert";
import {
  datesThatMatter,
  datesToReconcile,
  reconcileDueMs,
} from "../../../lib/pipeline/follow_feed/feed_dates.ts";

const HOUR_MS = 3_600_000;

Deno.test("the dates that matter go from the day before the break to tomorrow, by Helsinki's calendar", () => {
  // 23:30 UTC is the next day in Helsinki.
  const nowMs = Date.parse("2025-02-17T23:30:00Z");
  assertEquals(datesThatMatter({ sinceMs: nowMs, nowMs }), ["2025-02-17", "2025-02-18", "2025-02-19"]);
  const sinceMs = Date.parse("2025-02-15T12:00:00Z");
  assertEquals(datesThatMatter({ sinceMs, nowMs })[0], "2025-02-14");
  assertEquals(datesThatMatter({ sinceMs: 0, nowMs }).length, 9);
  assertEquals(datesThatMatter({ sinceMs: nowMs + 9e9, nowMs })[0], "2025-02-17");
});

Deno.test("on both days of the clock change yesterday, today and the hour of the comparison are right", () => {
  for (
    const [nowText, today, dueText] of [
      ["2025-03-29T22:30:00Z", "2025-03-30", "2025-03-29T03:00:00.000Z"],
      ["2025-03-30T01:59:00Z", "2025-03-30", "2025-03-29T03:00:00.000Z"],
      ["2025-03-30T02:00:00Z", "2025-03-30", "2025-03-30T02:00:00.000Z"],
      ["2025-03-30T20:59:59Z", "2025-03-30", "2025-03-30T02:00:00.000Z"],
      ["2025-10-25T21:30:00Z", "2025-10-26", "2025-10-25T02:00:00.000Z"],
      ["2025-10-26T03:00:00Z", "2025-10-26", "2025-10-26T03:00:00.000Z"],
      ["2025-10-26T21:59:59Z", "2025-10-26", "2025-10-26T03:00:00.000Z"],
    ] as const
  ) {
    const nowMs = Date.parse(nowText);
    assertEquals(datesToReconcile(nowMs)[0], today, nowText);
    assertEquals(new Date(reconcileDueMs(nowMs)).toISOString(), dueText, nowText);
  }
});

Deno.test("over a year each date is due once as today's and once as yesterday's, a day apart", () => {
  const start = Date.parse("2025-01-01T00:00:00Z");
  const due = new Set<number>();
  for (let hour = 0; hour < 365 * 24; hour++) {
    const nowMs = start + hour * HOUR_MS;
    const dueMs = reconcileDueMs(nowMs);
    assertEquals(dueMs <= nowMs && nowMs - dueMs < 25 * HOUR_MS, true);
    due.add(dueMs);
  }
  assertEquals(due.size, 366);
});
