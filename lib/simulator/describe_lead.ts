/** A simulated clock that runs ahead of the real one makes trains that are ahead of the messages about them. */

/** How the simulated clock stands to the real one. */
export interface SimulatedClock {
  /** Milliseconds by which it is ahead at the start; negative when it is behind. */
  readonly aheadMs: number;
  /** Simulated seconds per second. */
  readonly speed: number;
}

/** Nobody lets a simulator run for longer. */
const DAY_SECONDS = 86_400;

/** What to tell the user of it; null when it does not come to be ahead within a day. */
export function describeLead({ aheadMs, speed }: SimulatedClock): string | null {
  if (aheadMs <= 0 && speed <= 1) return null;
  const seconds = aheadMs > 0 ? 0 : Math.round(-aheadMs / (speed - 1) / 1000);
  if (seconds > DAY_SECONDS) return null;
  return `The simulated clock runs ahead of this computer's ${
    seconds === 0 ? "now" : `in ${seconds} s`
  }: from then on ` +
    "the report fails by rule T3, as trains are ahead of the messages about them; give --at a time further in the past";
}
