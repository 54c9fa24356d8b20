/** A clock that moves only when a test moves it, and wakes who sleeps by it, in order. */

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time of a test. */
export class VirtualTime {
  nowMs = 0;
  readonly #sleepers = new Set<Sleeper>();

  /** Waits; rejects when the signal fires. */
  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => {
      this.#sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper = {
      atMs: this.nowMs + milliseconds,
      wake: () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      },
    };
    if (signal?.aborted === true) abort();
    else {
      signal?.addEventListener("abort", abort, { once: true });
      this.#sleepers.add(sleeper);
    }
    return promise;
  };

  /** Lets so much time pass; whoever wakes goes on before the next one does. */
  async pass(milliseconds: number): Promise<void> {
    const endMs = this.nowMs + milliseconds;
    await runCallbacks();
    for (;;) {
      const [next] = [...this.#sleepers].sort((a, b) => a.atMs - b.atMs);
      if (next === undefined || next.atMs > endMs) break;
      this.#sleepers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
      await runCallbacks();
    }
    this.nowMs = endMs;
  }
}

/** Until nothing is left to do but to wait for time. */
async function runCallbacks(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}
