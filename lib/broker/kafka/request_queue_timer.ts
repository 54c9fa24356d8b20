/**
 * Stops kafkajs 2.2.4 from polling its request queue every millisecond while nothing is waiting.
 *
 * @module
 */

const CHECK_INTERVAL_MS = 10;

/** What the timer touches of kafkajs' RequestQueue. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  throttleCheckTimeoutId: ReturnType<typeof setTimeout> | null;
  checkPendingRequests(): void;
}

/**
 * Replaces `scheduleCheckPendingRequests` for all queues of this process; doing it again changes nothing.
 *
 * The original sets a timer after every response, with a negative delay when nothing is throttled: that costs 5 % of
 * a core while idle and a TimeoutNegativeWarning on stderr. Only waiting requests need a timer.
 */
export async function fixRequestQueueTimer(): Promise<void> {
  const { default: queueClass } = await import("kafkajs/src/network/requestQueue/index.js");
  queueClass.prototype.scheduleCheckPendingRequests = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null;
    this.checkPendingRequests();
  }, CHECK_INTERVAL_MS);
}
