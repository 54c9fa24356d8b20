/** Says every few seconds how a follower is, while it works. */
import { getLogger } from "../../packages/logtape.ts";

/** How it is said, and how often. */
export interface BeatOptions {
  /** Writes a heartbeat; with `hasEnded` the last. */
  readonly write: (state: { readonly hasEnded: boolean }) => Promise<void>;
  /** Called as often, whether or not it could be written. */
  readonly onBeat?: () => void;
  readonly everyMs: number;
  /** Waits; may reject when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

const log = getLogger(["ratalake", "process"]);

/** Does the work and gives its result. A heartbeat that cannot be written, as on a full disk, disturbs nothing. */
export async function beatWhile<T>(work: () => Promise<T>, options: BeatOptions): Promise<T> {
  const over = new AbortController();
  const beats = beat(options, over.signal);
  try {
    return await work();
  } finally {
    over.abort();
    await beats;
    await write(options, { hasEnded: true });
  }
}

async function beat(options: BeatOptions, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await write(options, { hasEnded: false });
    if (over.aborted) return;
    try {
      await options.sleep(options.everyMs, over);
    } catch (error) {
      if (!over.aborted) throw error;
    }
    if (!over.aborted) options.onBeat?.();
  }
}

async function write(options: BeatOptions, state: { readonly hasEnded: boolean }): Promise<void> {
  try {
    await options.write(state);
  } catch (error) {
    log.debug("Cannot write a heartbeat: {error}", { error });
  }
}
