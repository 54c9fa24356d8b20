/** Notices that the versions of the source fell for good: it was set up anew, or is another one. Pure. */
import { compareToPublished, type PublishedVersions } from "../../digitraffic/published_versions.ts";

import { greatestVersion, type IdentifiedTrain } from "./identified_trains.ts";

/** Caches may give an answer of all trains for five minutes; after that it shows what was known at the first look. */
const CACHED_MS = 330_000;

/** What was known when an answer of all trains was first behind it. */
export interface Suspicion {
  /** Milliseconds of a clock that never goes back. */
  readonly sinceMs: number;
  /** Before then no cache is ruled out. */
  readonly decidedMs: number;
  readonly cursor: number;
  readonly versions: PublishedVersions;
}

/** An answer of all live trains, and what is known beside it. */
interface FullAnswer {
  readonly trains: readonly IdentifiedTrain[];
  readonly cursor: number | null;
  readonly versions: PublishedVersions;
  readonly monotonicMs: number;
}

/** What an answer says about the source. */
export type SourceVerdict =
  /** It goes on as it did, as far as can be known. */
  | { readonly verdict: "same"; readonly suspicion: Suspicion | null }
  /** No train has the cursor's version any more, but none fell: the cursor is this from now on. */
  | { readonly verdict: "lower"; readonly cursor: number }
  /** Its trains have lower versions than they had. */
  | { readonly verdict: "fell"; readonly older: number };

/**
 * Judges an answer. An answer behind the cursor, or with more trains that fell than stayed, is mostly an old one out of a
 * cache, so nothing follows from the first; but one that comes later than any cache keeps must show each train at least
 * as it was known at the first. The cursor alone would not do: a count that fell by an hour is past it after an hour.
 */
export function judgeSource(suspicion: Suspicion | null, answer: FullAnswer): SourceVerdict {
  const { trains, cursor, versions, monotonicMs } = answer;
  const greatest = greatestVersion(trains);
  const isBehind = cursor !== null && greatest !== null &&
    (greatest < cursor || fallenTrains(trains, versions) > 0);
  if (!isBehind) return { verdict: "same", suspicion: null };
  const older = suspicion === null ? 0 : fallenTrains(trains, suspicion.versions);
  if (suspicion === null || (older === 0 && greatest >= suspicion.cursor)) {
    const decidedMs = monotonicMs + CACHED_MS;
    return { verdict: "same", suspicion: { sinceMs: monotonicMs, decidedMs, cursor, versions } };
  }
  if (monotonicMs < suspicion.decidedMs) return { verdict: "same", suspicion };
  return older > 0 ? { verdict: "fell", older } : { verdict: "lower", cursor: greatest };
}

/** How many trains are older than they were known, where these are most; 0 else: a single one may have its reasons. */
function fallenTrains(trains: readonly IdentifiedTrain[], versions: PublishedVersions): number {
  let older = 0, unchanged = 0;
  for (const { identity } of trains) {
    const outcome = compareToPublished(versions, identity);
    if (outcome === "older") older++;
    else if (outcome === "unchanged") unchanged++;
  }
  return older > unchanged ? older : 0;
}
