/** A lock on a folder that one follower of a kind holds at a time; whoever comes second says so and waits. */
import { z } from "../packages/zod.ts";
import { systemFault } from "../errors.ts";

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** Milliseconds since 1970 UTC. */
  readonly sinceMs: number;
}

/** How a lock is waited for. */
interface HoldOptions {
  readonly holder: LockHolder;
  /** Waits; rejects when the signal fires. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<unknown>;
  /** Ends the wait; the call rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Called once when the lock is taken, with its holder; null when the holder has not said who it is. */
  readonly onWait?: (holder: LockHolder | null) => void;
  /** Milliseconds between two tries. Default 1,000. */
  readonly retryMs?: number;
}

const holderFile = z.object({ pid: z.int().min(0), host: z.string().max(255), sinceMs: z.int() });

/**
 * Holds the file's lock until it is disposed. The lock is the system's (`flock`): it ends with the process that has it,
 * however that ends, so a dead holder's lock is free. The name in the file is for people.
 */
export async function holdLock(path: string, options: HoldOptions): Promise<AsyncDisposable> {
  const { holder, sleep, signal, onWait = () => {}, retryMs = 1_000 } = options;
  signal.throwIfAborted();
  const file = await openInFolder(path);
  try {
    for (let isFirst = true; !await file.tryLock(true); isFirst = false) {
      if (isFirst) onWait(await readHolder(path));
      await sleep(retryMs, signal);
      signal.throwIfAborted();
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${JSON.stringify(holder)}\n`));
  } catch (error) {
    file.close();
    throw error;
  }
  // The file stays: whoever waits has it open, and a new file of this name would be another lock.
  return { [Symbol.asyncDispose]: () => Promise.resolve(file.close()) };
}

/** Who holds, or last held, the lock; null when that is not known. */
export async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    return holderFile.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    if (systemFault(error) === "missing right") throw error;
    return null;
  }
}

/** Whether a process holds the lock right now. */
export async function isHeld(path: string): Promise<boolean> {
  try {
    if (!(await Deno.stat(path)).isFile) return false;
    using file = await Deno.open(path, { read: true, write: true });
    return !await file.tryLock(true);
  } catch (error) {
    if (systemFault(error) === "not found") return false;
    throw error;
  }
}

async function openInFolder(path: string): Promise<Deno.FsFile> {
  const options = { read: true, write: true, create: true };
  try {
    return await Deno.open(path, options);
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    await Deno.mkdir(path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || ".", { recursive: true });
    return await Deno.open(path, options);
  }
}
