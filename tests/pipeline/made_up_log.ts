/** A small log with everything that a log can hold: new, changed, repeated, stale and bad messages. */

import type { Message } from "../../lib/broker/broker.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { encodeTrainMessage, identifyTrain } from "../../lib/train/train_message.ts";

/** When the first round of trains was seen. */
export const FIRST_ROUND_MS = Date.UTC(2025, 1, 17, 5);
const HALF_HOUR_MS = 1_800_000;

const encoder = new TextEncoder();

/** How much, and of what kind. */
export interface LogOptions {
  readonly trains: number;
  readonly seed?: number;
  /** Messages that no table but quarantine takes; some by default. */
  readonly bad?: readonly (Uint8Array | string | null)[];
}

/** Bytes that are no train, each for another reason. */
export const SOME_BAD_MESSAGES: readonly (Uint8Array | string | null)[] = [
  "this is not a train",
  null,
  "",
  Uint8Array.of(0xff, 0xfe, 0x00),
  '{"trainNumber":"27"}',
  "[]",
  "\ufeff{}",
];

/**
 * Three rounds: all trains, those of half an hour later with what changed, and the first round again (duplicates where
 * nothing changed, stale where it did); bad messages in between. The same options give the same bytes.
 */
export function makeLog({ trains, seed = 1, bad = SOME_BAD_MESSAGES }: LogOptions): readonly Message[] {
  const first = makeRound(trains, seed, FIRST_ROUND_MS);
  const second = makeRound(trains, seed, FIRST_ROUND_MS + HALF_HOUR_MS);
  const unknown = {
    ...JSON.parse(new TextDecoder().decode(first[0]?.value ?? undefined)),
    version: 1e15,
    new: 1,
  };
  const messages = [...first, ...second, ...first, trainMessage(unknown)];
  const random = seededRandom(seed, 77);
  bad.forEach((value, i) => {
    const at = Math.floor(random() * messages.length);
    messages.splice(at, 0, badMessage(value, i));
  });
  return messages;
}

/** The messages of all trains at one moment. */
export function makeRound(trains: number, seed: number, atMs: number): readonly Message[] {
  return [...simulateTrains({ seed, trains, atMs })].map((train) => trainMessage(train, atMs));
}

/** The message of one train, as `fetch` would publish it. */
export function trainMessage(
  train: unknown,
  atMs: number = FIRST_ROUND_MS,
  { sourceEpoch = 0 }: { readonly sourceEpoch?: number } = {},
): Message {
  const bytes = encoder.encode(JSON.stringify(train));
  const origin = { source: "made up", fetchedAtMs: atMs, sourceEpoch };
  return {
    ...encodeTrainMessage(bytes, { identity: identifyTrain({ bytes, identity: undefined }), origin }),
    timestampMs: atMs,
  };
}

/** The same messages in another order. */
export function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  const order = values.map((value) => ({ value, place: random() }));
  return order.sort((a, b) => a.place - b.place).map(({ value }) => value);
}

function badMessage(value: Uint8Array | string | null, i: number): Message {
  return {
    key: `bad/${i}`,
    value: typeof value === "string" ? encoder.encode(value) : value,
    headers: {},
    timestampMs: FIRST_ROUND_MS + i,
  };
}
