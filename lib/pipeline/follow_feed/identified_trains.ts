/** The trains of an answer, read as far as they name themselves. */
import type { FetchedTrains } from "../../digitraffic/fetch_trains_array.ts";
import type { TrainIdentity } from "../../train/train_identity.ts";
import { identifyTrain } from "../../train/train_message.ts";

/** One element of an answer, read as far as it names a train. */
export interface IdentifiedTrain {
  readonly bytes: Uint8Array;
  readonly identity: TrainIdentity | null;
  /** When it came, if it came by itself; milliseconds since 1970 UTC. */
  readonly receivedMs?: number;
}

/** The elements of an answer with the trains that they name. */
export function identifyTrains({ elements }: FetchedTrains): readonly IdentifiedTrain[] {
  return elements.map((train) => ({ bytes: train.bytes, identity: identifyTrain(train) }));
}

/** The greatest version of the trains; null when none has one. */
export function greatestVersion(trains: readonly IdentifiedTrain[]): number | null {
  return trains.reduce<number | null>((greatest, { identity }) => {
    const version = identity?.version ?? null;
    return version === null || (greatest !== null && greatest >= version) ? greatest : version;
  }, null);
}

/** The departure dates that they name. */
export function datesOf(trains: readonly IdentifiedTrain[]): Set<string> {
  return new Set(trains.flatMap(({ identity }) => identity?.departureDate ?? []));
}
