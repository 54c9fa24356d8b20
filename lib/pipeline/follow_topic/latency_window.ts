/** How long messages took lately, in memory that does not grow with their number. */

/** Milliseconds that so many of a hundred messages took at most; of the last minute. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const SLOTS = 12;
const SLOT_MS = 5_000;
/** Buckets per doubling: a latency is known to 9 %. */
const STEPS = 8;
const BUCKETS = 24 * STEPS;

/** A histogram per five seconds, of which the last twelve count. */
export class LatencyWindow {
  readonly #slots = Array.from({ length: SLOTS }, () => ({ number: -1, counts: new Uint32Array(BUCKETS) }));

  /** Takes the latency of one message, seen at `nowMs` of a clock that never goes back. */
  add(latencyMs: number, nowMs: number): void {
    const number = Math.floor(nowMs / SLOT_MS);
    const slot = this.#slots[number % SLOTS];
    if (slot === undefined) return;
    if (slot.number !== number) {
      slot.number = number;
      slot.counts.fill(0);
    }
    const bucket = Math.ceil(Math.log2(Math.max(1, latencyMs)) * STEPS);
    const at = Math.min(BUCKETS - 1, bucket);
    slot.counts[at] = (slot.counts[at] ?? 0) + 1;
  }

  /** Null when there was no message in the last minute. */
  latencies(nowMs: number): Latencies | null {
    const oldest = Math.floor(nowMs / SLOT_MS) - SLOTS;
    const sums = new Float64Array(BUCKETS);
    for (const { number, counts } of this.#slots) {
      if (number > oldest) counts.forEach((count, bucket) => sums[bucket] = (sums[bucket] ?? 0) + count);
    }
    const total = sums.reduce((sum, count) => sum + count, 0);
    if (total === 0) return null;
    const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentile(sums, share * total));
    return { p50, p95, p99 };
  }
}

/** The upper end of the bucket in which the message of this rank lies. */
function percentile(counts: Float64Array, rank: number): number {
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  return Math.round(2 ** (bucket / STEPS));
}
