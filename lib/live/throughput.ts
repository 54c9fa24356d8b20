/** How much goes through the pipeline, out of what followers counted at two moments. Pure. */
import type { Heartbeat } from "../follow/heartbeat.ts";

/** Per second, by the name of the count; none where it is not known yet. */
export type Rates = ReadonlyMap<string, number>;

interface Sample {
  readonly atMs: number;
  readonly startedAt: number;
  readonly counts: Heartbeat["counts"];
}

/** So long ago counts are compared with. */
const WINDOW_MS = 30_000;

/** Remembers the counts of one follower for half a minute. */
export class Throughput {
  #samples: Sample[] = [];

  /** Takes a heartbeat, the same any number of times, and says what a second brings. A follower that began anew counts anew. */
  add({ at: atMs, startedAt, counts }: Pick<Heartbeat, "at" | "startedAt" | "counts">): Rates {
    if (this.#samples.at(-1)?.startedAt !== startedAt) this.#samples = [];
    if (this.#samples.at(-1)?.atMs !== atMs) this.#samples.push({ atMs, startedAt, counts });
    // The newest that is older than the window stays: over it the rate is known.
    while ((this.#samples[1]?.atMs ?? Infinity) <= atMs - WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || atMs <= first.atMs) return new Map();
    const seconds = (atMs - first.atMs) / 1000;
    return new Map(
      Object.entries(counts).map((
        [name, count],
      ) => [name, Math.max(0, count - (first.counts[name] ?? 0)) / seconds]),
    );
  }
}
