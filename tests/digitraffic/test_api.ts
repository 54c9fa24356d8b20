import type { DigitrafficApi } from "../../lib/digitraffic/digitraffic_api.ts";

/** An API client's world without time: waits return at once and are noted. */
export interface TestApi {
  readonly api: DigitrafficApi;
  /** Milliseconds of each wait, in order. */
  readonly waits: number[];
}

/** Options of {@linkcode createTestApi}. */
export interface TestApiOptions extends Partial<DigitrafficApi> {
  readonly url: string;
}

/** A client of `url` with a clock that only waits move, and jitter at its middle. */
export function createTestApi(options: TestApiOptions): TestApi {
  const waits: number[] = [];
  let nowMs = Date.parse("2025-02-17T04:21:00Z");
  const api: DigitrafficApi = {
    user: "ratalake/test",
    clock: () => nowMs,
    sleep: (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      nowMs += milliseconds;
      return Promise.resolve();
    },
    random: () => 0.5,
    deadline: () => new AbortController().signal,
    fetch: (request) => fetch(request),
    ...options,
  };
  return { api, waits };
}
