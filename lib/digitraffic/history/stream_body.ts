/** A request whose answer is used while it arrives: nothing of it is kept. */
import { DEFAULT_LIMITS, type DigitrafficApi, type RequestLimits } from "../digitraffic_api.ts";
import { FetchError } from "../fetch_error.ts";
import { requestBody } from "../request_body.ts";

const CHUNK_BYTES = 256 * 1024;

/** What to request. */
export interface StreamCall {
  readonly url: URL;
  /** The address as messages show it: without credentials and query. */
  readonly source: string;
  /** What the answer should be, for messages: "an array of trains". */
  readonly expected: string;
  /** Kind of the answer. Default JSON. */
  readonly accept?: string;
  /** After decompression. Default that of the limits. */
  readonly maxBodyBytes?: number;
  readonly signal?: AbortSignal;
}

/** The answer was whole for the network, and is not for who reads it: another attempt may get all of it. */
export class CutOffError extends Error {
  /** What request_body.ts tries again. */
  override readonly name = "NetworkError";
}

/**
 * Requests as {@linkcode requestBody} does, by the same rules, and gives the body to `consume` in chunks of 256 kB, the
 * next one when it is asked for. An answer that breaks is begun anew: `consume` is called again, from the start. The
 * deadline holds for each chunk and not while `consume` works, so a server cannot send byte by byte for hours.
 *
 * @throws {FetchError} When no attempt succeeded; else what `consume` throws, which is not tried again.
 */
export async function streamBody<T>(
  api: DigitrafficApi,
  call: StreamCall,
  consume: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const limits = { ...DEFAULT_LIMITS, ...api.limits };
  const maxBodyBytes = call.maxBodyBytes ?? limits.maxBodyBytes;
  const outcome: { done?: { readonly value: T }; failure?: { readonly error: unknown } } = {};
  const attempt = createDeadline(api);
  const streaming: DigitrafficApi = {
    ...api,
    deadline: (milliseconds) => attempt.begin(milliseconds),
    fetch: async (request) => {
      const response = await api.fetch(withAccept(request, call.accept));
      if (!response.ok) return response;
      attempt.end();
      const { broken, chunks } = watch(
        chunksOf(response.body, { api, limits: { ...limits, maxBodyBytes }, request }),
      );
      try {
        outcome.done = { value: await consume(chunks) };
      } catch (error) {
        if (broken.fault !== undefined) throw broken.fault.error;
        if (error instanceof CutOffError) throw error;
        outcome.failure = { error };
        throw new FetchError("stopped by its reader");
      }
      return emptied(response);
    },
  };
  try {
    await requestBody(streaming, call);
  } catch (error) {
    throw outcome.failure === undefined ? error : outcome.failure.error;
  }
  if (outcome.done !== undefined) return outcome.done.value;
  throw new FetchError(`Cannot fetch "${call.source}": found no body, expected ${call.expected}`);
}

/** The deadline of an attempt until its body begins. */
function createDeadline({ deadline }: DigitrafficApi) {
  let controller = new AbortController();
  return {
    begin(milliseconds: number): AbortSignal {
      const own = controller = new AbortController();
      const signal = deadline(milliseconds);
      signal.addEventListener("abort", () => own === controller && own.abort(signal.reason), { once: true });
      return own.signal;
    },
    end: () => void (controller = new AbortController()),
  };
}

/** Passes chunks on, and remembers what broke them. */
function watch(chunks: AsyncIterable<Uint8Array>) {
  const broken: { fault?: { readonly error: unknown } } = {};
  async function* watched() {
    try {
      yield* chunks;
    } catch (error) {
      broken.fault = { error };
      throw error;
    }
  }
  return { broken, chunks: watched() };
}

/** Chunks that do not share their memory with each other. */
async function* chunksOf(
  body: ReadableStream<Uint8Array> | null,
  { api, limits, request }: {
    readonly api: DigitrafficApi;
    readonly limits: RequestLimits;
    readonly request: Request;
  },
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = openReader(body);
  let sizeBytes = 0;
  try {
    while (true) {
      const signal = AbortSignal.any([request.signal, api.deadline(limits.deadlineSeconds * 1000)]);
      const { value, done } = await unlessAborted(signal, reader.read());
      sizeBytes += value?.length ?? 0;
      if (sizeBytes > limits.maxBodyBytes) throw new FetchError(`a body over ${limits.maxBodyBytes} bytes`);
      if (value !== undefined && value.length > 0) yield value;
      if (done) return;
    }
  } finally {
    // Nobody waits for it: what broke may never answer.
    reader.cancel().catch(() => {});
  }
}

/** Whole chunks from the network. What somebody has made of a text is another kind of stream, and comes as it is. */
function openReader(body: ReadableStream<Uint8Array>) {
  try {
    const reader = body.getReader({ mode: "byob" });
    return {
      read: () => reader.read(new Uint8Array(CHUNK_BYTES), { min: CHUNK_BYTES }),
      cancel: () => reader.cancel(),
    };
  } catch {
    return body.getReader();
  }
}

async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function withAccept(request: Request, accept: string | undefined): Request {
  if (accept === undefined) return request;
  const headers = new Headers(request.headers);
  headers.set("Accept", accept);
  return new Request(request, { headers });
}

/** What is left of an answer whose body was read. */
function emptied({ status, headers }: Response): Response {
  const left = new Headers(headers);
  for (const name of ["Content-Encoding", "Content-Length"]) left.delete(name);
  return new Response(null, { status, headers: left });
}
