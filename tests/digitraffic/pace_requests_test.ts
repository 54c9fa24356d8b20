import { assertEquals } from "@std/assert";
import { paceRequests } from "../../lib/digitraffic/pace_requests.ts";
import { createTestApi } from "./test_api.ts";

Deno.test("requests begin no closer to each other than the gap, nor the first to those of a process before", async () => {
  const waits: number[] = [];
  let nowMs = 5_000;
  const { api } = createTestApi({
    url: "http://127.0.0.1:1",
    sleep: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
    fetch: () => Promise.resolve(new Response()),
  });
  let requests = 0;
  const paced = paceRequests(api, { monotonic: () => nowMs, gapMs: 2_000, onRequest: () => requests++ });
  const ask = () => paced.fetch(new Request("http://127.0.0.1:1"));
  await Promise.all([ask(), ask(), ask()]);
  assertEquals(waits, [2_000, 4_000, 6_000]);
  nowMs = 12_500;
  await ask();
  nowMs = 15_100;
  await ask();
  assertEquals([waits, requests], [[2_000, 4_000, 6_000, 500], 5]);
});

Deno.test("a request that is given up while it waits for its turn is never made", async () => {
  let requests = 0;
  const { api } = createTestApi({
    url: "http://127.0.0.1:1",
    sleep: (_, signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
    fetch: () => Promise.resolve(new Response()),
  });
  let nowMs = 0;
  const paced = paceRequests(api, { monotonic: () => nowMs, gapMs: 2_000, onRequest: () => requests++ });
  nowMs = 2_000;
  await paced.fetch(new Request("http://127.0.0.1:1"));
  const stop = new AbortController();
  const waiting = paced.fetch(new Request("http://127.0.0.1:1", { signal: stop.signal }));
  const outcome = waiting.then(() => "made", () => "given up");
  stop.abort();
  assertEquals([await outcome, requests], ["given up", 1]);
});
