/** Asks the API what a step is about. */
import type { DigitrafficApi } from "../../digitraffic/digitraffic_api.ts";
import { FetchError } from "../../digitraffic/fetch_error.ts";
import { fetchLiveTrains } from "../../digitraffic/fetch_live_trains.ts";
import { fetchChangedTrains, fetchTrainsOfDate } from "../../digitraffic/fetch_timetable.ts";
import type { FetchedTrains } from "../../digitraffic/fetch_trains_array.ts";
import type { FeedStep } from "./plan_step.ts";

/**
 * One request without trying again.
 *
 * @throws {FetchError} When it gives no array.
 */
export async function askStep(
  api: DigitrafficApi,
  step: FeedStep,
  signal: AbortSignal,
): Promise<FetchedTrains> {
  // A follower waits longer than a single fetch can, and asks for other things meanwhile.
  const once = { ...api, limits: { ...api.limits, attempts: 1 } };
  switch (step.kind) {
    case "full":
      return await fetchLiveTrains(once, { signal });
    case "live":
      return await fetchLiveTrains(once, { sinceVersion: step.since, signal });
    case "catchUp":
      return await fetchChangedTrains(once, { sinceVersion: step.since, signal });
    case "reconcile":
      return await fetchTrainsOfDate(once, { date: step.date, signal });
  }
}

/** True when the API refuses the question itself: with another version it may answer. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof FetchError) || error.status === undefined) return false;
  return error.status >= 400 && error.status < 500 && !error.retriable;
}
