import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import type { DigitrafficApi } from "../../../lib/digitraffic/digitraffic_api.ts";
import { FetchError } from "../../../lib/digitraffic/fetch_error.ts";
import { CutOffError, streamBody, type StreamCall } from "../../../lib/digitraffic/history/stream_body.ts";
import { concat } from "../archives/pieces.ts";
import { createTestApi, type TestApiOptions } from "../test_api.ts";

const URL_TEXT = "http://api.test/api/v1/trains/2024-01-01";
const CALL: StreamCall = { url: new URL(URL_TEXT), source: URL_TEXT, expected: "an array of trains" };
const CONTENT = new Uint8Array(1_000_000).map((_, at) => at * at >> 5);

/** Answers, each for one request; the last one for all that follow. */
type Answer = (request: Request) => Response | Promise<Response>;

function apiOf(answers: readonly Answer[], options: Partial<TestApiOptions> = {}) {
  let asked = 0;
  const fetch = (request: Request) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    return Promise.resolve(answer?.(request) ?? Response.error());
  };
  return { ...createTestApi({ url: "http://api.test/api/v1", fetch, ...options }), asked: () => asked };
}

/** A body of bytes as the network has it; it breaks after so many. */
function bodyOf(content: Uint8Array, breaksAt = Infinity): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      if (at >= breaksAt) return controller.error(new TypeError("connection reset"));
      const piece = content.slice(at, Math.min(at + 4096, breaksAt));
      at += piece.length;
      if (piece.length > 0) return controller.enqueue(piece);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}

const whole: Answer = () => new Response(bodyOf(CONTENT));

async function read(api: DigitrafficApi, call: Partial<StreamCall> = {}) {
  const starts: number[] = [];
  const chunks = await streamBody(api, { ...CALL, ...call }, async (source) => {
    starts.push(0);
    return await Array.fromAsync(source);
  });
  return { chunks, starts: starts.length };
}

Deno.test("a body comes in chunks of 256 kB that share no memory", async () => {
  const { api, waits } = apiOf([whole]);
  const { chunks } = await read(api);
  assertEquals(concat(chunks), CONTENT);
  assertEquals(chunks.map(({ length }) => length), [262144, 262144, 262144, 213568]);
  assertEquals(new Set(chunks.map(({ buffer }) => buffer)).size, chunks.length);
  assertEquals(waits, []);
});

Deno.test("a body that breaks is read anew from its start, after the wait of any failed request", async () => {
  const { api, waits, asked } = apiOf([
    () => new Response(bodyOf(CONTENT, 300_000)),
    () => new Response(bodyOf(CONTENT, 10)),
    whole,
  ]);
  const { chunks, starts } = await read(api);
  assertEquals(concat(chunks), CONTENT);
  assertEquals([asked(), starts], [3, 3]);
  assertEquals(waits, [500, 1000]);
});

Deno.test("what breaks again and again ends as a failure that names the source", async () => {
  const { api, asked } = apiOf([() => new Response(bodyOf(CONTENT, 300_000))]);
  const error = await assertRejects(() => read(api), FetchError);
  assertEquals(error.message, `Cannot fetch "${URL_TEXT}": connection reset, expected an array of trains`);
  assertEquals([asked(), error.retriable], [5, true]);
});

Deno.test("429 and 5xx are waited for as everywhere, other answers are not tried again", async () => {
  const busy: Answer = () => new Response("slow down", { status: 429, headers: { "Retry-After": "7" } });
  const { api, waits } = apiOf([busy, () => new Response("oh", { status: 503 }), whole]);
  assertEquals((await read(api)).starts, 1);
  assertEquals(waits, [7000, 1000]);
  const gone = apiOf([() => new Response("none", { status: 404 })]);
  const error = await assertRejects(() => read(gone.api), FetchError);
  assertStringIncludes(error.message, 'status 404 with "none", expected an array of trains');
  assertEquals([gone.asked(), error.status], [1, 404]);
});

Deno.test("what the reader throws comes out as it is and is not tried again", async () => {
  for (const fault of [new TypeError("a mistake"), new FetchError("not this"), new RangeError("full")]) {
    const { api, asked } = apiOf([whole]);
    const error = await assertRejects(() => streamBody(api, CALL, () => Promise.reject(fault)));
    assert(error === fault);
    assertEquals(asked(), 1);
  }
});

Deno.test("a reader that misses the end of a whole body may ask for another attempt", async () => {
  const { api, asked } = apiOf([whole]);
  const error = await assertRejects(
    () => streamBody(api, CALL, () => Promise.reject(new CutOffError("half an array"))),
    FetchError,
    "half an array, expected",
  );
  assertEquals([asked(), error.retriable], [5, true]);
});

Deno.test("the deadline holds for the headers and for each chunk, not while the reader works", async () => {
  const deadlines: AbortController[] = [];
  const deadline = () => {
    const controller = new AbortController();
    deadlines.push(controller);
    return controller.signal;
  };
  const expire = (which: AbortController | undefined) =>
    which?.abort(new DOMException("late", "TimeoutError"));
  const stalled: Answer = () =>
    new Response(new ReadableStream({ pull: () => new Promise(() => expire(deadlines.at(-1))) }));
  const silent: Answer = ({ signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      expire(deadlines.at(-1));
    });
  const { api, asked } = apiOf([silent, stalled, whole], { deadline });
  const chunks = await streamBody(api, CALL, async (source) => {
    const read: Uint8Array[] = [];
    for await (const chunk of source) {
      read.push(chunk);
      // All that were begun before this chunk came.
      deadlines.forEach(expire);
    }
    return read;
  });
  assertEquals(concat(chunks), CONTENT);
  assertEquals(asked(), 3);
  assertGreater(deadlines.length, 6);
});

Deno.test("a body over the bound is refused and not read on", async () => {
  const { api } = apiOf([whole]);
  await assertRejects(() => read(api, { maxBodyBytes: 999_999 }), FetchError, "a body over 999999 bytes");
  assertEquals(concat((await read(api, { maxBodyBytes: 1_000_000 })).chunks), CONTENT);
});

Deno.test("the next chunk is asked for when the reader is done with the one before", async () => {
  let pulledBytes = 0;
  const source = bodyOf(CONTENT).getReader();
  const body = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      const { value } = await source.read();
      if (value === undefined) {
        controller.close();
        return controller.byobRequest?.respond(0);
      }
      pulledBytes += value.length;
      controller.enqueue(value);
    },
  });
  const { api } = apiOf([() => new Response(body)]);
  await streamBody(api, CALL, async (chunks) => {
    let readBytes = 0;
    for await (const chunk of chunks) {
      readBytes += chunk.length;
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      assert(pulledBytes - readBytes <= 2 * 4096, `${pulledBytes} pulled, ${readBytes} read`);
    }
  });
});

Deno.test("the signal ends it at once, with its reason, whatever is waited for", async () => {
  const reason = new Error("stopped by SIGTERM");
  const stop = new AbortController();
  const { api } = apiOf([
    () => new Response(new ReadableStream({ pull: () => new Promise(() => stop.abort(reason)) })),
  ]);
  const error = await assertRejects(() => read(api, { signal: stop.signal }));
  assert(error === reason);
});

Deno.test("a redirect to another host is not followed", async () => {
  const away: Answer = () =>
    new Response(null, { status: 302, headers: { Location: "http://169.254.169.254/" } });
  await assertRejects(() => read(apiOf([away]).api), FetchError, "a redirect to http://169.254.169.254");
});

Deno.test("the kind of answer that is asked for is said, with gzip and the name of the client", async () => {
  const headers: Headers[] = [];
  const { api } = apiOf([(request) => {
    headers.push(request.headers);
    return new Response("x");
  }]);
  await read(api, { accept: "application/zip, */*" });
  await read(api);
  assertEquals(headers.map((each) => each.get("Accept")), ["application/zip, */*", "application/json"]);
  assertEquals(headers.map((each) => each.get("Accept-Encoding")), ["gzip", "gzip"]);
  assertEquals(headers.map((each) => each.get("Digitraffic-User")), ["ratalake/test", "ratalake/test"]);
});
