/** Records what the broker has, beside what other processes record at the same time. */
import { type PublishedLog, updatePublishState } from "../../digitraffic/publish_state.ts";
import {
  addPublished,
  prunePublished,
  type PublishedVersions,
} from "../../digitraffic/published_versions.ts";
import { MAX_SOURCE_EPOCH } from "../../train/train_rank.ts";
import type { IdentifiedTrain } from "./identified_trains.ts";

/** What is new of one log. */
export interface PublishedChange {
  /** The log with all that was sent; see {@linkcode addSent}. */
  readonly log: PublishedLog;
  /** True when what the file has of a log of this name is void, but for its epoch. */
  readonly isOther: boolean;
  /** Departure dates that the API names: they are kept however far they are from now. */
  readonly answered: ReadonlySet<string>;
  /** Milliseconds since 1970 UTC. */
  readonly nowMs: number;
}

/** The log with trains that the broker has acknowledged. */
export function addSent(log: PublishedLog, sent: readonly IdentifiedTrain[]): PublishedLog {
  const versions = addPublished(log.versions, sent.map(({ identity }) => identity));
  return { ...log, records: log.records + BigInt(sent.length), versions };
}

/** The log when its source was set up anew: nothing of the new count is in it, and its messages will be newer. */
export function startEpoch({ feeds: _, ...log }: PublishedLog): PublishedLog {
  return { ...log, versions: new Map(), sourceEpoch: Math.min(log.sourceEpoch + 1, MAX_SOURCE_EPOCH) };
}

/**
 * Records the log, and gives it as it was recorded. A version that another process has recorded meanwhile stays: it is
 * in the log too; and when one of both knows of a newer epoch, all that the other knows is void. Other logs stay as
 * they are.
 *
 * @throws {Error} That names the file, when it cannot be written.
 */
export async function recordPublished(
  path: string,
  { log, isOther, answered, nowMs }: PublishedChange,
): Promise<PublishedLog> {
  const isSame = ({ broker, topic }: PublishedLog) => broker === log.broker && topic === log.topic;
  let recorded = log;
  await updatePublishState(path, (logs) => {
    const there = logs.find(isSame);
    const united = there === undefined ? log : unite(log, isOther ? emptied(there) : there);
    recorded = { ...united, versions: prunePublished(united.versions, { nowMs, answered }) };
    return [...logs.filter((each) => !isSame(each)), recorded];
  });
  return recorded;
}

/** Of a log that is another one the epoch alone counts: it never falls. */
function emptied({ feeds: _, ...log }: PublishedLog): PublishedLog {
  return { ...log, records: 0n, versions: new Map() };
}

function unite(mine: PublishedLog, there: PublishedLog): PublishedLog {
  // Each may have counted what the other has published: so many are there at least.
  const records = there.records > mine.records ? there.records : mine.records;
  if (mine.sourceEpoch !== there.sourceEpoch) {
    const { sourceEpoch, versions, feeds } = mine.sourceEpoch > there.sourceEpoch ? mine : there;
    const { feeds: _, ...log } = mine;
    return { ...log, records, sourceEpoch, versions, ...(feeds === undefined ? {} : { feeds }) };
  }
  const feeds = mine.feeds ?? there.feeds;
  return {
    ...mine,
    records,
    versions: uniteVersions(mine.versions, there.versions),
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
