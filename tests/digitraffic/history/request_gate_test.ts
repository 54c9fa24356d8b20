import { assert, assertEquals, assertRejects } from "@std/assert";
import { RequestGate } from "../../../lib/digitraffic/history/request_gate.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { createTestApi } from "../test_api.ts";
import { createVirtualClock, type VirtualClock } from "./virtual_clock.ts";

const URL_TEXT = "http://api.test/api/v1";
const START_MS = Date.parse("2025-02-17T04:21:00Z");

/** A gate whose requests are noted with their times; each takes so long and ends so. */
interface World {
  readonly gate: RequestGate;
  readonly time: VirtualClock;
  readonly times: readonly number[];
}

/** How the requests of a world go. */
interface Requests {
  readonly tookMs?: () => number;
  readonly status?: () => number;
}

function createWorld(perMinute: number, { tookMs = () => 0, status = () => 200 }: Requests = {}): World {
  const times: number[] = [];
  const time = createVirtualClock(START_MS);
  const { api } = createTestApi({
    url: URL_TEXT,
    clock: time.clock,
    sleep: time.sleep,
    fetch: async () => {
      times.push(time.clock() - START_MS);
      await time.sleep(tookMs());
      return new Response("x", { status: status() });
    },
  });
  return { time, times, gate: new RequestGate(api, { perMinute, monotonic: time.clock }) };
}

Deno.test("no minute has more requests than are allowed, however many jobs there are", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const perMinute = 1 + Math.floor(random() * 8);
    const { gate, time, times } = createWorld(perMinute, { tookMs: () => Math.floor(random() * 9_000) });
    const jobs = Array.from({ length: 1 + Math.floor(random() * 4) }, async () => {
      const api = gate.guard();
      for (let request = 0; request < 12; request++) await api.fetch(new Request(URL_TEXT));
    });
    await time.run(Promise.all(jobs));
    for (const first of times) {
      const minute = times.filter((other) => other >= first && other < first + 60_000);
      assert(minute.length <= perMinute, `seed ${seed}: ${minute.length} in a minute`);
    }
    assertEquals([gate.requests, times.length], [12 * jobs.length, 12 * jobs.length]);
  }
});

Deno.test("requests below the limit do not wait, the next one waits for the first to be a minute old", async () => {
  const { gate, time, times } = createWorld(3);
  const api = gate.guard();
  await time.run((async () => {
    for (let request = 0; request < 4; request++) await api.fetch(new Request(URL_TEXT));
  })());
  assertEquals(times, [0, 0, 0, 60_000]);
});

Deno.test("while one job waits after a 429 no other asks; after another failure they do", async () => {
  for (const [status, expected] of [[429, [0, 45_000, 45_000]], [503, [0, 1_000, 45_000]]] as const) {
    const answers = [status, 200, 200];
    const { gate, time, times } = createWorld(30, { status: () => answers.shift() ?? 200 });
    const refused = async () => {
      const api = gate.guard();
      await api.fetch(new Request(URL_TEXT));
      await api.sleep(45_000);
      await api.fetch(new Request(URL_TEXT));
    };
    const other = async () => {
      const api = gate.guard();
      await api.sleep(1_000);
      await api.fetch(new Request(URL_TEXT));
    };
    await time.run(Promise.all([refused(), other()]));
    assertEquals(times, expected);
  }
});

Deno.test("a clock that is set back or forward changes no wait", async () => {
  let monotonicMs = 0, nowMs = START_MS;
  const waits: number[] = [];
  const { api } = createTestApi({
    url: URL_TEXT,
    clock: () => nowMs,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      monotonicMs += milliseconds;
      return Promise.resolve();
    },
    fetch: () => Promise.resolve(new Response("x")),
  });
  const guarded = new RequestGate(api, { perMinute: 1, monotonic: () => monotonicMs }).guard();
  for (const jumpMs of [0, -7_200_000, 7_200_000]) {
    nowMs += jumpMs;
    await guarded.fetch(new Request(URL_TEXT));
  }
  assertEquals(waits, [60_000, 60_000]);
});

Deno.test("a request that is stopped while it waits leaves the gate to the others", async () => {
  const { gate, time, times } = createWorld(1);
  const stop = new AbortController();
  const ask = (signal?: AbortSignal) => gate.guard().fetch(new Request(URL_TEXT, signal ? { signal } : {}));
  const stopper = async () => {
    await time.sleep(30_000);
    stop.abort(new Error("enough"));
  };
  await time.run(Promise.all([
    ask(),
    assertRejects(() => ask(stop.signal), Error, "enough"),
    ask(),
    stopper(),
  ]));
  assertEquals(times, [0, 60_000]);
});
