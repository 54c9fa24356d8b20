/** The time of a soak: simulated, the same for all of its processes, and gone by when the one that follows the feed waits. */

/** What the processes of a soak ask for time. */
export interface SoakTime extends AsyncDisposable {
  readonly url: string;
  now(): number;
}

/** Called with each step of the time; what it does is done before the time is there. */
type OnTime = (nowMs: number) => Promise<void>;

/** Serves the time from `fromMs` on; it never goes beyond `untilMs`. */
export function serveTime(fromMs: number, untilMs: number, onTime: OnTime): SoakTime {
  let nowMs = fromMs;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/advance") {
      nowMs = Math.min(untilMs, nowMs + Math.max(0, Number(searchParams.get("ms"))));
      await onTime(nowMs);
    }
    return new Response(String(nowMs));
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    now: () => nowMs,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** The time as a process sees it: what the server said last. */
export class ClientTime {
  readonly #url: string;
  #nowMs = 0;

  private constructor(url: string) {
    this.#url = url;
  }

  static async connect(url: string): Promise<ClientTime> {
    const time = new ClientTime(url);
    await time.ask();
    return time;
  }

  /** Milliseconds since 1970 UTC. */
  clock = (): number => this.#nowMs;

  async ask(): Promise<void> {
    this.#nowMs = Number(await (await fetch(`${this.#url}/now`)).text());
  }

  /** Lets so much time go by. */
  async advance(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const answer = await fetch(`${this.#url}/advance?ms=${milliseconds}`, signal ? { signal } : {});
    this.#nowMs = Number(await answer.text());
  }
}
