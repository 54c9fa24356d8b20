/** Keeps requests apart, so that no fault of ours can ever make them many. */
import type { DigitrafficApi } from "./digitraffic_api.ts";

/** How far apart. */
interface Pace {
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Between the beginnings of two requests; redirects and tries again are requests too. */
  readonly gapMs: number;
  /** Hears of each request. */
  readonly onRequest?: () => void;
}

/** The same API, each request of which waits for its turn. */
export function paceRequests(api: DigitrafficApi, pace: Pace): DigitrafficApi {
  // The process before this one may have asked just now: one that is started again and again asks no more often.
  let nextMs = pace.monotonic() + pace.gapMs;
  return {
    ...api,
    fetch: async (request) => {
      const nowMs = pace.monotonic();
      const turnMs = Math.max(nowMs, nextMs);
      nextMs = turnMs + pace.gapMs;
      if (turnMs > nowMs) await api.sleep(turnMs - nowMs, request.signal);
      pace.onRequest?.();
      return await api.fetch(request);
    },
  };
}
