import { assert, assertEquals } from "@std/assert";
import { LatencyWindow } from "../../../lib/pipeline/follow_topic/latency_window.ts";
import { nextHabit, pollInterval, waitBefore } from "../../../lib/pipeline/follow_topic/pace.ts";
import { Due } from "../../../lib/pipeline/follow_topic/due.ts";
import { isHopeless, waitAfter } from "../../../lib/pipeline/follow_topic/trouble.ts";
import { CorruptLogError, StoreError } from "../../../lib/delta/mod.ts";
import { BrokerError, LostRowsError, OtherLogError, UsageError } from "../../../lib/errors.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

const HABIT = { batchMs: 50, messageBytes: 10_000 };
const PACE = { maxAgeMs: 1000, pollMs: 100, maxBatchBytes: 32_000_000 };

Deno.test("looks are a tenth of the age apart, within what a look costs and a second", () => {
  const places = [["local", 10], ["local", 100], ["local", 1000], ["local", 60_000], [
    "remote",
    500,
  ]] as const;
  assertEquals(places.map(([place, maxAgeMs]) => pollInterval(maxAgeMs, place)), [40, 40, 100, 1000, 100]);
});

Deno.test("what waits is never older than the age when its batch is done, if that takes as long as they do", () => {
  const random = seededRandom(3);
  for (let round = 0; round < 200; round++) {
    const batchMs = random() * 300, pollMs = 20 + random() * 200;
    let ageMs = random() * pollMs;
    for (;;) {
      const waitMs = waitBefore({ offsets: 1, ageMs }, { ...HABIT, batchMs }, { ...PACE, pollMs });
      if (waitMs === 0) break;
      assert(waitMs <= pollMs);
      ageMs += waitMs;
    }
    assert(ageMs + batchMs <= 1000, `${ageMs} ${batchMs}`);
    assert(ageMs + batchMs > 1000 - pollMs - 1 || ageMs <= pollMs, `${ageMs} ${batchMs} ${pollMs}`);
  }
});

Deno.test("a batch is due by its size, whatever its age; under load it grows", () => {
  const wait = (offsets: number, ageMs: number) => waitBefore({ offsets, ageMs }, HABIT, PACE);
  assertEquals([wait(1599, 0), wait(1600, 0), wait(1, 999)], [100, 0, 0]);
  const slow = { batchMs: 3000, messages: 10, sizeBytes: 50_000 };
  let habit = HABIT;
  for (let batch = 0; batch < 40; batch++) habit = nextHabit(habit, slow);
  assertEquals([Math.round(habit.batchMs), Math.round(habit.messageBytes)], [3000, 5001]);
  assertEquals(waitBefore({ offsets: 1, ageMs: 0 }, habit, PACE), 0);
  assertEquals(nextHabit(HABIT, { batchMs: 50, messages: 0, sizeBytes: 0 }), HABIT);
});

Deno.test("latencies are those of the last minute, to a tenth, and take the same memory for any number", () => {
  const random = seededRandom(5);
  const window = new LatencyWindow();
  for (let i = 0; i < 10_000; i++) window.add(90_000, i);
  const later = Array.from({ length: 10_000 }, () => Math.exp(random() * 7));
  later.forEach((latency, i) => window.add(latency, 70_000 + i * 5));
  const sorted = later.toSorted((a, b) => a - b);
  const found = window.latencies(120_000);
  for (const [share, value] of [[0.5, found?.p50], [0.95, found?.p95], [0.99, found?.p99]] as const) {
    const expected = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
    assert(Math.abs((value ?? 0) - expected) <= expected * 0.1 + 1, `${share}: ${value}, ${expected}`);
  }
  assertEquals(window.latencies(400_000), null);
});

Deno.test("something is due after its time when there was a reason, and sooner after many reasons", () => {
  const due = new Due(0, { everyMs: 600, reasons: 3, leastMs: 30 });
  assertEquals([due.isDue(9999), due.overdue(9999), due.hasReason], [false, -1, false]);
  due.note();
  assertEquals([due.isDue(599), due.isDue(600), due.overdue(900)], [false, true, 0.5]);
  due.note();
  due.note();
  assertEquals([due.isDue(29), due.isDue(30)], [false, true]);
  due.done(30);
  assertEquals([due.isDue(9999), due.hasReason], [false, false]);
});

Deno.test("waits after failures are twice as long each time, up to a minute, and half of them is chance", () => {
  const waits = [1, 2, 3, 6, 7, 99].map((
    failures,
  ) => [waitAfter(failures, () => 0), waitAfter(failures, () => 1)]);
  assertEquals(waits, [[500, 1000], [1000, 2000], [2000, 4000], [16000, 32000], [30000, 60000], [
    30000,
    60000,
  ]]);
});

Deno.test("what no wait mends ends a follower, and everything else does not", () => {
  const place = { path: "_delta_log/0.json", version: 0 };
  const hopeless = [
    new OtherLogError("other"),
    new CorruptLogError("broken", place),
    new Error("Cannot use the table: remove its folder", { cause: new CorruptLogError("broken", place) }),
    new LostRowsError("Cannot catch up"),
    new UsageError(["wrong"]),
    new TypeError("ours"),
    Object.assign(new Error("Requires read access"), { name: "NotCapable" }),
  ];
  const passing = [
    new BrokerError("away", { retriable: true }),
    new StoreError("full", { code: "DISK_FULL", path: "x" }),
    new Error("No space left on device (os error 28)"),
    "a text",
  ];
  for (const isStart of [true, false]) {
    assertEquals(hopeless.map((error) => isHopeless(error, { isStart })), hopeless.map(() => true));
    assertEquals(passing.map((error) => isHopeless(error, { isStart })), passing.map(() => false));
  }
  const refused = new BrokerError("Cannot connect: the password is wrong");
  assertEquals([true, false].map((isStart) => isHopeless(refused, { isStart })), [true, false]);
});
