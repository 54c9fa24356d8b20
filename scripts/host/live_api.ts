/** The API over the real network and by the real clock; part of the host. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../lib/cli/config.ts";
import type { Progress } from "../../lib/cli/progress.ts";
import type { FetchTrainsOptions } from "../../lib/pipeline/fetch_trains.ts";

/** The API that the configuration names; each request is shown as progress. */
export function liveApi(digitraffic: Config["digitraffic"], progress: Progress): FetchTrainsOptions["api"] {
  const attempts = new Map<string, number>();
  return {
    ...digitraffic,
    clock: Date.now,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}),
    random: Math.random,
    deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
    fetch: (request) => {
      const attempt = (attempts.get(request.url) ?? 0) + 1;
      attempts.set(request.url, attempt);
      progress.doing(`asking ${new URL(request.url).host} (attempt ${attempt}, at most 60 s)`);
      return fetch(request);
    },
  };
}
