/** The file that records which days were back-filled from where to which log, so that a run goes on where one ended. */
import { getLogger } from "../../packages/logtape.ts";
import { z } from "../../packages/zod.ts";
import { replaceFile } from "../../digitraffic/replace_file.ts";
import { systemFault } from "../../errors.ts";
import { faultText } from "../../printable.ts";
import type { Fingerprint } from "../../tables/fingerprint.ts";

const logger = getLogger(["ratalake", "backfill"]);
const FORMAT = "ratalake-backfill-state/1";

const count = z.int().min(0);
const offset = z.string().regex(/^\d{1,19}$/);
const stateFile = z.object({
  format: z.literal(FORMAT),
  fills: z.array(z.object({
    source: z.string(),
    broker: z.string(),
    topic: z.string(),
    records: offset,
    logId: z.string().nullable(),
    messages: z.array(z.object({
      partition: count,
      offset,
      timestampMs: z.number(),
      hash: z.string().nullable(),
    })),
    days: z.record(
      z.iso.date(),
      z.object({
        trains: count,
        others: count,
        sizeBytes: count,
        from: z.enum(["day", "archive"]),
        at: z.iso.datetime().transform(Date.parse),
      }),
    ),
  })),
});

/** A day that the broker has all of. */
export interface FilledDay {
  readonly trains: number;
  /** Of them with another departure date, or none. */
  readonly others: number;
  readonly sizeBytes: number;
  /** Its own answer, or a monthly archive. */
  readonly from: "day" | "archive";
  /** When its first train was asked for, milliseconds since 1970 UTC. */
  readonly at: number;
}

/** What was back-filled from one source to one topic of one broker. */
export interface BackfillRecord {
  /** Address below which the days are, without credentials. */
  readonly source: string;
  /** The broker's label. */
  readonly broker: string;
  readonly topic: string;
  /** Records that the log had at least; one that has fewer is another log. */
  readonly records: bigint;
  /** The broker's name for the log; null when it has none. */
  readonly logId: string | null;
  /** A few messages of the log, by which it is known again. */
  readonly messages: readonly Fingerprint[];
  /** By departure date, YYYY-MM-DD. */
  readonly days: ReadonlyMap<string, FilledDay>;
}

/** Where the file lies. */
export function backfillStatePath(dataDir: string): string {
  return `${dataDir}/backfill_state.json`;
}

/** Reads all records. A missing file counts as empty; so does a damaged one, with a warning: its days are fetched again. */
export async function readBackfillState(path: string): Promise<readonly BackfillRecord[]> {
  const text = await readIfPresent(path);
  if (text === null) return [];
  try {
    return stateFile.parse(JSON.parse(text)).fills.map(({ days, records, messages, ...fill }) => ({
      ...fill,
      records: BigInt(records),
      messages: messages.map((message) => ({ ...message, offset: BigInt(message.offset) })),
      days: new Map(Object.entries(days)),
    }));
  } catch (error) {
    logger.warn("Back-filling all days again: {path} is damaged ({reason})", {
      path,
      reason: faultText(error),
    });
    return [];
  }
}

/**
 * Replaces the file, so that it is the old or the new one whenever the process is killed.
 *
 * @throws {Error} That names the file, when it cannot be written.
 */
export async function writeBackfillState(path: string, records: readonly BackfillRecord[]): Promise<void> {
  try {
    await replaceFile(path, JSON.stringify({ format: FORMAT, fills: records.map(writeRecord) }));
  } catch (cause) {
    throw stateError("write", path, cause);
  }
}

function writeRecord({ records, messages, days, ...plain }: BackfillRecord) {
  return {
    ...plain,
    records: String(records),
    messages: messages.map((message) => ({ ...message, offset: String(message.offset) })),
    days: Object.fromEntries(
      [...days].sort(([one], [other]) => one < other ? -1 : 1)
        .map(([date, day]) => [date, { ...day, at: new Date(day.at).toISOString() }]),
    ),
  };
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (systemFault(cause) === "not found") return null;
    throw stateError("read", path, cause);
  }
}

function stateError(verb: "read" | "write", path: string, cause: unknown): unknown {
  if (systemFault(cause) === "missing right") return cause;
  return new Error(
    `Cannot ${verb} back-fill state "${path}": ${faultText(cause)}, expected a file that can be replaced`,
    { cause },
  );
}
