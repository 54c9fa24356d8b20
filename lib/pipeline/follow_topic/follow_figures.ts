/** What a follower has done and how it is: for its heartbeat, its progress and its last word. */
import type { Heartbeat } from "../../follow/heartbeat.ts";
import type { BatchRecord } from "../../tables/batch_record.ts";
import type { Batch } from "../../validate/collect_batches.ts";
import { LatencyWindow } from "./latency_window.ts";

/** What happened since the follower began. */
export interface FollowCounts {
  readonly batches: number;
  readonly messages: number;
  /** Rows that were added to the standard table. */
  readonly rows: number;
  /** Messages in quarantine. */
  readonly rejected: number;
  readonly duplicates: number;
  readonly stale: number;
  /** Of batches, in all tables. */
  readonly commits: number;
  /** Commits that another process was faster than, and that were tried again. */
  readonly commitRetries: number;
  /** Times that it had to begin again. */
  readonly failures: number;
  /** Offsets that the broker's retention deleted before they were landed. */
  readonly lost: number;
}

/** One batch, as it is told. */
export interface FollowedBatch {
  readonly messages: number;
  readonly rows: number;
  readonly rejected: number;
  /** Offsets that still wait. */
  readonly lagOffsets: number;
  /** Milliseconds from the message's time to the commit in standard, of the oldest train in it; null of none. */
  readonly latencyMs: number | null;
  readonly standardVersion: number;
}

/** The two clocks. */
export interface FigureClocks {
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

const ERROR_LIMIT = 5;

/** Belongs to one follower; its size does not depend on how long that runs. */
export class FollowFigures {
  readonly startedAtMs: number;
  /** What the follower is at, for people. */
  doing = "starting";
  readonly #clocks: FigureClocks;
  readonly #counts = {
    batches: 0,
    messages: 0,
    rows: 0,
    rejected: 0,
    duplicates: 0,
    stale: 0,
    commits: 0,
    commitRetries: 0,
    failures: 0,
    lost: 0,
  };
  readonly #gauges: Record<string, number> = {};
  readonly #window = new LatencyWindow();
  #errors: readonly { readonly at: number; readonly message: string }[] = [];
  #oldestLatencyMs: number | null = null;

  constructor(clocks: FigureClocks) {
    this.#clocks = clocks;
    this.startedAtMs = clocks.clock();
  }

  get counts(): FollowCounts {
    return this.#counts;
  }

  /** Values that go up and down, by name and unit. */
  get gauges(): Readonly<Record<string, number>> {
    const latencies = this.#window.latencies(this.#clocks.monotonic());
    if (latencies === null) return { ...this.#gauges };
    const { p50, p95, p99 } = latencies;
    return { ...this.#gauges, latencyP50Ms: p50, latencyP95Ms: p95, latencyP99Ms: p99 };
  }

  set(gauge: string, value: number): void {
    this.#gauges[gauge] = value;
  }

  /** The back-off of the tables, each of whose waits is a commit that lost a race. */
  countingRetries(backoff: (attempt: number) => Promise<void>): (attempt: number) => Promise<void> {
    return async (attempt) => {
      this.#counts.commitRetries++;
      await backoff(attempt);
    };
  }

  /** Something failed and is tried again; the last few are remembered. */
  failed(message: string): void {
    this.#counts.failures++;
    this.#errors = [...this.#errors, { at: this.#clocks.clock(), message }].slice(-ERROR_LIMIT);
  }

  /** The trains of a batch can be read now. */
  merged({ chunks }: Batch): void {
    const nowMs = this.#clocks.clock(), monotonicMs = this.#clocks.monotonic();
    let oldestMs = Infinity, newestMs = this.#gauges.newestMessageMs ?? -Infinity;
    for (const { spans } of chunks) {
      for (const { timestampMs } of spans) {
        this.#window.add(nowMs - timestampMs, monotonicMs);
        oldestMs = Math.min(oldestMs, timestampMs);
        newestMs = Math.max(newestMs, timestampMs);
      }
    }
    this.#oldestLatencyMs = oldestMs === Infinity ? null : nowMs - oldestMs;
    if (newestMs > -Infinity) this.set("newestMessageMs", newestMs);
  }

  /** A batch is in all tables. */
  batchDone(
    { messages }: Pick<Batch, "messages">,
    records: readonly BatchRecord[],
    { lagOffsets, standardVersion }: Pick<FollowedBatch, "lagOffsets" | "standardVersion">,
  ): FollowedBatch {
    const sum = (count: (record: BatchRecord) => number) =>
      records.reduce((total, record) => total + count(record), 0);
    const rows = sum(({ rowsAdded }) => rowsAdded), rejected = sum(({ quarantined }) => quarantined);
    const counts = this.#counts;
    counts.batches++;
    counts.messages += messages;
    counts.rows += rows;
    counts.rejected += rejected;
    counts.duplicates += sum(({ duplicate }) => duplicate);
    counts.stale += sum(({ stale }) => stale);
    counts.lost += sum(({ expired }) => expired);
    counts.commits += rejected > 0 ? 4 : 3;
    for (const [name, value] of Object.entries({ lagOffsets, standardVersion, batchMessages: messages })) {
      this.set(name, value);
    }
    return { messages, rows, rejected, lagOffsets, latencyMs: this.#oldestLatencyMs, standardVersion };
  }

  /** What it says of itself now. */
  heartbeat(who: Pick<Heartbeat, "pid" | "host" | "topic" | "everySeconds">): Heartbeat {
    return {
      role: "process",
      ...who,
      startedAt: this.startedAtMs,
      at: this.#clocks.clock(),
      doing: this.doing,
      counts: { ...this.#counts },
      gauges: this.gauges,
      errors: this.#errors,
    };
  }
}
