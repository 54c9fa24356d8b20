/** Shows how a follower is: a live line on a terminal, a line of JSON per batch, or a log line a minute. */
import { getLogger } from "../packages/logtape.ts";
import { counted, grouped } from "../printable.ts";

/** One batch, as it is shown. */
interface ShownBatch {
  readonly messages: number;
  readonly rows: number;
  readonly lagOffsets: number;
  /** Milliseconds; null of a batch without a train. */
  readonly latencyMs: number | null;
}

/** What a follower knows of itself. */
interface ShownFigures {
  /** What it is at. */
  readonly doing: string;
  /** By name and unit. */
  readonly gauges: Readonly<Record<string, number>>;
}

/** Where it is shown. */
interface FollowProgressOptions {
  /** Shows a line on a terminal, elsewhere nothing. */
  readonly progress: { readonly doing: (what: string) => void };
  readonly isJson: boolean;
  /** Writes a result. */
  readonly print: (text: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

const MINUTE_MS = 60_000;

/** Belongs to one follower. */
export class FollowProgress {
  readonly #options: FollowProgressOptions;
  #sinceMs: number;
  #batches = 0;
  #messages = 0;
  #rows = 0;
  /** Rows since the last beat. */
  #newRows = 0;
  #beatMs: number;

  constructor(options: FollowProgressOptions) {
    this.#options = options;
    this.#sinceMs = this.#beatMs = options.monotonic();
  }

  /** A batch is in all tables. */
  batch(batch: ShownBatch): void {
    if (this.#options.isJson) this.#options.print(JSON.stringify(batch));
    this.#batches++;
    this.#messages += batch.messages;
    this.#rows += batch.rows;
    this.#newRows += batch.rows;
  }

  /** Shows what has come of it; to be called every few seconds. */
  beat({ doing, gauges }: ShownFigures): void {
    const nowMs = this.#options.monotonic();
    const rate = Math.round(this.#newRows / Math.max(1, nowMs - this.#beatMs) * 1000);
    const lag = counted(gauges.lagOffsets ?? 0, "offset");
    const times = gauges.latencyP50Ms === undefined
      ? ""
      : `, latency ${grouped(gauges.latencyP50Ms)} ms (p99 ${grouped(gauges.latencyP99Ms ?? 0)} ms)`;
    this.#options.progress.doing(`${doing}; ${lag} behind, ${grouped(rate)} rows/s${times}`);
    this.#newRows = 0;
    this.#beatMs = nowMs;
    if (nowMs - this.#sinceMs < MINUTE_MS || this.#batches === 0) return;
    const done = `${counted(this.#messages, "message")}, ${counted(this.#rows, "row")} in ` +
      counted(this.#batches, "batch", "batches");
    getLogger(["ratalake", "process"]).info("{done}; {lag} behind{times}", { done, lag, times });
    this.#batches = this.#messages = this.#rows = 0;
    this.#sinceMs = nowMs;
  }
}
