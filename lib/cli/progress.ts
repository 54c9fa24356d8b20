/** Shows how far a run is. */
import { getLogger } from "../packages/logtape.ts";
import { counted, grouped } from "../printable.ts";
import type { LiveLine } from "./live_line.ts";

/** What one batch did. */
interface BatchDone {
  readonly messages: number;
  readonly rows: number;
  /** Offsets that are still waiting, when known. */
  readonly lag?: bigint;
}

/** What a {@linkcode Progress} needs of the outside. */
interface ProgressOptions {
  /** Shown in front: "process". */
  readonly name: string;
  readonly line: LiveLine;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

/** Shows on stderr how far a run is: one live line on a terminal, else one log line per batch. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #startedAt: number;
  #batches = 0;
  #messages = 0;
  #rows = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#startedAt = options.monotonic();
  }

  /** True on a terminal, whose line is written over. */
  get isLive(): boolean {
    return this.#options.line.isTerminal;
  }

  /** Says what is being done: at once on a terminal, where silence looks like a fault; elsewhere only to who debugs. */
  doing(what: string): void {
    const { name, line } = this.#options;
    if (line.isTerminal) line.show(`${name}: ${what}`);
    else getLogger(["ratalake", name]).debug(what);
  }

  /** Says how far the run is after a step of it: on a terminal in the live line, elsewhere as a log line. */
  stepDone(what: string): void {
    const { name, line } = this.#options;
    if (line.isTerminal) line.show(`${name}: ${what}`);
    else getLogger(["ratalake", name]).info(what);
  }

  /** Adds a batch to the totals and shows them. */
  batchDone({ messages, rows, lag }: BatchDone): void {
    const { name, line } = this.#options;
    this.#batches++;
    this.#messages += messages;
    this.#rows += rows;
    const left = lag === undefined ? "" : `, ${counted(lag, "offset")} left`;
    if (line.isTerminal) {
      line.show(`${name}: ${counted(this.#batches, "batch", "batches")}, ${this.#total()}${left}`);
    } else {
      const batch = `${counted(messages, "message")}, ${counted(rows, "row")}`;
      getLogger(["ratalake", name]).info(`batch ${this.#batches}: ${batch}; in all ${this.#total()}${left}`);
    }
  }

  #total(): string {
    const seconds = (this.#options.monotonic() - this.#startedAt) / 1000;
    const rate = seconds > 0 ? `, ${grouped(Math.round(this.#rows / seconds))} rows/s` : "";
    return `${counted(this.#messages, "message")}, ${counted(this.#rows, "row")}${rate}`;
  }
}
