/** Keeps several jobs together within the limits of the API: so many requests a minute, and all wait for a 429. */
import type { DigitrafficApi } from "../digitraffic_api.ts";

const MINUTE_MS = 60_000;

/** A time until which nobody asks. */
interface Pause {
  readonly untilMs: number;
  readonly lengthMs: number;
}

/** Through which every request of a run goes. */
export class RequestGate {
  readonly #api: DigitrafficApi;
  readonly #perMinute: number;
  #times: number[] = [];
  #pause: Pause | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #requests = 0;

  constructor(api: DigitrafficApi, perMinute: number) {
    this.#api = api;
    this.#perMinute = perMinute;
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
        if (isRefused) this.#pause = { untilMs: api.clock() + milliseconds, lengthMs: milliseconds };
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
    const { clock, sleep } = this.#api;
    signal.throwIfAborted();
    const first = this.#times.length < this.#perMinute ? undefined : this.#times[0];
    // A clock that was set back must not make a wait of hours.
    if (first !== undefined) {
      const waitMs = Math.min(first + MINUTE_MS - clock(), MINUTE_MS);
      if (waitMs > 0) await sleep(waitMs, signal);
    }
    // Another job may be refused meanwhile.
    for (let known: Pause | null = null; this.#pause !== null && this.#pause !== known;) {
      known = this.#pause;
      const waitMs = Math.min(known.untilMs - clock(), known.lengthMs);
      if (waitMs > 0) await sleep(waitMs, signal);
    }
    this.#times = [...this.#times, clock()].slice(-this.#perMinute);
    this.#requests++;
  }
}
