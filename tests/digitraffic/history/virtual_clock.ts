/** Time for several jobs at once: it goes on to the next one that wakes when all of them wait. */

/** A clock that no real time moves. */
export interface VirtualClock {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Lets time pass until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
}

/** A clock that begins at a time. */
export function createVirtualClock(startMs: number): VirtualClock {
  let nowMs = startMs;
  const sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    clock: () => nowMs,
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
        sleepers.push({ untilMs: nowMs + milliseconds, wake: resolve });
      }),
    async run(work) {
      let isOver = false;
      const over = () => void (isOver = true);
      work.then(over, over);
      while (!isOver) {
        // All that can be done now is done now.
        for (let turn = 0; turn < 5 && !isOver; turn++) await new Promise((resolve) => setImmediate(resolve));
        sleepers.sort((one, other) => one.untilMs - other.untilMs);
        const next = isOver ? undefined : sleepers.shift();
        nowMs = Math.max(nowMs, next?.untilMs ?? nowMs);
        next?.wake();
      }
      return await work;
    },
  };
}
