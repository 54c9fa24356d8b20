/** Records what the broker has, beside what other processes record at the same time. */
import { type PublishedLog, updatePublishState } from "../../digitraffic/publish_state.ts";
import {
  addPublished,
  prunePublished,
  type PublishedVersions,
} from "../../digitraffic/published_versions.ts";
import type { TrainIdentity } from "../../train/train_identity.ts";

/** Trains as far as a record needs them. */
interface Named {
  readonly identity: TrainIdentity | null;
}

/** What is new of one log. */
export interface PublishedChange {
  /** The log as it was before these trains. */
  readonly log: PublishedLog;
  /** True when what the file has of a log of this name is void. */
  readonly isOther: boolean;
  /** All trains of the answer. */
  readonly trains: readonly Named[];
  /** Those that the broker has acknowledged. */
  readonly sent: readonly Named[];
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/**
 * Adds the trains to the record of their log, and gives it. A version that another process has recorded meanwhile stays:
 * it is in the log too. Other logs stay as they are.
 *
 * @throws {Error} That names the file, when it cannot be written.
 */
export async function recordPublished(path: string, change: PublishedChange): Promise<PublishedLog> {
  let recorded = change.log;
  await updatePublishState(path, (logs) => {
    const isSame = ({ broker, topic }: PublishedLog) => {
      return broker === change.log.broker && topic === change.log.topic;
    };
    const there = change.isOther ? undefined : logs.find(isSame);
    recorded = addSent(change, there);
    return [...logs.filter((log) => !isSame(log)), recorded];
  });
  return recorded;
}

/** The log with the trains that were sent, and with what was recorded `there` meanwhile. */
export function addSent(
  { log, trains, sent, nowMs }: Omit<PublishedChange, "isOther">,
  there: PublishedLog | undefined,
): PublishedLog {
  const before = there === undefined ? log.versions : uniteVersions(log.versions, there.versions);
  const answered = new Set(trains.flatMap(({ identity }) => identity?.departureDate ?? []));
  const all = addPublished(before, sent.map(({ identity }) => identity));
  const records = log.records + BigInt(sent.length);
  const feeds = log.feeds ?? there?.feeds;
  return {
    ...log,
    // Each may have counted what the other has published: so many are there at least.
    records: there !== undefined && there.records > records ? there.records : records,
    versions: prunePublished(all, { nowMs, answered }),
    ...(feeds === undefined ? {} : { feeds }),
  };
}

/** What either of two records has; of a train that both have the newer version. */
function uniteVersions(mine: PublishedVersions, others: PublishedVersions): PublishedVersions {
  const united = new Map(mine);
  for (const [date, theirs] of others) {
    const numbers = new Map(mine.get(date));
    for (const [number, version] of theirs) {
      numbers.set(number, Math.max(version, numbers.get(number) ?? version));
    }
    united.set(date, numbers);
  }
  return united;
}
