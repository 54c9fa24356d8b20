/** Stage 1 of 7. Receives trains from the API; hands their JSON, byte for byte, to the broker. */
import type { DigitrafficApi } from "./digitraffic_api.ts";
import { type FetchedTrains, fetchTrainsArray } from "./fetch_trains_array.ts";

/** Options of {@linkcode fetchLiveTrains}. */
interface FetchLiveTrainsOptions {
  /** Asks only for trains above this version. Not a complete feed of changes: fetch all every few minutes. */
  readonly sinceVersion?: number;
  /** Ends the request and the waits; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `GET /live-trains`: the trains that have an event within four hours of now. With the retries of
 * {@linkcode fetchTrainsArray}.
 *
 * @throws {FetchError} When no attempt gave an array.
 */
export async function fetchLiveTrains(
  api: DigitrafficApi,
  { sinceVersion, signal }: FetchLiveTrainsOptions = {},
): Promise<FetchedTrains> {
  const query = sinceVersion === undefined ? {} : { version: String(sinceVersion) };
  return await fetchTrainsArray(api, { path: "live-trains", query, signal });
}
