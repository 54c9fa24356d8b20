import { assert, assertEquals, assertExists, assertGreater } from "@std/assert";
import type { SimulatedTrain } from "../../lib/simulator/observe_train.ts";
import { serveSimulator, type Simulator } from "../../lib/simulator/serve_simulator.ts";
import { openWorld } from "../../lib/simulator/world/open_world.ts";

const AT_MS = Date.parse("2026-03-10T10:00:00Z");
const LOOPBACK = { net: ["127.0.0.1"] };
const GZIP = { headers: { "Accept-Encoding": "gzip" } };
const WORLD = { seed: 3, trains: 80 };

function start(): Simulator {
  return serveSimulator({ ...WORLD, world: {}, clock: () => AT_MS });
}

async function read(server: Simulator, path: string): Promise<readonly SimulatedTrain[]> {
  const response = await fetch(`${server.url}${path}`, GZIP);
  assertEquals([response.status, response.headers.get("Content-Type")], [
    200,
    "application/json;charset=utf-8",
  ]);
  return await response.json();
}

Deno.test({
  name: "a served world answers with its live trains, dates and changes at the moment of its clock",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const living = openWorld(WORLD);
    for (const advance of [0, 600_000]) {
      server.advance(advance);
      const atMs = server.clock();
      const live = await read(server, "/live-trains");
      const cursor = live[3]?.version ?? 0;
      assertEquals(live, [...living.liveTrains(atMs, 0)]);
      assertEquals(await read(server, `/live-trains?version=${cursor}`), [
        ...living.liveTrains(atMs, cursor),
      ]);
      assertEquals(await read(server, "/live-trains?version=-5"), live);
      assertEquals(await read(server, "/trains"), [...living.changedTrains(atMs, null)]);
      const changed = [...living.changedTrains(atMs, cursor)];
      assertEquals(await read(server, `/trains?version=${cursor}`), changed);
      assertEquals(await read(server, `/all-trains?version=${cursor}`), changed);
    }
  },
});

Deno.test({
  name: "a date has its deleted trains only when they are asked for, a number is an array of one or none",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const all = await read(server, "/trains/2026-03-09?include_deleted=true");
    const deleted = all.filter((train) => train.deleted === true);
    assertEquals(all.length, 80);
    assertGreater(deleted.length, 0);
    const kept = all.filter((train) => train.deleted !== true);
    assertEquals(await read(server, "/trains/2026-03-09"), kept);
    assertEquals(await read(server, "/trains/2026-03-09?include_deleted=false"), kept);
    const train = kept[0];
    assertExists(train);
    const path = `/trains/2026-03-09/${train.trainNumber}`;
    assertEquals(await read(server, path), [train]);
    assertEquals(await read(server, `${path}?version=${train.version}`), []);
    const gone = `/trains/2026-03-09/${deleted[0]?.trainNumber}`;
    assertEquals([await read(server, gone), await read(server, `${gone}?include_deleted=true`)], [[], [
      deleted[0],
    ]]);
    for (const none of ["/trains/2026-03-09/99999", "/trains/1999-01-01", "/trains/2031-01-01"]) {
      assertEquals(await read(server, none), []);
    }
  },
});

Deno.test({
  name: "a request that the API does not understand gets its error object with 400",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const codes = new Map([
      ["/trains/2026-02-30", "PARAMETER_WRONG_TYPE"],
      ["/trains/yesterday", "PARAMETER_WRONG_TYPE"],
      ["/trains/2026-03-09/IC1", "PARAMETER_WRONG_TYPE"],
      ["/trains/2026-03-09?include_deleted=yes", "PARAMETER_WRONG_TYPE"],
      ["/trains?version=new", "PARAMETER_WRONG_TYPE"],
      ["/live-trains?version=new", "PARAMETER_WRONG_TYPE"],
      ["/live-trains?_=17", "UNKNOWN_PARAMETER"],
      ["/trains/2026-03-09?version=1", "UNKNOWN_PARAMETER"],
      ["/metadata/stations?version=1", "UNKNOWN_PARAMETER"],
    ]);
    for (const [path, code] of codes) {
      const response = await fetch(`${server.url}${path}`, GZIP);
      const error = await response.json();
      assertEquals([response.status, error.code], [400, code], path);
      assert(path.endsWith(error.queryString) && error.errorMessage.length > 0, path);
    }
    const response = await fetch(`${server.url}/trains/2026-03-09?fault=503`, GZIP);
    await response.body?.cancel();
    assertEquals(response.status, 503);
  },
});

Deno.test({
  name: "without a world there are no dates",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = serveSimulator({ ...WORLD, clock: () => AT_MS });
    for (const path of ["/trains", "/trains/2026-03-09"]) {
      const response = await fetch(`${server.url}${path}`, GZIP);
      assertEquals([response.status, await response.text()], [404, "Not Found"]);
    }
  },
});
