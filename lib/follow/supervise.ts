/** Keeps processes running: whoever dies is started again, later each time; one end ends all. */

/** A process that was started. */
export interface RunningProcess {
  /** Its exit code. */
  readonly ended: Promise<number>;
  /** Asks it to end. */
  readonly stop: () => void;
}

/** A process that is to run. */
export interface Member {
  readonly name: string;
  readonly start: () => RunningProcess;
  /** Of one that ends by itself when its work is done: after so long it is started again. */
  readonly everyMs?: number;
}

/** What the supervisor takes from outside. */
export interface SuperviseOptions {
  /** Ends all. */
  readonly signal: AbortSignal;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Called when a member has ended and will be started again in so long. */
  readonly onRestart: (name: string, end: { readonly code: number; readonly waitMs: number }) => void;
}

/** A member that was called wrongly would be again. */
const USAGE = 2;
const FIRST_WAIT_MS = 1_000, MOST_WAIT_MS = 60_000;
/** Whoever has run so long is well: its next end is a first one. */
const WELL_MS = 60_000;

/** Runs until the signal, or until a member was called wrongly; resolves to that member's exit code, else to 0. */
export async function supervise(members: readonly Member[], options: SuperviseOptions): Promise<number> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  let code = 0;
  await Promise.all(members.map(async (member) => {
    const found = await keepRunning(member, { ...options, signal });
    if (found !== USAGE) return;
    code = found;
    stopping.abort();
  }));
  return code;
}

async function keepRunning(member: Member, options: SuperviseOptions): Promise<number> {
  const { signal, sleep, monotonic, onRestart } = options;
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted;) {
    const startedMs = monotonic();
    const code = await runOnce(member, signal);
    if (signal.aborted || code === USAGE) return code;
    const dueMs = code === 0 ? member.everyMs : undefined;
    if (dueMs !== undefined || monotonic() - startedMs >= WELL_MS) waitMs = FIRST_WAIT_MS;
    if (dueMs === undefined) onRestart(member.name, { code, waitMs });
    await sleep(dueMs ?? waitMs, signal).catch(() => {});
    if (dueMs === undefined) waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
  }
  return 0;
}

async function runOnce({ start }: Member, signal: AbortSignal): Promise<number> {
  const running = start();
  const stop = () => running.stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await running.ended;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
