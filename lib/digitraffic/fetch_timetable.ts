/** Asks for trains beyond the window of the live ones: what changed since a version, or all of a date. */
import type { DigitrafficApi } from "./digitraffic_api.ts";
import { type FetchedTrains, fetchTrainsArray } from "./fetch_trains_array.ts";

/** What both take. */
interface TimetableOptions {
  /** Ends the request and the waits; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks `GET /trains?version=`: trains of any departure date that changed since this version, deleted ones too; whole
 * versions in their order, fewer than 2,500 trains. Empty when nothing changed, and when the next version alone has
 * more trains than that: the API cannot give such a version in this way.
 *
 * @throws {FetchError} When no attempt gave an array.
 */
export async function fetchChangedTrains(
  api: DigitrafficApi,
  { sinceVersion, signal }: TimetableOptions & { readonly sinceVersion: number },
): Promise<FetchedTrains> {
  return await fetchTrainsArray(api, { path: "trains", query: { version: String(sinceVersion) }, signal });
}

/**
 * Asks `GET /trains/{date}`: all trains of a departure date (YYYY-MM-DD), deleted ones too; none for a date that the
 * API does not know.
 *
 * @throws {FetchError} When no attempt gave an array.
 */
export async function fetchTrainsOfDate(
  api: DigitrafficApi,
  { date, signal }: TimetableOptions & { readonly date: string },
): Promise<FetchedTrains> {
  return await fetchTrainsArray(api, { path: `trains/${date}`, query: { include_deleted: "true" }, signal });
}
