/** The topic's codec: how a train becomes a message, and what a reader gets back from its headers. */

import type { Message } from "../broker/broker.ts";
import { IdentityScanner } from "./identity_scanner.ts";
import { identityFrom, type ReceivedTrain, type TrainIdentity } from "./train_identity.ts";
import { MAX_SOURCE_EPOCH } from "./train_rank.ts";

/** Names of the headers, and the one value that is always the same. Every message carries all but the epoch. */
export const TRAIN_HEADERS = {
  /** Address that the train came from, without credentials and query. */
  source: "source",
  /** When the answer was complete, ISO-8601 UTC. */
  fetchedAt: "fetchedAt",
  /** Shape of the value. */
  schema: "schema",
  schemaValue: "digitraffic.live-trains.v1",
  /** How often the source had been set up anew, see `TrainRank`; left out where that never happened. */
  sourceEpoch: "sourceEpoch",
} as const;

const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,9})$/;
/** A time that names its zone; only such a time is the same everywhere. */
const ZONED_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const utf8 = new TextDecoder();
const scanner = new IdentityScanner();

/** Where and when a train was received. */
export interface TrainOrigin {
  readonly source: string;
  /** Milliseconds since 1970 UTC. */
  readonly fetchedAtMs: number;
  /** Default 0. */
  readonly sourceEpoch?: number;
}

/** The identity of a train, read from its JSON where it is not known yet; null when these bytes do not name one. */
export function identifyTrain({ bytes, identity }: ReceivedTrain): TrainIdentity | null {
  if (identity !== undefined) return identity;
  return scanner.scan(bytes) === bytes.length ? scanner.identity() : identityFrom({ ...parse(bytes) });
}

/**
 * The message of one train: its bytes as received, keyed `departureDate/trainNumber` so that all versions of a train
 * stay in order. Bytes that name no train get no key; they are validated further on, not here.
 */
export function encodeTrainMessage(
  train: Uint8Array,
  options: { readonly identity: TrainIdentity | null; readonly origin: TrainOrigin },
): Message {
  const { identity, origin: { source, fetchedAtMs, sourceEpoch = 0 } } = options;
  return {
    key: identity === null ? null : `${identity.departureDate}/${identity.trainNumber}`,
    value: train,
    headers: {
      [TRAIN_HEADERS.source]: source,
      [TRAIN_HEADERS.fetchedAt]: new Date(fetchedAtMs).toISOString(),
      [TRAIN_HEADERS.schema]: TRAIN_HEADERS.schemaValue,
      ...(sourceEpoch > 0 && { [TRAIN_HEADERS.sourceEpoch]: String(sourceEpoch) }),
    },
  };
}

/** When the train was fetched, in milliseconds since 1970 UTC; null when the headers do not say it properly. */
export function decodeFetchedAt(headers: Readonly<Record<string, string>>): number | null {
  const text = headers[TRAIN_HEADERS.fetchedAt];
  if (text === undefined || !ZONED_TIME.test(text)) return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** The epoch of the source; 0 when the headers do not say it, or not properly. */
export function decodeSourceEpoch(headers: Readonly<Record<string, string>>): number {
  const text = headers[TRAIN_HEADERS.sourceEpoch];
  if (text === undefined || !WHOLE_NUMBER.test(text)) return 0;
  const epoch = Number(text);
  return epoch <= MAX_SOURCE_EPOCH ? epoch : 0;
}

function parse(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
