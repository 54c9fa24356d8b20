/** One request to the API with deadline, size bound and retries. */
import { getLogger } from "../packages/logtape.ts";
import ky, { isHTTPError } from "ky";
import { describeAnswer } from "./describe_answer.ts";
import { DEFAULT_LIMITS, type DigitrafficApi, type RequestLimits } from "./digitraffic_api.ts";
import { FetchError, type FetchErrorOptions } from "./fetch_error.ts";
import { followRedirects } from "./follow_redirects.ts";
import { readBody } from "./read_body.ts";
import { isTransientStatus, parseRetryAfter, retryWaitMs } from "./retry_wait.ts";

const logger = getLogger(["ratalake", "digitraffic"]);

/** Bytes of a failure's body that are looked at. */
const SHOWN_BYTES = 65_536;

/** What to request. */
interface BodyRequest {
  readonly url: URL;
  /** The address as messages show it: without credentials and query. */
  readonly source: string;
  /** What the answer should be, for messages: "an array of trains". */
  readonly expected: string;
  readonly signal?: AbortSignal;
}

/**
 * Gets the whole decompressed body of a 2xx response, with deadline, size bound and retries.
 *
 * @throws {FetchError} When no attempt succeeded. Rejects with the signal's reason when it fires.
 */
export async function requestBody(api: DigitrafficApi, call: BodyRequest): Promise<Uint8Array> {
  const limits = { ...DEFAULT_LIMITS, ...api.limits };
  let body = new Uint8Array();
  try {
    await ky.get(call.url, {
      headers: { "Accept": "application/json", "Accept-Encoding": "gzip", "Digitraffic-User": api.user },
      // Waits and deadlines are the injected ones, so ky's own are switched off.
      timeout: false,
      retry: { limit: limits.attempts - 1, shouldRetry: ({ error }) => isTransient(error), delay: () => 0 },
      hooks: {
        beforeRetry: [({ error, retryCount }) => waitBeforeRetry(api, { call, limits, error, retryCount })],
      },
      // Given past ky: each Response around a body is one more copy of it.
      fetch: async (input, init) => {
        const answer = await fetchWhole(api, limits, new Request(input, init));
        body = answer.body;
        return answer.response;
      },
      ...(call.signal ? { signal: call.signal } : {}),
    });
    return body;
  } catch (error) {
    call.signal?.throwIfAborted();
    throw asFetchError(error, call, api);
  }
}

/** One attempt, body included: a body that breaks off is a network fault like any other. */
async function fetchWhole(
  api: DigitrafficApi,
  limits: RequestLimits,
  request: Request,
): Promise<{ readonly response: Response; readonly body: Uint8Array<ArrayBuffer> }> {
  const signal = AbortSignal.any([request.signal, api.deadline(limits.deadlineSeconds * 1000)]);
  const response = await followRedirects(api, new Request(request, { signal }));
  const body = await readBody(response.body, limits.maxBodyBytes);
  api.onAnswer?.({ url: request.url, headers: response.headers });
  const { status, statusText } = response;
  // Only what the retries look at: the body is decompressed, so its old headers would be wrong.
  const headers = new Headers({ "Retry-After": response.headers.get("Retry-After") ?? "" });
  // Of a failure the beginning is enough to tell what it is; of a success ky needs nothing.
  const shown = response.ok || status === 304 ? null : body.slice(0, SHOWN_BYTES);
  return { response: new Response(shown, { status, statusText, headers }), body };
}

function isTransient(error: Error): boolean {
  if (isHTTPError(error)) return isTransientStatus(error.response.status);
  return networkFault(error) !== null;
}

/** A failed attempt that may be followed by another. */
interface Retry {
  readonly call: BodyRequest;
  readonly limits: RequestLimits;
  readonly error: Error;
  readonly retryCount: number;
}

async function waitBeforeRetry(api: DigitrafficApi, retry: Retry): Promise<void> {
  const { call, limits, error, retryCount } = retry;
  const answer = isHTTPError(error)
    ? { status: error.response.status, retryAfter: error.response.headers.get("Retry-After") }
    : {};
  const waitMs = retryWaitMs({ attempt: retryCount, ...answer }, {
    nowMs: api.clock(),
    random: api.random(),
  });
  const found = describeFailure(error);
  if (waitMs > limits.maxWaitSeconds * 1000) {
    const asked = `${found} that asks to wait ${Math.ceil(waitMs / 1000)} s`;
    throw refuse(call.source, `${asked}, expected at most ${limits.maxWaitSeconds} s`, { retriable: true });
  }
  logger.warn("Trying {source} again in {seconds} s after {found} (attempt {attempt} of {attempts})", {
    source: call.source,
    seconds: Math.round(waitMs / 100) / 10,
    found,
    attempt: retryCount + 1,
    attempts: limits.attempts,
  });
  await api.sleep(waitMs, call.signal);
}

function asFetchError(error: unknown, { source, expected }: BodyRequest, api: DigitrafficApi): unknown {
  if (error instanceof FetchError && error.message.startsWith("Cannot fetch")) return error;
  if (!(error instanceof Error)) return error;
  const found = describeFailure(error);
  const status = isHTTPError(error) ? error.response.status : undefined;
  const asked = isHTTPError(error) ? error.response.headers.get("Retry-After") : null;
  const retryAfterMs = parseRetryAfter(asked, api.clock());
  const known = status !== undefined || networkFault(error) !== null || error instanceof FetchError;
  if (!known) return error;
  // No cause: the message says it all, and those of ky and fetch would only repeat it.
  return refuse(source, `${found}, expected ${expected}`, {
    retriable: isTransient(error),
    ...(status === undefined ? {} : { status }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function refuse(source: string, found: string, options: FetchErrorOptions): FetchError {
  return new FetchError(`Cannot fetch "${source}": ${found}`, options);
}

function describeFailure(error: Error): string {
  if (!isHTTPError(error)) return networkFault(error) ?? error.message;
  const { status, statusText } = error.response;
  const body = error.data === undefined
    ? "an empty body"
    : describeAnswer(new TextEncoder().encode(textOf(error.data)));
  return `status ${status}${statusText === "" ? "" : ` ${statusText}`} with ${body}`;
}

function textOf(data: unknown): string {
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** The innermost message of a network fault; null when the error is something else. */
function networkFault(error: Error): string | null {
  if (error.name === "TimeoutError") return "no complete answer before the deadline";
  if (error.name !== "NetworkError" && !(error instanceof TypeError)) return null;
  let innermost: Error = error;
  while (innermost.cause instanceof Error) innermost = innermost.cause;
  return innermost.message.replace(/^.*?client error \(\w+\): /, "");
}
