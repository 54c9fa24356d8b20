/** The web server of the live page: what it answers, and what it does not. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { answerRequest, type LiveSite } from "../../lib/live/answer_request.ts";
import { LiveFeed } from "../../lib/live/live_feed.ts";
import { madeHeartbeat, madeTrain, madeView, NOW_MS } from "./made_view.ts";

function siteOf(view = madeView([madeTrain(1)])): LiveSite {
  const look = () => Promise.resolve(view);
  const hosts = new Set(["127.0.0.1", "localhost"]);
  return { feed: new LiveFeed({ look }), look, title: "data_files", script: "// script", hosts };
}

async function ask(
  path: string,
  { site = siteOf(), ...init }: RequestInit & { readonly site?: LiveSite } = {},
) {
  return await answerRequest(new Request(`http://127.0.0.1:8090${path}`, init), site);
}

Deno.test("the page, its script, its health and its metrics are served, nothing else", async () => {
  const found: unknown[] = [];
  for (
    const path of [
      "/",
      "/live_client.js",
      "/healthz",
      "/metrics",
      "/favicon.ico",
      "/../deno.json",
      "/events/",
    ]
  ) {
    const answer = await ask(path);
    found.push([path, answer.status, answer.headers.get("Content-Type")]);
    await answer.body?.cancel();
  }
  assertEquals(found, [
    ["/", 200, "text/html; charset=utf-8"],
    ["/live_client.js", 200, "text/javascript; charset=utf-8"],
    ["/healthz", 200, "application/json"],
    ["/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"],
    ["/favicon.ico", 404, "text/plain; charset=utf-8"],
    ["/../deno.json", 404, "text/plain; charset=utf-8"],
    ["/events/", 404, "text/plain; charset=utf-8"],
  ]);
});

Deno.test("nothing can be changed: every method but GET and HEAD is refused, and HEAD opens no stream", async () => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const answer = await ask("/events", { method });
    assertEquals([answer.status, answer.headers.get("Allow")], [405, "GET, HEAD"]);
  }
  const site = siteOf();
  const head = await ask("/events", { method: "HEAD", site });
  assertEquals([head.status, head.body, site.feed.readers], [200, null, 0]);
});

Deno.test("a name that is not ours is refused, so that no other site reads the page by a name of its own", async () => {
  const request = (url: string) => answerRequest(new Request(url), siteOf());
  assertEquals((await request("http://evil.example:8090/")).status, 421);
  for (const host of ["evil.example", "127.0.0.1.evil.example", "1.evil.example", "localhost.evil.example"]) {
    assertEquals((await request(`http://${host}:8090/metrics`)).status, 421, host);
  }
  for (const host of ["localhost", "LOCALHOST", "127.0.0.1", "192.168.1.7", "[::1]", "[fe80::1]"]) {
    assertEquals((await request(`http://${host}:8090/`)).status, 200, host);
  }
});

Deno.test("a host that makes no URL is refused", async () => {
  const thrown = {
    method: "GET",
    get url(): string {
      throw new TypeError("Invalid URL");
    },
  };
  for (const request of [thrown, { method: "GET", url: "http://a b/" }]) {
    assertEquals((await answerRequest(request, siteOf())).status, 400);
  }
});

Deno.test("the page loads nothing from elsewhere and shows a line's name as text", async () => {
  const answer = await ask(`/?line=${encodeURIComponent('"><script>alert(1)</script>')}`);
  const html = await answer.text();
  assert(!html.includes("<script>alert"));
  assert(!/(?:src|href)="(?:https?:)?\/\//.test(html.replace(/<a rel="license"[^>]*>/g, "")));
  const policy = answer.headers.get("Content-Security-Policy") ?? "";
  for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"]) {
    assertStringIncludes(policy, part);
  }
  assertEquals((await ask(`/?line=${"x".repeat(101)}`)).status, 400);
});

Deno.test("a stream begins with all there is", async () => {
  const site = siteOf();
  const answer = await ask("/events?line=HKI-TPE", { site });
  assertEquals([answer.status, site.feed.readers], [200, 1]);
  const reader = answer.body?.getReader();
  let text = "";
  while (!text.includes("event: figures")) text += new TextDecoder().decode((await reader?.read())?.value);
  assertEquals(text.match(/(?<=^event: )\w+/gm), ["net", "trains", "line", "figures"]);
  await reader?.cancel();
  assertEquals(site.feed.readers, 0);
});

Deno.test("health fails while a follower is silent or the tables cannot be read, and not when one has ended", async () => {
  const silent = madeHeartbeat({ at: NOW_MS - 60_000 }),
    ended = madeHeartbeat({ at: NOW_MS - 60_000, doing: "" });
  const healthOf = async (more: Parameters<typeof madeView>[1]) => {
    const answer = await ask("/healthz", { site: siteOf(madeView([], more)) });
    return [answer.status, (await answer.json()).reasons];
  };
  assertEquals(await healthOf({ followers: [ended, madeHeartbeat({ role: "fetch" })] }), [200, []]);
  assertEquals(await healthOf({ followers: [silent] }), [503, [
    "process is silent: it hangs, or was killed",
  ]]);
  assertEquals(await healthOf({ fault: "no space" }), [503, ["the tables cannot be read: no space"]]);
});

Deno.test("metrics have base units, one name per count, and a role per follower", async () => {
  const counts = { messages: 900, commitRetries: 2, "odd name\n": 1 };
  const gauges = {
    messagesTotal: 9,
    lagOffsets: 3,
    latencyP50Ms: 240,
    newestMessageMs: NOW_MS,
    up: 7,
    broken: NaN,
  };
  const followers = [
    madeHeartbeat({ counts, gauges }),
    madeHeartbeat({ role: "fetch", counts: { messages: 5 }, gauges: {}, doing: "" }),
  ];
  const quality = { generatedAtMs: NOW_MS, passed: false, scores: [{ dimension: "all", score: 99.5 }] };
  const text =
    await (await ask("/metrics", { site: siteOf(madeView([madeTrain(1)], { followers, quality })) })).text();
  for (
    const line of [
      'ratalake_follower_messages_total{role="process"} 900',
      'ratalake_follower_messages_total{role="fetch"} 5',
      'ratalake_follower_commit_retries_total{role="process"} 2',
      'ratalake_follower_odd_name_total{role="process"} 1',
      'ratalake_follower_lag_offsets{role="process"} 3',
      'ratalake_follower_latency_p50_seconds{role="process"} 0.24',
      `ratalake_follower_newest_message_timestamp_seconds{role="process"} ${NOW_MS / 1000}`,
      'ratalake_follower_up{role="process"} 1',
      `ratalake_follower_heartbeat_timestamp_seconds{role="process"} ${NOW_MS / 1000}`,
      'ratalake_follower_up{role="fetch"} 0',
      "ratalake_quality_passed 0",
      'ratalake_quality_score{dimension="all"} 99.5',
      "ratalake_trains_on_the_way 1",
      "ratalake_live_pages 0",
    ]
  ) assert(text.split("\n").includes(line), `${line} in\n${text}`);
});

Deno.test("whatever a file calls its figures, metrics are in the format of Prometheus, each name of one type", async () => {
  const names = [
    "",
    "up",
    "UP",
    "7",
    "a b",
    "a_b",
    "aTotal",
    "a",
    "atMs",
    "At",
    "x".repeat(64),
    'q"{}\n# TYPE',
    "å",
    "bucket",
  ];
  const figures = Object.fromEntries(names.map((name, at) => [name, at * 1.5]));
  const followers = (["process", "fetch", "backfill"] as const).map((role) =>
    madeHeartbeat({ role, counts: figures, gauges: figures })
  );
  const text = await (await ask("/metrics", { site: siteOf(madeView([], { followers })) })).text();
  const types = new Map<string, string>(), samples = new Set<string>();
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const [, typed, type] = /^# TYPE ([a-z_][a-z0-9_]*) (counter|gauge)$/.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      assert(!types.has(typed) && typed.endsWith("_total") === (type === "counter"), line);
      types.set(typed, type);
    } else if (!/^# HELP [a-z_][a-z0-9_]* [ -~]+$/.test(line)) {
      const [, name, labels] = /^([a-z_][a-z0-9_]*)(\{[a-z]+="[a-z]+"\})? -?\d+(?:\.\d+)?$/.exec(line) ?? [];
      assert(name !== undefined && types.has(name), line);
      assert(!samples.has(name + labels), line);
      samples.add(name + labels);
    }
  }
  assert(samples.size > 50);
});
