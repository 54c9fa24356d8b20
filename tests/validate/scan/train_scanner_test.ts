/** The scanner against the careful way: what it takes is the same, and it takes what the API writes. */

import { assert, assertEquals } from "@std/assert";
import { type Field, TRAIN_FIELDS } from "../../../lib/validate/values/field_table.ts";
import { pick, seededRandom } from "../../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../../lib/simulator/simulate_trains.ts";
import { TextCache } from "../../../lib/validate/scan/text_cache.ts";
import { eachField, type MutantKind, mutateTrain, ODD_VALUES } from "./mutate_train.ts";
import { readBothWays } from "./read_both_ways.ts";

const DEFAULT_CASES = 500;
const CASES = Number(Deno.env.get("RATALAKE_SCAN_CASES") ?? DEFAULT_CASES);
const FIRST_SEED = Number(Deno.env.get("RATALAKE_SCAN_SEED") ?? "1");
const RECORDING = new URL("../../../../shared/data/live-trains-2025-02-17T0421Z.json.gz", import.meta.url);
const KINDS: readonly MutantKind[] = ["grammar", "grammar", "beyond", "bytes"];

const encoder = new TextEncoder();
const TRAINS = [...simulateTrains({ seed: 9, trains: 60, atMs: Date.UTC(2025, 1, 17, 5) })];

/** Trains of a few rows, so that a change meets any field soon. */
const SHORT = TRAINS.map((train) => {
  const rows = train.timeTableRows.filter((row, i) => i < 2 || row.causes?.length || row.trainReady);
  return { ...train, timeTableRows: rows.slice(0, 5) };
});

const ROW_FIELDS = TRAIN_FIELDS.find(({ name }) => name === "timeTableRows")?.nested ?? [];

/** A train of two rows with all fields. */
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
  for (const text of ["ab", "ba", "abc", "Ab"]) assertEquals(textOf(text, 7), text);
  assertEquals([textOf("x".repeat(64), 1)?.length, textOf("x".repeat(65), 1)], [64, null]);
  assertEquals([0xff, 0xc3, 0x80].map((byte) => cache.get(Uint8Array.of(byte), 0, 1, byte)), [
    null,
    null,
    null,
  ]);
});

/** The required fields as they are, the others with this value. */
function withOnly(value: unknown, fields: readonly Field[], optional: null | undefined): unknown {
  if (Array.isArray(value)) return value.map((element) => withOnly(element, fields, optional));
  return Object.fromEntries(fields.map(({ name, isRequired, nested }) => {
    const child = Reflect.get(Object(value), name);
    return [name, !isRequired ? optional : nested === null ? child : withOnly(child, nested, optional)];
  }));
}

function completeTrain() {
  const ready = { source: "KUPLA", accepted: true, timestamp: "2025-02-16T17:20:33.000Z" };
  const cause = { categoryCode: "L", detailedCategoryCode: "L6", thirdCategoryCode: "", categoryCodeId: 40 };
  const ids = { detailedCategoryCodeId: 41, thirdCategoryCodeId: 42 };
  const rows = [0, 1].map((i) => ({
    stationShortCode: "KÄP",
    stationUICCode: 977,
    countryCode: "FI",
    type: i === 0 ? "DEPARTURE" : "ARRIVAL",
    trainStopping: true,
    commercialStop: true,
    commercialTrack: "8",
    cancelled: false,
    scheduledTime: "2025-02-16T17:29:00.000Z",
    liveEstimateTime: "2025-02-16T17:29:38.000Z",
    estimateSource: "MIKU_USER",
    unknownDelay: false,
    unknownTrack: true,
    stopSector: "A1",
    actualTime: "2025-02-16T17:29:39.123Z",
    differenceInMinutes: -1,
    causes: [{ ...cause, ...ids }],
    trainReady: ready,
  }));
  const train = {
    trainNumber: 265,
    departureDate: "2025-02-16",
    operatorUICCode: 10,
    operatorShortCode: "vr",
    trainType: "PYO",
    trainCategory: "Long-distance",
    commuterLineID: "",
    runningCurrently: true,
    cancelled: false,
    deleted: false,
    version: 290518454797,
    timetableType: "REGULAR",
    timetableAcceptanceDate: "2024-10-31T06:14:29.000Z",
    timeTableRows: rows,
  };
  assertEquals([Object.keys(train), Object.keys(rows[0] ?? {})], [
    namesOf(TRAIN_FIELDS),
    namesOf(ROW_FIELDS),
  ]);
  return train;
}

function namesOf(fields: readonly Field[]): readonly string[] {
  return fields.map(({ name }) => name);
}

function isThere(path: URL): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
