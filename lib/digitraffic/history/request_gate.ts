/** Keeps several jobs together within the limits of the API: so many requests a minute, and all wait for a 429. */
import type { DigitrafficApi } from "../digitraffic_api.ts";

const MINUTE_MS = 60_000;

/** How many, by which clock. */
interface GateOptions {
  readonly perMinute: number;
  /** Milliseconds of a clock that never goes back, nor jumps: a minute is a minute. */
  readonly monotonic: () => number;
}

/** Through which every request of a run goes. */
export class RequestGate {
  readonly #api: DigitrafficApi;
  readonly #perMinute: number;
  readonly #monotonic: () => number;
  #times: number[] = [];
  /** Nobody asks before. */
  #pausedUntilMs = -Infinity;
  #queue: Promise<unknown> = Promise.resolve();
  #requests = 0;

  constructor(api: DigitrafficApi, { perMinute, monotonic }: GateOptions) {
    this.#api = api;
    this.#perMinute = perMinute;
    this.#monotonic = monotonic;
  }

  /** Requests that went through, failed ones too. */
  get requests(): number {
    return this.#requests;
  }

  /** The API for one job, which asks when it is its turn. */
  guard(): DigitrafficApi {
    const api = this.#api;
    let isRefused = false;
    return {
      ...api,
      fetch: async (request) => {
        await this.#turn(request.signal);
        const response = await api.fetch(request);
        isRefused = response.status === 429;
        return response;
      },
      sleep: (milliseconds, signal) => {
        if (isRefused) this.#pausedUntilMs = this.#monotonic() + milliseconds;
        isRefused = false;
        return api.sleep(milliseconds, signal);
      },
    };
  }

  /** One after the other, so that two do not take the same place. */
  async #turn(signal: AbortSignal): Promise<void> {
    const turn = this.#queue.then(() => this.#wait(signal));
    this.#queue = turn.catch(() => {});
    await turn;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { sleep } = this.#api;
    signal.throwIfAborted();
    const first = this.#times.length < this.#perMinute ? undefined : this.#times[0];
    const turnMs = first === undefined ? -Infinity : first + MINUTE_MS;
    // Another job may be refused meanwhile.
    for (;;) {
      const waitMs = Math.max(turnMs, this.#pausedUntilMs) - this.#monotonic();
      if (waitMs <= 0) break;
      await sleep(waitMs, signal);
    }
    this.#times = [...this.#times, this.#monotonic()].slice(-this.#perMinute);
    this.#requests++;
  }
}
