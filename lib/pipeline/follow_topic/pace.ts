/** How often a follower looks for news, and when what waits is due. Pure. */

/** What the pace goes by. Milliseconds. */
export interface Pace {
  /** How old a message is at most, about, when its batch is committed. */
  readonly maxAgeMs: number;
  /** Between two looks. */
  readonly pollMs: number;
  /** Message bytes that make a batch however young they are. */
  readonly maxBatchBytes: number;
}

/** What waits. */
export interface Waiting {
  readonly offsets: number;
  /** How old the oldest message is at most. */
  readonly ageMs: number;
}

/** What batches were like lately. */
export interface BatchHabit {
  /** How long one takes. */
  readonly batchMs: number;
  /** Bytes of a message. */
  readonly messageBytes: number;
}

/** To wake up costs more than to look: some 0.3 ms of CPU together. Of Kafka a look is a round trip. */
const LEAST_POLL_MS = { local: 40, remote: 100 };
const MOST_POLL_MS = 1000;
/** Looks within the age: what it is known to by. */
const LOOKS = 10;

/** Between two looks for news: a tenth of the age, so that few batches are begun before they are due. */
export function pollInterval(maxAgeMs: number, place: "local" | "remote"): number {
  return Math.min(MOST_POLL_MS, Math.max(LEAST_POLL_MS[place], maxAgeMs / LOOKS));
}

/**
 * How long what waits may go on waiting; 0 when its batch is due: its messages would be too old after another look and
 * the batch itself, or they are a batch by their size.
 */
export function waitBefore({ offsets, ageMs }: Waiting, habit: BatchHabit, pace: Pace): number {
  const { maxAgeMs, pollMs, maxBatchBytes } = pace;
  // Half, as a worker thread validates the other half meanwhile.
  if (offsets * habit.messageBytes >= maxBatchBytes / 2) return 0;
  const leftMs = maxAgeMs - ageMs - habit.batchMs;
  return leftMs < pollMs ? 0 : Math.min(leftMs, pollMs);
}

/** Batches as they are lately: each counts for a fifth. */
export function nextHabit(
  habit: BatchHabit,
  { batchMs, messages, sizeBytes }: { batchMs: number; messages: number; sizeBytes: number },
): BatchHabit {
  const blend = (old: number, found: number) => old + (found - old) / 5;
  return {
    batchMs: blend(habit.batchMs, batchMs),
    messageBytes: messages === 0 ? habit.messageBytes : blend(habit.messageBytes, sizeBytes / messages),
  };
}
