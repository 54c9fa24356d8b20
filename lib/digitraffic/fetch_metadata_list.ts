/** Asks the API for a list of metadata, such as its stations: small lists that change rarely, parsed as a whole. */
import { describeAnswer } from "./describe_answer.ts";
import { DEFAULT_LIMITS, type DigitrafficApi } from "./digitraffic_api.ts";
import { endpointUrl } from "./endpoint_url.ts";
import { FetchError } from "./fetch_error.ts";
import { requestBody } from "./request_body.ts";

/** Which list. */
export interface MetadataRequest {
  /** Below `/metadata/`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** What its elements are, for messages: "stations". */
  readonly what: string;
  /** Ends the request and the waits; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** One answer. */
export interface MetadataAnswer {
  /** As parsed; what they are is not checked yet. */
  readonly elements: readonly unknown[];
  /** Address without credentials and query. */
  readonly source: string;
}

/** The real lists have some 100 kB; parsed, what is hostile may take thirty times its bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Asks `GET /metadata/<path>`, with the retries and bounds of all requests.
 *
 * @throws {FetchError} When no attempt gave an array.
 */
export async function fetchMetadataList(
  api: DigitrafficApi,
  { path, query = {}, what, signal }: MetadataRequest,
): Promise<MetadataAnswer> {
  const { url, source } = endpointUrl(api.url, `metadata/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const expected = `an array of ${what}`;
  const { maxBodyBytes } = { ...DEFAULT_LIMITS, ...api.limits };
  const limits = { ...api.limits, maxBodyBytes: Math.min(maxBodyBytes, MAX_BODY_BYTES) };
  const call = { url, source, expected, ...(signal ? { signal } : {}) };
  const body = await requestBody({ ...api, limits }, call);
  const elements = parse(body);
  if (Array.isArray(elements)) return { elements, source };
  const found = describeAnswer(body);
  throw new FetchError(`Cannot fetch "${source}": found ${found}, expected ${expected}`, { status: 200 });
}

/** Undefined when it is no JSON in UTF-8. */
function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
