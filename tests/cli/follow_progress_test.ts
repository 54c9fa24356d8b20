import { assertEquals } from "@std/assert";
import { resetSync } from "@logtape/logtape";
import { FollowProgress } from "../../lib/cli/follow_progress.ts";
import { configureLogs } from "../../lib/cli/logs.ts";

const BATCH = { messages: 10, rows: 420, lagOffsets: 3, latencyMs: 120 };
const FIGURES = {
  doing: "waiting for news",
  gauges: { lagOffsets: 3, latencyP50Ms: 90, latencyP99Ms: 1400 },
};

function open(isJson: boolean) {
  const printed: string[] = [], shown: string[] = [], logged: string[] = [];
  configureLogs({ format: "human", level: "info", colour: false, write: (text) => void logged.push(text) });
  let nowMs = 0;
  const progress = new FollowProgress({
    progress: { doing: (what) => void shown.push(what) },
    isJson,
    print: (text) => void printed.push(text),
    monotonic: () => nowMs,
  });
  const beatAt = (atMs: number) => {
    nowMs = atMs;
    progress.beat(FIGURES);
  };
  return { progress, beatAt, printed, shown, logged };
}

Deno.test("a follower shows its lag, rows a second and latency, and logs a line a minute when something happened", () => {
  const { progress, beatAt, printed, shown, logged } = open(false);
  progress.batch(BATCH);
  beatAt(5_000);
  beatAt(10_000);
  assertEquals(shown, [
    "waiting for news; 3 offsets behind, 84 rows/s, latency 90 ms (p99 1,400 ms)",
    "waiting for news; 3 offsets behind, 0 rows/s, latency 90 ms (p99 1,400 ms)",
  ]);
  assertEquals([printed, logged], [[], []]);
  beatAt(60_000);
  beatAt(125_000);
  resetSync();
  assertEquals(logged.map((text) => text.replace(/^\S+ +/, "")), [
    "info    process: 10 messages, 420 rows in 1 batch; 3 offsets behind, latency 90 ms (p99 1,400 ms)\n",
  ]);
});

Deno.test("with --json each batch is a line", () => {
  const { progress, printed } = open(true);
  progress.batch(BATCH);
  progress.batch({ ...BATCH, latencyMs: null });
  resetSync();
  assertEquals(printed.map((text) => JSON.parse(text)), [BATCH, { ...BATCH, latencyMs: null }]);
});
