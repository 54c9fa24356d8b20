/** Asks an endpoint that answers with an array of trains; gives their JSON, byte for byte. */
import { describeAnswer } from "./describe_answer.ts";
import type { DigitrafficApi } from "./digitraffic_api.ts";
import { endpointUrl } from "./endpoint_url.ts";
import { FetchError } from "./fetch_error.ts";
import { requestBody } from "./request_body.ts";
import { createJsonArraySplitter } from "./split_json_array.ts";
import type { ReceivedTrain } from "../train/train_identity.ts";

const EXPECTED = "an array of trains";

/** One response of the API. */
export interface FetchedTrains {
  /** The elements of the array, exactly as received; whether they are trains is not checked yet. */
  readonly elements: readonly ReceivedTrain[];
  /** When the response was complete; milliseconds since 1970 UTC. */
  readonly fetchedAtMs: number;
  /** Address without credentials and query. */
  readonly source: string;
  /** Size of the response after decompression. */
  readonly sizeBytes: number;
}

/** Which trains. */
export interface TrainsRequest {
  /** Below the base address: "live-trains". */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Ends the request and the waits; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Network faults, deadlines, 408, 429 and 5xx are tried again with exponential back-off and full jitter, or when the
 * server says so; any other 4xx is not.
 *
 * @throws {FetchError} When no attempt gave an array.
 */
export async function fetchTrainsArray(
  api: DigitrafficApi,
  { path, query = {}, signal }: TrainsRequest,
): Promise<FetchedTrains> {
  const { url, source } = endpointUrl(api.url, path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const body = await requestBody(api, { url, source, expected: EXPECTED, ...(signal ? { signal } : {}) });
  return { elements: splitBody(body, source), fetchedAtMs: api.clock(), source, sizeBytes: body.length };
}

function splitBody(body: Uint8Array, source: string): readonly ReceivedTrain[] {
  const splitter = createJsonArraySplitter();
  try {
    const elements = splitter.push(body);
    splitter.end();
    return elements;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const startsAsArray = /^\s*\[/.test(new TextDecoder().decode(body.subarray(0, 64)));
    const found = startsAsArray ? error.message : `${describeAnswer(body)}, expected ${EXPECTED}`;
    throw new FetchError(`Cannot fetch "${source}": ${found}`, { cause: error, status: 200 });
  }
}
