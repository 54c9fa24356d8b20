/** What serves until it is stopped, and was stopped while it started: the signal has fired before anybody listened. */
import { assertEquals, assertThrows } from "@std/assert";
import { listenHttp } from "../../scripts/host/listen_http.ts";
import { simulate } from "../../scripts/work/simulate.ts";

const NET = { net: ["127.0.0.1"] };

Deno.test({
  name: "a page that was stopped while it started does not serve",
  permissions: NET,
  fn: () => {
    const reason = new Error("stopped");
    const place = { host: "127.0.0.1", port: 0, signal: AbortSignal.abort(reason) };
    assertEquals(assertThrows(() => listenHttp(place, () => Promise.resolve(new Response()))), reason);
  },
});

Deno.test({
  name: "a simulator that was stopped while it started ends",
  permissions: NET,
  fn: async () => {
    const flags = { port: 0, trains: 3, seed: 1, speed: 0, at: Date.UTC(2025, 1, 17), world: true };
    const rest = { mqttPort: undefined, weather: undefined };
    const call = { flags: { ...flags, ...rest }, signal: AbortSignal.abort(), print: () => {} };
    assertEquals(await simulate(call as unknown as Parameters<typeof simulate>[0]), 0);
  },
});
