/** The file that records what was published, so that the next fetch publishes only what is new. */
import { getLogger } from "../packages/logtape.ts";
import { z } from "../packages/zod.ts";
import { systemFault } from "../errors.ts";
import { MAX_SOURCE_EPOCH } from "../train/train_rank.ts";
import type { PublishedVersions } from "./published_versions.ts";
import { feedFields, type FeedState, readFeed, writeFeed } from "./feed_state.ts";
import { replaceFile } from "./replace_file.ts";

const logger = getLogger(["ratalake", "digitraffic"]);
const FORMAT = "ratalake-publish-state/1";

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const versions = z.record(z.string().regex(/^\d{1,16}$/), z.int());
const stateFile = z.object({
  format: z.literal(FORMAT),
  logs: z.array(z.object({
    broker: z.string(),
    topic: z.string(),
    records: z.string().regex(/^\d{1,19}$/),
    // Files of version 0.1.0 have neither.
    logId: z.string().nullish(),
    fetchedAt: z.iso.datetime().nullish(),
    messages: z.array(z.object({
      partition: z.int().min(0),
      offset: z.string().regex(/^\d{1,19}$/),
      timestampMs: z.number(),
      hash: z.string().nullable(),
    })).optional(),
    // Only where a source was set up anew.
    sourceEpoch: z.int().min(0).max(MAX_SOURCE_EPOCH).optional(),
    // Only where the feed is followed.
    feeds: z.array(feedFields).optional(),
    dates: z.record(date, versions),
  })),
});

/** One message of a log by place, time and content. */
export interface KnownMessage {
  readonly partition: number;
  readonly offset: bigint;
  /** Since 1970 UTC. */
  readonly timestampMs: number;
  readonly hash: string | null;
}

/** What this machine has published to one topic of one broker. */
export interface PublishedLog {
  /** The broker's label. */
  readonly broker: string;
  readonly topic: string;
  /** Number of records in the log when this was saved; a log that holds fewer is another log. */
  readonly records: bigint;
  /** The broker's name for the log; null when it has none, or it was not noted. */
  readonly logId: string | null;
  /** When the last fetch was done; null when it was not noted. */
  readonly fetchedAt: Date | null;
  /** A few messages of the log, by which it is known again; empty when none was noted. */
  readonly messages: readonly KnownMessage[];
  /**
   * How often the source was set up anew: messages carry it, and those with a greater one win. It is of the log, not of
   * one address: trains that come over MQTT, from archives or from a mirror are compared with all others of the log.
   */
  readonly sourceEpoch: number;
  /** Of this epoch. */
  readonly versions: PublishedVersions;
  /** Absent where no feed was ever followed. */
  readonly feeds?: readonly FeedState[];
}

/**
 * Reads what was published, per broker and topic. A missing file counts as empty. So does a damaged one, with a
 * warning: all that it costs is publishing again.
 */
export async function readPublishState(path: string): Promise<readonly PublishedLog[]> {
  return await readLogs(path, (reason) => {
    logger.warn("Publishing all trains again: {path} is damaged ({reason})", { path, reason });
  });
}

/**
 * Replaces the file atomically by what `change` makes of it. Several processes that do so at once do it one after the
 * other, so that none loses what another has recorded; see {@linkcode replaceFile}.
 *
 * @throws {Error} That names the file, when it cannot be written.
 */
export async function updatePublishState(
  path: string,
  change: (logs: readonly PublishedLog[]) => readonly PublishedLog[],
): Promise<void> {
  try {
    await replaceFile(path, async () => {
      // Whoever reads it to publish has heard of the damage.
      const logs = change(await readLogs(path, () => {}));
      return JSON.stringify({ format: FORMAT, logs: logs.map(writeLog) });
    });
  } catch (cause) {
    throw stateError("write", path, cause);
  }
  await removeOldTemporaries(path);
}

async function readLogs(
  path: string,
  onDamage: (reason: string) => void,
): Promise<readonly PublishedLog[]> {
  const text = await readIfPresent(path);
  if (text === null) return [];
  try {
    return stateFile.parse(JSON.parse(text)).logs.map(readLog);
  } catch (error) {
    onDamage(firstLine(error));
    return [];
  }
}

function readLog(log: z.output<typeof stateFile>["logs"][number]): PublishedLog {
  return {
    broker: log.broker,
    topic: log.topic,
    records: BigInt(log.records),
    logId: log.logId ?? null,
    fetchedAt: log.fetchedAt ? new Date(log.fetchedAt) : null,
    messages: (log.messages ?? []).map((message) => ({ ...message, offset: BigInt(message.offset) })),
    sourceEpoch: log.sourceEpoch ?? 0,
    versions: new Map(Object.entries(log.dates).map(([date, numbers]) => [date, readNumbers(numbers)])),
    ...(log.feeds === undefined ? {} : { feeds: log.feeds.map(readFeed) }),
  };
}

/** Up to version 0.1.0 each fetch that was killed left a file of its own here. */
async function removeOldTemporaries(path: string): Promise<void> {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || ".";
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (isFile && /^\.publish_state_[0-9a-f]+$/.test(name)) await Deno.remove(`${folder}/${name}`);
    }
  } catch (error) {
    // Another fetch was faster, or there is a right to the file alone.
    if (systemFault(error) === null) throw error;
  }
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (systemFault(cause) === "not found") return null;
    throw stateError("read", path, cause);
  }
}

function readNumbers(numbers: Readonly<Record<string, number>>): ReadonlyMap<number, number> {
  return new Map(Object.entries(numbers).map(([number, version]) => [Number(number), version]));
}

function writeLog(log: PublishedLog): z.input<typeof stateFile>["logs"][number] {
  const dates = [...log.versions].map(([date, numbers]) => [date, Object.fromEntries(numbers)]);
  return {
    broker: log.broker,
    topic: log.topic,
    records: String(log.records),
    logId: log.logId,
    fetchedAt: log.fetchedAt?.toISOString() ?? null,
    messages: log.messages.map((message) => ({ ...message, offset: String(message.offset) })),
    ...(log.sourceEpoch > 0 && { sourceEpoch: log.sourceEpoch }),
    ...(log.feeds === undefined ? {} : { feeds: log.feeds.map(writeFeed) }),
    dates: Object.fromEntries(dates),
  };
}

function stateError(verb: string, path: string, cause: unknown): unknown {
  if (systemFault(cause) === "missing right" || !(cause instanceof Error)) return cause;
  const expected = /No space left/.test(cause.message) ? "free space" : "a file in a writable folder";
  return new Error(`Cannot ${verb} "${path}": ${cause.message}, expected ${expected}`, { cause });
}

function firstLine(error: unknown): string {
  if (error instanceof z.ZodError) return z.prettifyError(error).replaceAll(/\s*\n\s*/g, " ");
  return error instanceof Error ? error.message : String(error);
}
