/** Writes the heartbeat of a follower every few seconds and when it turns to something else, until it ends. */
import { getLogger } from "../packages/logtape.ts";
import { telemetry } from "../telemetry/telemetry.ts";
import { type Heartbeat, writeHeartbeat } from "./heartbeat.ts";

const logger = getLogger(["ratalake", "follow"]);
/** A follower that turns to something else very often is not written down each time. */
const LEAST_GAP_MS = 1_000;

/** What is written, and when. */
export interface HeartbeatOptions {
  readonly path: string;
  /** How the follower is now. */
  readonly beat: () => Heartbeat;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  readonly everyMs: number;
}

/** Goes on by itself until it is disposed of; then the last one says that the follower has ended. */
export interface KeptHeartbeat extends AsyncDisposable {
  /** The follower has turned to something else. */
  changed(): void;
}

/** A heartbeat that cannot be written stops nobody: the follower's work is another. */
export function keepHeartbeat(options: HeartbeatOptions): KeptHeartbeat {
  const { path, beat, monotonic, sleep, everyMs } = options;
  const end = new AbortController();
  let writtenMs = -Infinity;
  let last: Promise<void> = Promise.resolve();
  let newest: Heartbeat | null = null;
  const note = (heartbeat: Heartbeat) => {
    if (newest === null) telemetry().observe(heartbeat.role, () => newest ?? heartbeat);
    return newest = heartbeat;
  };
  const write = (heartbeat: () => Heartbeat) => {
    writtenMs = monotonic();
    last = last.then(() => writeHeartbeat(path, note(heartbeat()))).catch((error) => {
      logger.debug("The heartbeat is not written: {error}", { error });
    });
    return last;
  };
  const beating = (async () => {
    while (!end.signal.aborted) {
      await write(beat);
      if (!end.signal.aborted) await sleep(everyMs, end.signal).catch(() => {});
    }
  })();
  return {
    changed: () => {
      if (monotonic() - writtenMs >= LEAST_GAP_MS) write(beat);
    },
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await beating;
      await write(() => ({ ...beat(), doing: "" }));
    },
  };
}
