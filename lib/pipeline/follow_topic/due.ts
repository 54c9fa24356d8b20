/** When something that is done now and then is due: so long after the last time, and only if there was a reason. */

/** How often. */
export interface DueOptions {
  /** Milliseconds after which one reason is enough. */
  readonly everyMs: number;
  /** So many reasons make it due earlier; by default no number does. */
  readonly reasons?: number;
  /** Milliseconds that it is never done sooner than, whatever the reasons. By default 0. */
  readonly leastMs?: number;
}

/** Counts the reasons since the last time. Times are milliseconds of a clock that never goes back. */
export class Due {
  readonly #options: Required<DueOptions>;
  #lastMs: number;
  #reasons = 0;

  constructor(nowMs: number, { everyMs, reasons = Infinity, leastMs = 0 }: DueOptions) {
    this.#options = { everyMs, reasons, leastMs };
    this.#lastMs = nowMs;
  }

  /** Whether there is anything to do at all, due or not. */
  get hasReason(): boolean {
    return this.#reasons > 0;
  }

  /** A reason more. */
  note(): void {
    this.#reasons++;
  }

  isDue(nowMs: number): boolean {
    const { everyMs, reasons, leastMs } = this.#options;
    const sinceMs = nowMs - this.#lastMs;
    return this.#reasons > 0 && sinceMs >= (this.#reasons >= reasons ? leastMs : everyMs);
  }

  /** How long it is overdue, as a part of the time between two; below 0 when it is not due. */
  overdue(nowMs: number): number {
    if (this.#reasons === 0) return -1;
    return (nowMs - this.#lastMs) / this.#options.everyMs - 1;
  }

  /** It is being done. */
  done(nowMs: number): void {
    this.#lastMs = nowMs;
    this.#reasons = 0;
  }
}
