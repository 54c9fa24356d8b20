/** What a follower says of itself every few seconds, in a small file: status, the live page and /metrics read it. */
import { z } from "../packages/zod.ts";
import { systemFault } from "../errors.ts";

const FORMAT = "ratalake-heartbeat/1";
/** Errors that a heartbeat remembers. */
const ERROR_LIMIT = 5;
const ERROR_CHARACTERS = 500;
/** One of ours has two thousand. */
const MOST_BYTES = 64 * 1024;
/** No follower writes less often. */
const MOST_SECONDS = 3_600;

const time = z.iso.datetime().transform(Date.parse);
const figures = z.record(z.string().max(64), z.number());
const heartbeatFile = z.object({
  format: z.literal(FORMAT),
  role: z.enum(["fetch", "process", "backfill"]),
  pid: z.int().min(0),
  host: z.string().max(255),
  topic: z.string().max(255),
  startedAt: time,
  at: time,
  everySeconds: z.number().positive().max(MOST_SECONDS),
  doing: z.string().max(500),
  counts: figures,
  gauges: figures,
  errors: z.array(z.object({ at: time, message: z.string().max(ERROR_CHARACTERS) })).max(ERROR_LIMIT),
});

/** The kinds of followers. */
export type FollowerRole = "fetch" | "process" | "backfill";

/** One follower at one moment. Times are milliseconds since 1970 UTC. */
export interface Heartbeat {
  readonly role: FollowerRole;
  readonly pid: number;
  readonly host: string;
  readonly topic: string;
  readonly startedAt: number;
  /** When it was written. */
  readonly at: number;
  /** How often it is written: an older one than three times this is of a follower that hangs or is dead. */
  readonly everySeconds: number;
  /** What the follower is at, for people: "waiting 12 s for the next poll"; empty after it has ended. */
  readonly doing: string;
  /** What only rises while the follower runs, by name: polls, published, batches, messages, rows, rejected, failures. */
  readonly counts: Readonly<Record<string, number>>;
  /** What goes up and down, by name and unit: lagOffsets, newestRowMs, latencyP50Ms. */
  readonly gauges: Readonly<Record<string, number>>;
  /** The newest last; at most five. */
  readonly errors: readonly { readonly at: number; readonly message: string }[];
}

/** Where the followers of a data folder say how they are. */
export function heartbeatPath(dataDir: string, role: FollowerRole): string {
  return `${dataDir}/followers/${role}.json`;
}

/** Replaces the file. It is not synced: after a power cut nobody runs. */
export async function writeHeartbeat(path: string, heartbeat: Heartbeat): Promise<void> {
  const { startedAt, at, errors, ...plain } = heartbeat;
  const text = JSON.stringify({
    format: FORMAT,
    ...plain,
    startedAt: new Date(startedAt).toISOString(),
    at: new Date(at).toISOString(),
    errors: errors.slice(-ERROR_LIMIT).map((error) => ({
      at: new Date(error.at).toISOString(),
      message: error.message.slice(0, ERROR_CHARACTERS),
    })),
  });
  const temporary = `${path}.tmp`;
  try {
    await Deno.writeTextFile(temporary, text);
  } catch (cause) {
    if (systemFault(cause) !== "not found") throw cause;
    await Deno.mkdir(path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || ".", { recursive: true });
    await Deno.writeTextFile(temporary, text);
  }
  await Deno.rename(temporary, path);
}

/** The newest heartbeat; null when there is none, or it cannot be understood, or it is that of another role. */
export async function readHeartbeat(path: string): Promise<Heartbeat | null> {
  try {
    const { format: _, ...heartbeat } = heartbeatFile.parse(JSON.parse(await readSmallFile(path)));
    return path.endsWith(`/${heartbeat.role}.json`) ? heartbeat : null;
  } catch (error) {
    if (systemFault(error) === "missing right") throw error;
    return null;
  }
}

/** Anybody may have put anything there: a pipe would be waited for, a device has no end. */
async function readSmallFile(path: string): Promise<string> {
  const { isFile, size } = await Deno.stat(path);
  if (!isFile || size > MOST_BYTES) throw new Error(`Cannot read "${path}": found no small file`);
  return await Deno.readTextFile(path);
}

/** "running", "ended" by itself, or "silent": it hangs or was killed. */
export function livenessOf(
  { at, everySeconds, doing }: Heartbeat,
  nowMs: number,
): "running" | "ended" | "silent" {
  if (doing === "") return "ended";
  // One that was written in the future comes from before a clock was set back.
  return Math.abs(nowMs - at) > 3 * everySeconds * 1000 ? "silent" : "running";
}
