/** Gives back the memory of frames that a scan is done with. */
import { setImmediate } from "node:timers/promises";
import type { Frame } from "../schema/polars_type.ts";

/** A value takes about so much, text included. */
const VALUE_BYTES = 16;
/** Frames of so many bytes may wait for the collector. */
const PENDING_BYTES = 2 ** 27;

/**
 * Counts the frames that were given out; to be called when the next one is asked for.
 *
 * The collector sees a few bytes in JavaScript for each frame, and leaves gigabytes of polars lying; memory of an
 * ArrayBuffer it sees. Nobody touches the buffer, so the system never hands it out.
 */
export function freeFrames(): (frame: Frame) => Promise<void> {
  let pendingBytes = 0;
  return async ({ height, width }) => {
    pendingBytes += height * width * VALUE_BYTES;
    if (pendingBytes >= PENDING_BYTES) {
      new ArrayBuffer(2 * PENDING_BYTES);
      pendingBytes = 0;
    }
    // polars gives memory back only when the event loop turns.
    await setImmediate();
  };
}
