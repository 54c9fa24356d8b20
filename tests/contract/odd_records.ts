/** Records as foreign producers may write them: keys, headers and times of every kind, and what a broker makes of them. */

import type { LogRecord } from "../../lib/broker/broker.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

/** One record as it was written. Each name of a header comes once. */
export interface OddRecord {
  readonly key: Uint8Array | null;
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[];
  readonly timestampMs: bigint;
  readonly value: Uint8Array | null;
}

const encoder = new TextEncoder();

const KEYS: readonly (Uint8Array | null)[] = [
  null,
  new Uint8Array(),
  Uint8Array.of(0),
  Uint8Array.of(0, 0, 0, 0xff),
  Uint8Array.of(0, 0, 0, 0xfe),
  Uint8Array.of(0xef, 0xbb, 0xbf),
  Uint8Array.of(0xef, 0xbb, 0xbf, 0x61),
  Uint8Array.of(0x61),
  Uint8Array.of(0xef, 0xbf, 0xbd),
  Uint8Array.of(0xed, 0xa0, 0x80),
  encoder.encode("2025-02-17/1"),
];

const TIMES = [
  0n,
  -1n,
  1n,
  -2n,
  1_739_766_060_000n,
  8_640_000_000_000_001n,
  2n ** 53n + 1n,
  2n ** 62n,
  -(2n ** 62n),
];

const VALUES: readonly (Uint8Array | null)[] = [null, encoder.encode("text"), Uint8Array.of(0xc3, 0x28)];

/** So many records, the same for the same seed; each key, time and kind of header comes among the first dozen. */
export function oddRecords(count: number, seed = 1): readonly OddRecord[] {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const randomBytes = () => Uint8Array.from({ length: below(6) }, () => below(256));
  return Array.from({ length: count }, (_, index) => ({
    key: index < KEYS.length ? KEYS[index] ?? null : randomBytes(),
    headers: Array.from({ length: below(4) }, (_, at) => {
      const value = [null, encoder.encode("\ufeffvalue"), randomBytes(), new Uint8Array()][below(4)] ?? null;
      return [`${["name", "ä\ufeff", "__proto__", ""][at]}`, value] as const;
    }),
    timestampMs: TIMES[index % TIMES.length] ?? 0n,
    value: VALUES[index % VALUES.length] ?? null,
  }));
}

/** What a reader gets, by a naive model. */
export function readBack({ key, headers, timestampMs, value }: OddRecord): Omit<LogRecord, "offset"> {
  const text = key && textOf(key);
  const texts = headers.flatMap(([name, bytes]) => {
    const found = bytes && textOf(bytes);
    return found === null ? [] : [[name, found] as const];
  });
  return {
    timestampMs: Number(timestampMs),
    key: text,
    ...(key !== null && text === null ? { keyBytes: key } : {}),
    value,
    headers: Object.fromEntries(texts),
  };
}

/** The text that encodes to these very bytes. */
function textOf(bytes: Uint8Array): string | null {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const again = encoder.encode(text);
  return again.length === bytes.length && again.every((byte, index) => byte === bytes[index]) ? text : null;
}
