/** The topic's codec: how a train becomes a message, and what a reader gets back from its headers. */

import type { Message } from "../broker/broker.ts";
import { IdentityScanner } from "./identity_scanner.ts";
import { identityFrom, type ReceivedTrain, type TrainIdentity } from "./train_identity.ts";

/** Names of the headers that every message carries, and the one value that is always the same. */
export const TRAIN_HEADERS = {
  /** Address that the train came from, without credentials and query. */
  source: "source",
  /** When the answer was complete, ISO-8601 UTC. */
  fetchedAt: "fetchedAt",
  /** Shape of the value. */
  schema: "schema",
  schemaValue: "digitraffic.live-trains.v1",
} as const;

/** A time that names its zone; only such a time is the same everywhere. */
const ZONED_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
const utf8 = new TextDecoder();
const scanner = new IdentityScanner();

/** Where and when a train was received. */
export interface TrainOrigin {
  readonly source: string;
  /** Milliseconds since 1970 UTC. */
  readonly fetchedAtMs: number;
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
  const { identity, origin } = options;
  return {
    key: identity === null ? null : `${identity.departureDate}/${identity.trainNumber}`,
    value: train,
    headers: {
      [TRAIN_HEADERS.source]: origin.source,
      [TRAIN_HEADERS.fetchedAt]: new Date(origin.fetchedAtMs).toISOString(),
      [TRAIN_HEADERS.schema]: TRAIN_HEADERS.schemaValue,
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

function parse(bytes: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(utf8.decode(bytes));
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
