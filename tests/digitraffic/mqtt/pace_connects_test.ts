import { assert, assertEquals } from "@std/assert";
import {
  addConnect,
  addEnd,
  type ConnectHistory,
  nextConnectMs,
  NO_CONNECTS,
} from "../../../lib/digitraffic/mqtt/pace_connects.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

/** The moments of connections that live as long as is said, for an hour. */
function connects(random: () => number, livesMs: () => number): readonly number[] {
  const moments: number[] = [];
  let history: ConnectHistory = NO_CONNECTS;
  for (let nowMs = 0; nowMs < 3_600_000;) {
    nowMs = nextConnectMs(history, { nowMs, random: random() });
    moments.push(nowMs);
    history = addConnect(history, nowMs);
    const livedMs = livesMs();
    nowMs += livedMs;
    history = addEnd(history, { livedMs });
  }
  return moments;
}

Deno.test("in no minute are there more than five connections, however long each lives and whatever chance says", () => {
  for (const [seed, mostMs] of [[1, 0], [2, 1], [3, 500], [4, 5_000], [5, 61_000], [6, 120_000]] as const) {
    const random = seededRandom(seed);
    for (const chance of [random, () => 0]) {
      const moments = connects(chance, () => Math.floor(random() * mostMs));
      assert(moments.length > 20);
      moments.forEach((fromMs, index) => {
        assert((moments[index + 5] ?? Infinity) - fromMs >= 60_000, `${seed}: ${fromMs}`);
      });
    }
  }
});

Deno.test("the first connection is made at once, and one that lived long is made again within a second", () => {
  assertEquals(nextConnectMs(NO_CONNECTS, { nowMs: 77, random: 0.9 }), 77);
  const history = addEnd(addConnect(NO_CONNECTS, 0), { livedMs: 3_600_000 });
  const againMs = nextConnectMs(history, { nowMs: 3_600_000, random: 0.999 });
  assert(againMs > 3_600_000 && againMs <= 3_601_000);
});

Deno.test("a broker that is away is tried ever more rarely, at last about once a minute", () => {
  const moments = connects(() => 0.999, () => 0);
  const gaps = moments.slice(1).map((atMs, index) => atMs - (moments[index] ?? 0));
  assertEquals(gaps.slice(0, 4).every((gap, index) => index === 0 || gap >= (gaps[index - 1] ?? 0)), true);
  assert(gaps.slice(10).every((gap) => gap > 55_000 && gap <= 60_000));
});
