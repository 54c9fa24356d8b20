import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { serveSimulator, type Simulator } from "../../lib/simulator/serve_simulator.ts";
import { SIMULATED_FAULTS } from "../../lib/simulator/simulated_fault.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");
const LOOPBACK = { net: ["127.0.0.1"] };
const GZIP = { headers: { "Accept-Encoding": "gzip" } };

function start(): Simulator {
  return serveSimulator({ seed: 3, trains: 30, clock: () => AT_MS });
}

Deno.test({
  name: "without gzip the answer is 406, as the API does it",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    for (const encoding of ["identity", "br", "gzip;q=0", "gzip ; q=0.0"]) {
      const response = await fetch(`${server.url}/live-trains`, { headers: { "Accept-Encoding": encoding } });
      assertEquals(response.status, 406, encoding);
      assertStringIncludes(await response.text(), "gzip");
    }
    for (const encoding of ["gzip", "br, gzip;q=0.5"]) {
      const response = await fetch(`${server.url}/live-trains`, { headers: { "Accept-Encoding": encoding } });
      assertEquals([response.status, (await response.json()).length], [200, 30], encoding);
    }
  },
});

Deno.test({
  name: "the same seed and clock give the same bytes over the wire, a moved clock others",
  permissions: LOOPBACK,
  fn: async () => {
    await using one = start();
    await using other = start();
    const read = async (server: Simulator) => await (await fetch(`${server.url}/live-trains`, GZIP)).text();
    const before = await read(one);
    assertEquals(await read(other), before);
    one.advance(600_000);
    assertNotEquals(await read(one), before);
    other.advance(600_000);
    assertEquals(other.clock(), one.clock());
    assertEquals(await read(other), await read(one));
  },
});

Deno.test({
  name: "the stations of every row are in the station metadata with the same UIC code",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const stations: readonly { stationShortCode: string; stationUICCode: number }[] =
      await (await fetch(`${server.url}/metadata/stations`, GZIP)).json();
    const codes = new Map(stations.map((station) => [station.stationShortCode, station.stationUICCode]));
    assertEquals(codes.size, stations.length);
    assertEquals(new Set(codes.values()).size, stations.length);
    const trains = await (await fetch(`${server.url}/live-trains`, GZIP)).json();
    for (const train of trains) {
      for (const row of train.timeTableRows) {
        assertEquals(row.stationUICCode, codes.get(row.stationShortCode));
      }
    }
  },
});

Deno.test({
  name: "each fault can be asked for by name and comes once when it is queued",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const asked = new Map<string, number>();
    for (const fault of SIMULATED_FAULTS.filter((name) => name !== "hang" && name !== "cut")) {
      const response = await fetch(`${server.url}/live-trains?fault=${fault}`, GZIP);
      await response.body?.cancel();
      asked.set(fault, response.status);
    }
    for (const [fault, status] of asked) {
      assertEquals(status, /^\d/.test(fault) ? Number(fault.slice(0, 3)) : 200, fault);
    }
    server.failNext("503");
    const statuses: number[] = [];
    for (let request = 0; request < 2; request++) {
      const response = await fetch(`${server.url}/live-trains`, GZIP);
      await response.body?.cancel();
      statuses.push(response.status);
    }
    assertEquals(statuses, [503, 200]);
  },
});

Deno.test({
  name: "what the API has not is refused: other paths, other methods, versions that are none",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start();
    const missing = await fetch(`${server.url}/nowhere`, GZIP);
    const posted = await fetch(`${server.url}/live-trains`, { ...GZIP, method: "POST" });
    assertEquals([missing.status, posted.status], [404, 405]);
    await missing.body?.cancel();
    await posted.body?.cancel();
    const answer = await (await fetch(`${server.url}/live-trains?version=new`, GZIP)).json();
    assertEquals(answer.code, "INVALID_VERSION");
  },
});

Deno.test({
  name: "closing the server ends requests that hang",
  permissions: LOOPBACK,
  fn: async () => {
    const server = start();
    const response = await fetch(`${server.url}/live-trains?fault=hang`, GZIP);
    await server[Symbol.asyncDispose]();
    const ended = await response.text().then(() => true, () => true);
    assert(ended);
  },
});
