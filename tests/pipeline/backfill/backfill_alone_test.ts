import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Broker } from "../../../lib/broker/broker.ts";
import { holdLock } from "../../../lib/follow/follower_lock.ts";
import { heartbeatPath, livenessOf, readHeartbeat } from "../../../lib/follow/heartbeat.ts";
import { backfillAlone } from "../../../lib/pipeline/backfill/backfill_alone.ts";
import { createRoomCheck } from "../../../lib/pipeline/backfill/check_room.ts";
import { withPublish } from "../../digitraffic/test_broker.ts";
import { createTestApi } from "../../digitraffic/test_api.ts";
import { answerFrom, createWorld, makeDays, NOW_MS, RIGHTS, TOPIC, type World } from "./backfill_rig.ts";

const DAYS = makeDays("2025-03-01", 3);

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: RIGHTS, fn });
}

/** Time in which nothing wakes but by a signal. */
function sleepUntilStopped(_milliseconds: number, signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

function runAlone(
  { broker, folder }: World,
  {
    answer = answerFrom(DAYS),
    sleep = sleepUntilStopped,
    signal = new AbortController().signal,
    of = broker,
  }: {
    readonly answer?: (request: Request) => Response;
    readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
    readonly signal?: AbortSignal;
    readonly of?: Broker;
  } = {},
) {
  const fetch = (request: Request) => Promise.resolve(answer(request));
  const { api } = createTestApi({ url: "http://api.test/api/v1", fetch, sleep, clock: () => NOW_MS });
  return backfillAlone({
    api,
    dataDir: folder,
    publishStatePath: `${folder}/publish_state.json`,
    me: { pid: 77, host: "here" },
    openBroker: () => Promise.resolve(withPublish(of, (...call) => of.publish(...call))),
    topic: TOPIC,
    partitions: 3,
    from: "2025-03-01",
    to: "2025-03-03",
    archives: false,
    again: false,
    jobs: 1,
    requestsPerMinute: 100,
    signal,
    monotonic: () => 0,
  });
}

test("a back-fill leaves a heartbeat that has ended, with its counts and what failed", async () => {
  await using world = await createWorld(DAYS);
  const whole = answerFrom(DAYS);
  const summary = await runAlone(world, {
    answer: (request) => request.url.includes("2025-03-02") ? new Response("<html>") : whole(request),
  });
  assertEquals([summary.done, summary.topic, summary.broker], [2, TOPIC, world.broker.label]);
  const beat = await readHeartbeat(heartbeatPath(world.folder, "backfill"));
  assert(beat !== null);
  assertEquals(livenessOf(beat, NOW_MS), "ended");
  assertEquals(beat.counts, { published: 16, days: 3, requests: 3, failures: 1 });
  assertEquals([beat.pid, beat.host, beat.role, beat.gauges], [77, "here", "backfill", { daysLeft: 0 }]);
  assert(beat.errors[0]?.message.startsWith("2025-03-02: Cannot fetch"));
});

test("while it runs the heartbeat says how far it is", async () => {
  await using world = await createWorld(DAYS);
  const wakes: (() => void)[] = [];
  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    Promise.race([
      sleepUntilStopped(milliseconds, signal),
      new Promise<void>((resolve) => wakes.push(resolve)),
    ]);
  let published = 0;
  const beats: string[] = [];
  const of = withPublish(world.broker, async (...call) => {
    if (++published === 3) {
      wakes.shift()?.();
      while (beats.length === 0) {
        const beat = await readHeartbeat(heartbeatPath(world.folder, "backfill"));
        if (beat?.doing.startsWith("day ") === true) beats.push(beat.doing);
      }
    }
    return await world.broker.publish(...call);
  });
  await runAlone(world, { sleep, of });
  assertEquals(beats, ["day 3 of 3, 16 trains"]);
});

test("a second back-fill of the folder waits, and ends by its signal; then it goes on by itself", async () => {
  await using world = await createWorld(DAYS);
  const stop = new AbortController();
  const lock = await holdLock(`${world.statePath}.lock`, {
    holder: { pid: 1, host: "there", sinceMs: 0 },
    sleep: sleepUntilStopped,
    signal: stop.signal,
  });
  const waiting = runAlone(world, {
    signal: stop.signal,
    sleep: (milliseconds, signal) => {
      queueMicrotask(() => stop.abort(new Error("stopped")));
      return sleepUntilStopped(milliseconds, signal);
    },
  });
  await assertRejects(() => waiting, Error, "stopped");
  assertEquals(world.asked, []);
  let isFree = false;
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    if (isFree) return await sleepUntilStopped(milliseconds, signal);
    isFree = true;
    await lock[Symbol.asyncDispose]();
  };
  assertEquals((await runAlone(world, { sleep })).done, 3);
});

test("a disk that is nearly full is no place for another day", async () => {
  const check = (free: number | null) => createRoomCheck("lake/broker.db", () => Promise.resolve(free))();
  await check(null);
  await check(2 * 1024 ** 3);
  await check(500 * 1024 ** 3);
  await assertRejects(
    () => check(1024 ** 3 - 1),
    Error,
    'Cannot back-fill into "lake/broker.db": found 1,074 MB of free space, expected',
  );
});
