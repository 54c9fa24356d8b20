import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { serveSimulator, type Simulator } from "../../lib/simulator/serve_simulator.ts";
import { type Weather, type WeatherKind, weatherSpells } from "../../lib/simulator/weather/weather.ts";

const FROM_MS = Date.parse("2026-03-10T10:00:00Z");
const WEATHER: Weather = { seed: 2, fromMs: FROM_MS };
const LOOPBACK = { net: ["127.0.0.1"] };
const GZIP = { headers: { "Accept-Encoding": "gzip" } };

/** What arrived of one request. */
interface Arrival {
  readonly status: number | null;
  readonly headers: Headers;
  readonly body: string | null;
}

function start(kind: WeatherKind, sleep?: () => Promise<void>): Simulator {
  const spell = [...weatherSpells({ ...WEATHER, untilMs: FROM_MS + 3 * 86_400_000 })]
    .find((each) => each.kind === kind);
  assert(spell !== undefined);
  return serveSimulator({
    seed: 3,
    trains: 300,
    world: {},
    weather: WEATHER,
    clock: () => spell.fromMs,
    ...(sleep === undefined ? {} : { sleep }),
  });
}

/** Asks once a second of simulated time. */
async function ask(server: Simulator, times: number): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (let time = 0; time < times; time++) {
    arrivals.push(await arrive(`${server.url}/live-trains`));
    server.advance(1_000);
  }
  return arrivals;
}

async function arrive(url: string): Promise<Arrival> {
  const response = await fetch(url, GZIP).catch(() => null);
  if (response === null) return { status: null, headers: new Headers(), body: null };
  const body = await response.text().catch(() => null);
  return { status: response.status, headers: response.headers, body };
}

function newest({ body }: Arrival): number {
  const versions = JSON.parse(body ?? "[]").map((train: { readonly version: number }) => train.version);
  return Math.max(...versions);
}

Deno.test({
  name: "where connections are refused nothing arrives until the spell is over",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start("refused");
    const many = await Promise.all(Array.from({ length: 20 }, () => arrive(`${server.url}/live-trains`)));
    assert([...many, ...await ask(server, 3)].every(({ status }) => status === null));
    server.advance(3_600_000);
    assertEquals((await ask(server, 1))[0]?.status, 200);
  },
});

Deno.test({
  name: "where the API is down everything is 503; in a storm most is 429, with and without a time to wait",
  permissions: LOOPBACK,
  fn: async () => {
    await using down = start("down");
    assert((await ask(down, 5)).every(({ status }) => status === 503));
    for (const [kind, wait] of [["throttled", null], ["throttled-retry-after", "7"]] as const) {
      await using server = start(kind);
      const storm = await ask(server, 20);
      const refused = storm.filter(({ status }) => status === 429);
      assert(refused.length > 8 && refused.length < 20, `${refused.length}`);
      assert(refused.every(({ headers }) => headers.get("Retry-After") === wait));
    }
  },
});

Deno.test({
  name: "half of the answers are cut, a page, an error object or an empty array; the others are whole",
  permissions: LOOPBACK,
  fn: async () => {
    const looks: ReadonlyMap<WeatherKind, (arrival: Arrival) => boolean> = new Map([
      ["cut", ({ body }) => body === null],
      ["html", ({ body }) => body?.startsWith("<!DOCTYPE html>") === true],
      ["error-object", ({ body }) => body?.startsWith('{"queryString"') === true],
      ["empty", ({ body }) => body === "[]"],
    ]);
    for (const [kind, isSpoilt] of looks) {
      await using server = start(kind);
      const arrivals = await ask(server, 20);
      assert(arrivals.every(({ status }) => status === 200), kind);
      const spoilt = arrivals.filter(isSpoilt);
      assert(spoilt.length > 3 && spoilt.length < 17, `${kind}: ${spoilt.length}`);
      const whole = arrivals.filter((arrival) => !isSpoilt(arrival));
      assert(whole.every(({ body }) => JSON.parse(body ?? "").length > 10), kind);
    }
  },
});

Deno.test({
  name: "stale answers have older versions than answers before them",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start("stale");
    const versions = (await ask(server, 20)).map(newest);
    const falls = versions.filter((version, index) => version < (versions[index - 1] ?? 0));
    assertGreater(falls.length, 2);
  },
});

Deno.test({
  name: "a body that trickles comes whole, with many pauses; deprecated answers say until when they live",
  permissions: LOOPBACK,
  fn: async () => {
    let pauses = 0;
    await using server = start("trickle", () => Promise.resolve(void pauses++));
    const arrivals = await ask(server, 1);
    assertGreater(JSON.parse(arrivals[0]?.body ?? "[]").length, 10);
    assertGreater(pauses, 10);
    await using deprecated = start("deprecated");
    const [arrival] = await ask(deprecated, 1);
    assertStringIncludes(arrival?.headers.get("Deprecation") ?? "", "@177");
    const sunset = Date.parse(arrival?.headers.get("Sunset") ?? "");
    assertEquals(Math.round((sunset - deprecated.clock()) / 86_400_000), 182);
  },
});

Deno.test({
  name: "a re-base is met as versions that fall once and rise again",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = start("rebase");
    server.advance(-1_000);
    const versions = (await ask(server, 3)).map(newest);
    assertGreater(versions[0] ?? 0, versions[1] ?? 0);
    server.advance(600_000);
    assertGreater(
      newest((await ask(server, 1))[0] ?? { status: null, headers: new Headers(), body: null }),
      versions[1] ?? 0,
    );
  },
});
