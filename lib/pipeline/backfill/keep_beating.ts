/** Says every few seconds how a back-fill is, for status and the live page. */
import type { Heartbeat } from "../../follow/heartbeat.ts";
import { keepHeartbeat } from "../../follow/keep_heartbeat.ts";
import { faultText } from "../../printable.ts";
import { type BackfillProgress, describeProgress } from "./backfill_progress.ts";

const EVERY_SECONDS = 5;

/** Who beats, and by which clock. */
interface BeatOptions {
  readonly path: string;
  readonly topic: string;
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970 UTC. */
  readonly clock: () => number;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** A follower that says how it is until it is disposed. */
interface Beating extends AsyncDisposable {
  /** What it says next time. */
  show(progress: BackfillProgress): void;
  failed(error: unknown): void;
}

/** Begins to beat. A heartbeat that cannot be written stops nothing. */
export function keepBeating({ path, topic, pid, host, clock, monotonic, sleep }: BeatOptions): Beating {
  const startedAt = clock();
  const errors: { readonly at: number; readonly message: string }[] = [];
  let shown: BackfillProgress | null = null;
  const beat = (): Heartbeat => {
    const { over = 0, trains = 0, requests = 0, failures = 0, days = 0, before = 0 } = shown ?? {};
    return {
      ...{ role: "backfill", pid, host, topic, startedAt, at: clock(), everySeconds: EVERY_SECONDS },
      doing: shown === null ? "asking for the first day" : describeProgress(shown),
      counts: { published: trains, days: over, requests, failures },
      gauges: { daysLeft: days - before - over },
      errors,
    };
  };
  const heart = keepHeartbeat({ path, beat, monotonic, sleep, everyMs: EVERY_SECONDS * 1000 });
  return {
    show: (progress) => void (shown = progress),
    failed: (error) => void errors.push({ at: clock(), message: faultText(error) }),
    [Symbol.asyncDispose]: () => heart[Symbol.asyncDispose](),
  };
}
