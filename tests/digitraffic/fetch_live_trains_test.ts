import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { readBody } from "../../lib/digitraffic/read_body.ts";
import { fetchLiveTrains } from "../../lib/digitraffic/fetch_live_trains.ts";
import { FetchError } from "../../lib/digitraffic/fetch_error.ts";
import {
  serveSimulator,
  type Simulator,
  type SimulatorOptions,
} from "../../lib/simulator/serve_simulator.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { createTestApi } from "./test_api.ts";

const AT_MS = Date.parse("2025-02-17T04:21:00Z");
const LOOPBACK = { net: ["127.0.0.1"] };
const utf8 = new TextDecoder();

function simulator(overrides: Partial<SimulatorOptions> = {}): Simulator {
  return serveSimulator({ seed: 7, trains: 40, clock: () => AT_MS, ...overrides });
}

/** A server that answers with one body, whatever is asked. */
function serveBody(
  body: BodyInit | null,
  init: ResponseInit = {},
): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(body, init),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/api/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test({
  name: "the elements are the trains of the API, byte for byte",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    const { api, waits } = createTestApi({ url: server.url });
    const answer = await fetchLiveTrains(api);
    const expected = [...simulateTrains({ seed: 7, trains: 40, atMs: AT_MS })].map((train) =>
      JSON.stringify(train)
    );
    assertEquals(answer.elements.map(({ bytes }) => utf8.decode(bytes)), expected);
    assertEquals(answer.source, `${server.url}/live-trains`);
    assertEquals(answer.fetchedAtMs, AT_MS);
    assertEquals(answer.sizeBytes, new TextEncoder().encode(`[${expected.join(",")}]`).length);
    assertEquals(waits, []);
  },
});

Deno.test({
  name: "numbers that JavaScript cannot hold and unknown fields pass unchanged",
  permissions: LOOPBACK,
  fn: async () => {
    const train =
      '{"trainNumber":1, "wagonId":12345678901234567890,"speed":1.50e2,"name":"J\\u00e4s \\"}]\\" ,"}';
    await using server = serveBody(`[ ${train} ,7]`);
    const { api } = createTestApi({ url: server.url });
    const { elements } = await fetchLiveTrains(api);
    assertEquals(elements.map(({ bytes }) => utf8.decode(bytes)), [train, "7"]);
  },
});

Deno.test({
  name: "a request says gzip and who asks, and shows no credentials",
  permissions: LOOPBACK,
  fn: async () => {
    const headers: Headers[] = [];
    await using server = simulator();
    const { api } = createTestApi({
      url: server.url.replace("//", "//user:secret@"),
      user: "lake/1",
      fetch: (request) => {
        headers.push(request.headers);
        return fetch(request);
      },
    });
    const { source } = await fetchLiveTrains(api);
    assertEquals(headers.map((header) => header.get("Accept-Encoding")), ["gzip"]);
    assertEquals(headers.map((header) => header.get("Digitraffic-User")), ["lake/1"]);
    assertEquals(source, `${server.url}/live-trains`);
  },
});

Deno.test({
  name: "a version asks only for what changed since",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator({ trains: 200 });
    const { api } = createTestApi({ url: server.url });
    const all = await fetchLiveTrains(api);
    const versionOf = (bytes: Uint8Array): number => JSON.parse(utf8.decode(bytes)).version;
    const newest = Math.max(...all.elements.map(({ bytes }) => versionOf(bytes)));
    assertEquals((await fetchLiveTrains(api, { sinceVersion: newest })).elements, []);
    server.advance(120_000);
    const changed = await fetchLiveTrains(api, { sinceVersion: newest });
    assertGreater(changed.elements.length, 0);
    assertGreater(200, changed.elements.length);
    assert(changed.elements.every(({ bytes }) => versionOf(bytes) > newest));
  },
});

Deno.test({
  name: "server faults, time-outs and broken bodies are tried again with growing waits",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("503", "500", "408", "cut");
    const { api, waits } = createTestApi({ url: server.url });
    assertEquals((await fetchLiveTrains(api)).elements.length, 40);
    assertEquals(waits, [500, 1_000, 2_000, 4_000]);
  },
});

Deno.test({
  name: "Retry-After is obeyed, and a 429 without it waits at least a minute",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("429-retry-after", "429", "503-retry-after");
    const { api, waits } = createTestApi({ url: server.url });
    assertEquals((await fetchLiveTrains(api)).elements.length, 40);
    assertEquals(waits, [7_000, 61_000, 3_000]);
  },
});

Deno.test({
  name: "after the last attempt the error names the address, the status and what the server said",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    const { api, waits } = createTestApi({ url: `${server.url}?fault=503`, limits: { attempts: 3 } });
    const error = await assertRejects(() => fetchLiveTrains(api), FetchError);
    assertEquals(
      error.message,
      `Cannot fetch "${server.url}/live-trains": status 503 Service Unavailable with ` +
        '"Service Unavailable: backend fetch failed", expected an array of trains',
    );
    assertEquals([error.status, error.retriable, waits.length], [503, true, 2]);
  },
});

Deno.test({
  name: "other client errors are not tried again",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("404");
    const { api, waits } = createTestApi({ url: server.url });
    const error = await assertRejects(
      () => fetchLiveTrains(api),
      FetchError,
      'status 404 Not Found with "Not Found"',
    );
    assertEquals([error.status, error.retriable, waits], [404, false, []]);
  },
});

Deno.test({
  name: "an error object with status 200 is an error that quotes code and message",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("error-object");
    const { api, waits } = createTestApi({ url: server.url });
    const error = await assertRejects(() => fetchLiveTrains(api), FetchError);
    assertStringIncludes(
      error.message,
      "error TRAIN_LIMIT_EXCEEDED: Too many trains asked for, expected an array",
    );
    assertEquals([error.status, error.retriable, waits], [200, false, []]);
  },
});

Deno.test({
  name: "a body that is no complete array of JSON is an error that says what came",
  permissions: LOOPBACK,
  fn: async () => {
    const cases: readonly (readonly [string | null, string])[] = [
      [null, "an empty body, expected an array of trains"],
      ["<html>\u0007Maintenance</html>", '"<html> Maintenance</html>", expected an array'],
      ["42", '"42", expected an array of trains'],
      ['[{"a":1}', "byte 8: found the end of the text"],
      ['[{"a":1}] x', 'byte 10: found "x", expected nothing after the array'],
      ["[1,]", 'byte 3: found "]", expected another element'],
    ];
    for (const [body, found] of cases) {
      await using server = serveBody(body);
      const { api } = createTestApi({ url: server.url });
      await assertRejects(() => fetchLiveTrains(api), FetchError, found);
    }
  },
});

Deno.test({
  name: "a deadline covers the body, and its error is tried again",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("hang");
    const deadlines: number[] = [];
    const expired = new AbortController();
    const { api, waits } = createTestApi({
      url: server.url,
      limits: { deadlineSeconds: 9 },
      deadline: (milliseconds) => {
        deadlines.push(milliseconds);
        return deadlines.length === 1 ? expired.signal : new AbortController().signal;
      },
      fetch: async (request) => {
        const response = await fetch(request);
        // The headers are here, the body will never be.
        if (deadlines.length === 1) {
          queueMicrotask(() => expired.abort(new DOMException("late", "TimeoutError")));
        }
        return response;
      },
    });
    assertEquals((await fetchLiveTrains(api)).elements.length, 40);
    assertEquals([deadlines, waits], [[9_000, 9_000], [500]]);
  },
});

Deno.test({
  name: "a body over the bound is refused and not tried again",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    const { api, waits } = createTestApi({ url: server.url, limits: { maxBodyBytes: 1_000 } });
    await assertRejects(
      () => fetchLiveTrains(api),
      FetchError,
      "a body over 1000 bytes, expected an array of trains",
    );
    assertEquals(waits, []);
  },
});

Deno.test({
  name: "a server that asks for a very long wait is not waited for",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = serveBody("later", { status: 429, headers: { "Retry-After": "86400" } });
    const { api, waits } = createTestApi({ url: server.url });
    const error = await assertRejects(() => fetchLiveTrains(api), FetchError, "asks to wait 86400 s");
    assertEquals([error.retriable, waits], [true, []]);
  },
});

Deno.test({
  name: "an API that nobody serves is named in one sentence after all attempts",
  permissions: LOOPBACK,
  fn: async () => {
    const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const url = `http://127.0.0.1:${closed.addr.port}/api/v1`;
    closed.close();
    const { api, waits } = createTestApi({ url });
    const error = await assertRejects(() => fetchLiveTrains(api), FetchError);
    assertStringIncludes(error.message, `Cannot fetch "${url}/live-trains": `);
    assertStringIncludes(error.message, "Connection refused");
    assert(!error.message.includes("\n"));
    assertEquals([error.retriable, waits.length], [true, 4]);
  },
});

Deno.test({
  name: "a signal ends the waiting with its own reason",
  permissions: LOOPBACK,
  fn: async () => {
    await using server = simulator();
    server.failNext("503");
    const stop = new AbortController();
    const { api } = createTestApi({
      url: server.url,
      sleep: () => {
        stop.abort(new DOMException("stopped by the user", "AbortError"));
        return Promise.reject(stop.signal.reason);
      },
    });
    await assertRejects(
      () => fetchLiveTrains(api, { signal: stop.signal }),
      DOMException,
      "stopped by the user",
    );
  },
});

/** A server that answers by path. */
function serveBy(answer: (path: string) => Response): AsyncDisposable & { readonly url: string } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => answer(new URL(request.url).pathname),
  );
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: location === "" ? {} : { Location: location } });
}

Deno.test({
  name:
    "a redirect within the host is followed, one that leads elsewhere is an error and nobody is asked there",
  permissions: LOOPBACK,
  fn: async () => {
    let asked = 0;
    await using other = serveBy(() => {
      asked++;
      return new Response("[1]");
    });
    let location = "/moved/here";
    await using server = serveBy((path) =>
      path === "/live-trains" ? redirect(location) : new Response("[1,2]")
    );
    const { api, waits } = createTestApi({ url: server.url });
    assertEquals((await fetchLiveTrains(api)).elements.length, 2);
    const wrong: readonly (readonly [location: string, found: string])[] = [
      [`${other.url}/live-trains`, `a redirect to ${other.url}, which was not asked`],
      ["http://169.254.169.254/latest", "a redirect to http://169.254.169.254, which was not asked"],
      ["file:///etc/passwd", "a redirect to null, which was not asked"],
      ["", "a redirect without an address"],
      ["/live-trains", "more than 5 redirects"],
    ];
    for (const [to, found] of wrong) {
      location = to;
      const error = await assertRejects(() => fetchLiveTrains(api), FetchError, found);
      assertEquals([error.retriable, error.message.includes("--allow-net")], [false, false]);
    }
    assertEquals([asked, waits], [0, []]);
  },
});

Deno.test("a body is copied out of chunks that are views of larger, reused buffers, up to the very limit", async () => {
  const shared = new Uint8Array(64_000);
  const stream = () => {
    let round = 0;
    return new ReadableStream<Uint8Array>({
      pull(controller) {
        if (round === 10) return controller.close();
        controller.enqueue(shared.fill(++round).subarray(100, 100 + round));
      },
    }, { highWaterMark: 0 });
  };
  const expected = Array.from({ length: 10 }, (_, i) => Array(i + 1).fill(i + 1)).flat();
  assertEquals([...await readBody(stream(), 55)], expected);
  await assertRejects(() => readBody(stream(), 54), FetchError, "a body over 54 bytes");
  assertEquals((await readBody(null, 10)).length, 0);
});

Deno.test({
  name: "a body from the network is whole whatever its size and its parts, and is left where it is too large",
  permissions: { net: ["127.0.0.1"] },
  fn: async () => {
    let next: () => BodyInit = () => "";
    const cancelled = Promise.withResolvers<void>();
    await using server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () => new Response(next()),
    );
    const read = async (maxBytes: number) =>
      await readBody((await fetch(`http://127.0.0.1:${server.addr.port}/`)).body, maxBytes);
    const around = (size: number) => [size - 1, size, size + 1];
    for (const size of [0, 1, 4096, ...around(2 ** 16), ...around(2 ** 18), 2 ** 20 + 5]) {
      const whole = Uint8Array.from({ length: size }, (_, at) => at * 7 % 251);
      const parts = () => {
        let at = 0;
        return new ReadableStream<Uint8Array>({
          pull(controller) {
            if (at >= size) return controller.close();
            controller.enqueue(whole.subarray(at, at += 1 + at % 50_000));
          },
        });
      };
      for (const body of [() => whole, parts]) {
        next = body;
        assertEquals(await read(size), whole);
        if (size > 0) await assertRejects(() => read(size - 1), FetchError, `a body over ${size - 1} bytes`);
      }
    }
    // One byte too many is enough, also of a body that never ends.
    next = () =>
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(101)),
        cancel: () => cancelled.resolve(),
      });
    await assertRejects(() => read(100), FetchError, "a body over 100 bytes");
    await cancelled.promise;
  },
});
