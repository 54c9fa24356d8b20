/** Delays of any number of trains, and what is said of them. Seconds, below 0 early. */

/** Of no trains all are null. */
export interface DelayFigures {
  /** The least delay that half of the trains do not exceed, as SQL's `percentile_disc`. */
  readonly medianSeconds: number | null;
  readonly meanSeconds: number | null;
  /** The standard deviation of just these trains. */
  readonly deviationSeconds: number | null;
  /** The least delay that 95 % of the trains do not exceed. */
  readonly p95Seconds: number | null;
}

/** Counts by delay: a year of trains has some thousand different delays. */
export class DelayCounts {
  readonly #counts = new Map<number, number>();

  add(seconds: number, trains = 1): void {
    this.#counts.set(seconds, (this.#counts.get(seconds) ?? 0) + trains);
  }

  addAll(others: DelayCounts): void {
    for (const [seconds, trains] of others.#counts) this.add(seconds, trains);
  }

  figures(): DelayFigures {
    // Typed: a million pairs would be as many objects.
    const delays = Float64Array.from(this.#counts.keys()).sort();
    const trains = delays.map((seconds) => this.#counts.get(seconds) ?? 0);
    const count = trains.reduce((sum, some) => sum + some, 0);
    if (count === 0) {
      return { medianSeconds: null, meanSeconds: null, deviationSeconds: null, p95Seconds: null };
    }
    const sumOf = (value: (seconds: number) => number) =>
      delays.reduce((sum, seconds, at) => sum + value(seconds) * (trains[at] ?? 0), 0);
    const mean = sumOf((seconds) => seconds) / count;
    return {
      medianSeconds: atRank(delays, trains, Math.ceil(0.5 * count)),
      meanSeconds: rounded(mean),
      deviationSeconds: rounded(Math.sqrt(sumOf((seconds) => (seconds - mean) ** 2) / count)),
      p95Seconds: atRank(delays, trains, Math.ceil(0.95 * count)),
    };
  }
}

function atRank(delays: Float64Array, trains: Float64Array, rank: number): number {
  let rest = rank;
  return delays.find((_, at) => (rest -= trains[at] ?? 0) <= 0) ?? 0;
}

/** To a hundredth: more would pretend to know it. */
function rounded(seconds: number): number {
  return Math.round(100 * seconds) / 100 + 0;
}
