/** The scanner against the careful way: what it takes is the same, and it takes what the API writes. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { type Field, fieldsOf, TRAIN_FIELDS } from "../../../lib/validate/values/field_table.ts";
import { pick, seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { TrainScanner } from "../../../lib/validate/scan/train_scanner.ts";
import { createTrainValues, ObjectValues } from "../../../lib/validate/values/train_values.ts";
import { TextCache } from "../../../lib/validate/scan/text_cache.ts";
import { completeTrain } from "./complete_train.ts";
import { eachField, eachLetter, type MutantKind, mutateTrain, ODD_VALUES } from "./mutate_train.ts";
import { readBothWays } from "./read_both_ways.ts";

const DEFAULT_CASES = 500;
const CASES = Number(Deno.env.get("RATALAKE_SCAN_CASES") ?? DEFAULT_CASES);
const FIRST_SEED = Number(Deno.env.get("RATALAKE_SCAN_SEED") ?? "1");
const RECORDING = new URL("../../../../shared/data/live-trains-2025-02-17T0421Z.json.gz", import.meta.url);
const KINDS: readonly MutantKind[] = ["grammar", "grammar", "beyond", "bytes"];

const encoder = new TextEncoder();
const TRAINS = [...simulateTrains({ seed: 9, trains: 24, atMs: Date.UTC(2025, 1, 17, 5) })];

/** Trains of a few rows, so that a change meets any field soon. */
const SHORT = TRAINS.map((train) => {
  const rows = train.timeTableRows.filter((row, i) => i < 2 || row.causes?.length || row.trainReady);
  return { ...train, timeTableRows: rows.slice(0, 5) };
});

const COMPLETE = completeTrain();

Deno.test("all trains of the simulator are taken, with the same values, but for those with a field that no schema names", () => {
  for (const train of TRAINS) {
    const { isTaken, difference } = readBothWays(encoder.encode(JSON.stringify(train)));
    assertEquals([isTaken, difference], [!("maximumSpeedKmh" in train), null]);
  }
});

Deno.test({
  name: "all trains of the recorded answer are taken by the scanner, with the same values",
  ignore: !isThere(RECORDING),
  async fn() {
    const file = await Deno.open(RECORDING);
    const text = await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
    const trains: unknown[] = JSON.parse(text);
    assert(trains.length > 600);
    for (const train of trains.filter((_, i) => CASES > DEFAULT_CASES || i % 9 === 0)) {
      const { isTaken, difference } = readBothWays(encoder.encode(JSON.stringify(train)));
      assertEquals([isTaken, difference], [true, null]);
    }
  },
});

Deno.test(`${CASES} changed trains from seed ${FIRST_SEED} on are read alike, and taken while they stay in the grammar`, () => {
  const trains = { grammar: 0, beyond: 0, bytes: 0 }, taken = { ...trains };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed++) {
    const random = seededRandom(seed);
    const kind = pick(random, KINDS);
    const mutant = mutateTrain(pick(random, SHORT), kind, random);
    // What follows may well go on as the message could have.
    const end = random() < 0.1 ? Math.floor(random() * mutant.length) : mutant.length;
    const around = { before: mutant.subarray(0, 3), after: mutant.subarray(end) };
    const { isTaken, fault, difference } = readBothWays(mutant.subarray(0, end), around);
    assertEquals([seed, difference], [seed, null]);
    if (fault === null) trains[kind]++;
    if (isTaken) taken[kind]++;
  }
  const share = (kind: MutantKind) => taken[kind] / trains[kind];
  if (CASES > DEFAULT_CASES) console.log(JSON.stringify({ trains, taken }));
  assert(share("grammar") > 0.99, `${share("grammar")} of the grammar`);
  assert(share("beyond") > 0.05 && share("beyond") < 0.95, `${share("beyond")} of what is beyond`);
});

Deno.test("each field of each object is read alike with each odd value, and without any", () => {
  for (const value of [...ODD_VALUES, null]) {
    for (const mutant of eachField(COMPLETE, value)) {
      const { difference } = readBothWays(mutant);
      assertEquals([value, difference], [value, null]);
    }
  }
});

Deno.test("a key with one letter changed is no known key", () => {
  for (const mutant of eachLetter(COMPLETE)) {
    const { isTaken, difference } = readBothWays(mutant);
    assertEquals([isTaken, difference], [false, null]);
  }
});

Deno.test("keys in any order, absent fields and nulls where they may be keep a train on the fast way", () => {
  const reversed = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toReversed())
      : value;
  const isRead = (text: string) => {
    const { isTaken, fault, difference } = readBothWays(encoder.encode(text));
    return [isTaken, fault, difference];
  };
  assertEquals(isRead(JSON.stringify(COMPLETE)), [true, null, null]);
  assertEquals(isRead(JSON.stringify(COMPLETE, reversed)), [true, null, null]);
  assertEquals(isRead(JSON.stringify(withOnly(COMPLETE, TRAIN_FIELDS, undefined))), [true, null, null]);
  assertEquals(isRead(JSON.stringify(withOnly(COMPLETE, TRAIN_FIELDS, null))), [true, null, null]);
});

Deno.test("new values of open lists are taken and counted as the careful way counts them", () => {
  const [row] = COMPLETE.timeTableRows;
  const rows = ["NO", "FI", "NO"].map((countryCode) => ({
    ...row,
    countryCode,
    estimateSource: `by ${countryCode}`,
  }));
  const train = { ...COMPLETE, timetableType: "EXTRA", timeTableRows: rows };
  const { isTaken, drift, difference } = readBothWays(encoder.encode(JSON.stringify(train)));
  assertEquals([isTaken, difference], [true, null]);
  assertEquals(Object.fromEntries(drift), {
    "$.timetableType=EXTRA": 1,
    "$.timeTableRows[].estimateSource=by NO": 2,
    "$.timeTableRows[].estimateSource=by FI": 1,
    "$.timeTableRows[].countryCode=NO": 2,
  });
});

Deno.test("texts are told by their bytes, however many came before and however they are hashed", () => {
  const cache = new TextCache();
  const textOf = (text: string, hash: number) => {
    const bytes = encoder.encode(`>${text}<`);
    return cache.get(bytes, 1, bytes.length - 1, hash);
  };
  for (let i = 0; i < 10_000; i++) {
    const text = `Ö${i % 5_000}`;
    assertEquals([textOf(text, i), textOf(text, i), textOf("", i % 3)], [text, text, ""]);
  }
  for (let i = 0; i < 200; i++) assertEquals(textOf(`same${i % 50}`, 99), `same${i % 50}`);
  for (const text of ["abc", "ab", "ba", "b", "abcd", "Ab"]) assertEquals(textOf(text, 7), text);
  assertEquals([textOf("x".repeat(64), 1)?.length, textOf("x".repeat(65), 1)], [64, null]);
  assertEquals([0xff, 0xc3, 0x80].map((byte) => cache.get(Uint8Array.of(byte), 0, 1, byte)), [
    null,
    null,
    null,
  ]);
});

Deno.test("an object of more fields than bits is refused before a message is read", () => {
  const names = Array.from({ length: 32 }, (_, i) => `field${i}`);
  const train = new ObjectValues(fieldsOf(Object.fromEntries(names.map((name) => [name, z.string()]))));
  const values = { ...createTrainValues(), train };
  assertThrows(() => new TrainScanner(values), RangeError, "Cannot scan 32 fields");
});

/** The required fields as they are, the others with this value. */
function withOnly(value: unknown, fields: readonly Field[], optional: null | undefined): unknown {
  if (Array.isArray(value)) return value.map((element) => withOnly(element, fields, optional));
  return Object.fromEntries(fields.map(({ name, isRequired, nested }) => {
    const child = Reflect.get(Object(value), name);
    return [name, !isRequired ? optional : nested === null ? child : withOnly(child, nested, optional)];
  }));
}

function isThere(path: URL): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
