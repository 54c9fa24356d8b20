/** Which version of each train was published; decides what is new. */
import type { TrainIdentity } from "../train/train_identity.ts";

/** Dates further away than this are forgotten when the API no longer names them; until then a train may come back. */
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;

/** Newest published version of each train of one topic: by departure date, then by train number. */
export type PublishedVersions = ReadonlyMap<string, ReadonlyMap<number, number>>;

/**
 * What a fetched train is to the topic: "new" when it has no such train yet, an older version of it, or when that cannot
 * be known; "older" when it has a newer one.
 */
export function compareToPublished(
  published: PublishedVersions,
  train: TrainIdentity | null,
): "new" | "unchanged" | "older" {
  if (train === null || train.version === null) return "new";
  const version = published.get(train.departureDate)?.get(train.trainNumber);
  if (version === undefined || train.version > version) return "new";
  return train.version === version ? "unchanged" : "older";
}

/** The same with these trains added; a version never falls. */
export function addPublished(
  published: PublishedVersions,
  trains: readonly (TrainIdentity | null)[],
): PublishedVersions {
  const dates = new Map<string, Map<number, number>>();
  for (const train of trains) {
    if (train === null || train.version === null) continue;
    const { departureDate, trainNumber, version } = train;
    const numbers = dates.get(departureDate) ?? new Map(published.get(departureDate));
    numbers.set(trainNumber, Math.max(version, numbers.get(trainNumber) ?? version));
    dates.set(departureDate, numbers);
  }
  return new Map([...published, ...dates]);
}

/** The same without the dates that are both far from now and absent from the answer. */
export function prunePublished(
  published: PublishedVersions,
  options: { readonly nowMs: number; readonly answered: ReadonlySet<string> },
): PublishedVersions {
  const { nowMs, answered } = options;
  const [oldest, newest] = [dateOf(nowMs - KEPT_DAYS * DAY_MS), dateOf(nowMs + KEPT_DAYS * DAY_MS)];
  return new Map([...published].filter(([date]) => (oldest <= date && date <= newest) || answered.has(date)));
}

function dateOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
