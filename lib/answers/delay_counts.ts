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

/** Delays up to so many seconds, early and late, are counted in flat buffers: nearly all of a year of trains. */
const NEAR_SECONDS = 4096;
/** So many different delays are not worth a buffer: those of one train at one stop. */
const FEW_DELAYS = 64;

/** Counts by delay: a year of trains has some thousand different delays. */
export class DelayCounts {
  #near: Float64Array | null = null;
  readonly #far = new Map<number, number>();

  add(seconds: number, trains = 1): void {
    if (this.#near === null && this.#far.size >= FEW_DELAYS) this.#near = this.#open();
    const place = seconds + NEAR_SECONDS, near = this.#near?.[place];
    // None beyond the buffer, nor at a fraction.
    if (this.#near !== null && near !== undefined) this.#near[place] = near + trains;
    else this.#far.set(seconds, (this.#far.get(seconds) ?? 0) + trains);
  }

  addAll(others: DelayCounts): void {
    for (const [seconds, trains] of others.#far) this.add(seconds, trains);
    if (others.#near === null) return;
    const mine = this.#near ??= this.#open();
    for (let place = 0; place < mine.length; place++) {
      mine[place] = (mine[place] ?? 0) + (others.#near[place] ?? 0);
    }
  }

  /** A buffer with what was counted before there was one. */
  #open(): Float64Array {
    const near = new Float64Array(2 * NEAR_SECONDS);
    for (const [seconds, trains] of this.#far) {
      const place = seconds + NEAR_SECONDS;
      if (near[place] === undefined) continue;
      near[place] = trains;
      this.#far.delete(seconds);
    }
    return near;
  }

  #of(seconds: number): number {
    return this.#near?.[seconds + NEAR_SECONDS] ?? this.#far.get(seconds) ?? 0;
  }

  /** Those that some train has, in order. Typed: a million pairs would be as many objects. */
  #delays(): Float64Array {
    const delays = Array.from(this.#far.keys()), near = this.#near ?? [];
    for (let place = 0; place < near.length; place++) {
      if (near[place] !== 0) delays.push(place - NEAR_SECONDS);
    }
    return Float64Array.from(delays).sort();
  }

  figures(): DelayFigures {
    const delays = this.#delays();
    const trains = delays.map((seconds) => this.#of(seconds));
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
