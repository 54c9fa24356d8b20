/** What followers take from the host: clocks, chance, waits, names. */
import { setTimeout as sleepFor } from "node:timers/promises";
import { releaseMemory } from "./release_memory.ts";

/** What is recorded when it is stopped has so long. */
const END_MS = 20_000;

/** Of a follower that the signal ends. */
export function followSurroundings(signal: AbortSignal) {
  return {
    signal,
    clock: Date.now,
    ids: () => crypto.randomUUID(),
    monotonic: () => performance.now(),
    random: Math.random,
    releaseMemory,
    sleep: (milliseconds: number, signal: AbortSignal) => sleepFor(milliseconds, undefined, { signal }),
    endSignal: () => AbortSignal.timeout(END_MS),
  };
}
