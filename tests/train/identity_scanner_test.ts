import { assert, assertEquals } from "@std/assert";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { IdentityScanner } from "../../lib/train/identity_scanner.ts";
import { IDENTITY_FIELDS } from "../../lib/train/train_identity.ts";
import { identifyTrain } from "../../lib/train/train_message.ts";
import { identifyNaively, parseJson } from "./naive_identity.ts";
import { rounds } from "../rounds.ts";

const KEYS = [
  ...IDENTITY_FIELDS,
  ...IDENTITY_FIELDS,
  "a",
  "",
  "versio",
  "versions",
  "__proto__",
  "\u00e4",
  "\u20ac",
  "\\u0061",
  '\\"',
];
const SCALARS = [
  ...['"a"', '""', '"\u00c4HT"', '"\u20ac"', '"\ud83d\ude82"', '"\\n"', '"\\\\"', '"{"', '"2025-02-17"'],
  ...["0", "-0", "7", "290518454797", "9007199254740993", "1.5", "265.0", "-3", "1e3", "2E-1", "0.0"],
  ...["true", "false", "null", "true", "false", "null"],
];
const NO_JSON = ["01", "1.", ".5", "-", "+1", "tru", "nul", "truE", "'a'", '"a', "\u00a0", '"\t"', "", ","];
const USUAL = new Map([["departureDate", '"2025-02-17"'], ["trainNumber", "265"], [
  "version",
  "290518454797",
]]);
const SPACES = [" ", "\n", "\t", "\r\n", "\u00a0", "\ufeff"];
const utf8 = new TextEncoder();

function pick<T>(random: Random, list: readonly [T, ...T[]] | readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** JSON, or nearly: `oddness` is how often something stands where it should not. */
function randomJson(random: Random, oddness: number, depth = 0): string {
  const space = () => random() < oddness ? pick(random, SPACES) : "";
  const value = () => space() + randomJson(random, oddness, depth + 1) + space();
  const length = Math.floor(random() * (depth === 0 ? 8 : 4));
  const kind = random() * (depth === 0 ? 1 : 0.5 + depth);
  if (kind < 0.8) {
    const fields = Array.from({ length }, () => {
      const key = pick(random, KEYS);
      const usual = random() < 0.8 ? USUAL.get(key) : undefined;
      return `${space()}"${key}"${space()}:${usual ?? value()}`;
    });
    return `{${fields.join(random() < oddness ? pick(random, ["", ",,", ";"]) : ",")}}`;
  }
  if (kind < 0.9) return `[${Array.from({ length }, value).join(",")}]`;
  return pick(random, random() < oddness / 2 ? NO_JSON : SCALARS);
}

/** The same, or with a byte more, less, or another. */
function damage(random: Random, bytes: Uint8Array): Uint8Array {
  const at = Math.floor(random() * (bytes.length + 1));
  const byte = random() < 0.5
    ? Math.floor(random() * 256)
    : pick(random, [...'{}[]",:\\0-.'].map((each) => each.charCodeAt(0)));
  const [before, after] = [[...bytes.subarray(0, at)], [...bytes.subarray(at)]];
  return Uint8Array.from(
    pick(random, [
      () => [...before, byte, ...after],
      () => [...before, ...after.slice(1)],
      () => [...before, byte, ...after.slice(1)],
      () => before,
    ])(),
  );
}

function isWhole(scanner: IdentityScanner, bytes: Uint8Array): boolean {
  return scanner.scan(bytes) === bytes.length;
}

Deno.test({
  name:
    "what the scanner takes is JSON with these fields, and a train is the one that JSON.parse finds in its bytes",
  permissions: "none",
  fn: () => {
    const random = seededRandom(51);
    const scanner = new IdentityScanner();
    const counts = { taken: 0, left: 0, broken: 0, identified: 0 };
    for (let round = 0; round < rounds(40_000); round++) {
      const whole = utf8.encode(randomJson(random, pick(random, [0, 0, 0.02, 0.2])));
      const bytes = random() < 0.5 ? whole : damage(random, whole);
      const parsed = parseJson(bytes, true);
      const isTaken = isWhole(scanner, bytes);
      const shown = new TextDecoder().decode(bytes);
      if (isTaken) {
        assert(parsed !== null, shown);
        assertEquals(scanner.identity(), identifyNaively(bytes), shown);
      }
      const identity = identifyTrain({ bytes, identity: undefined });
      assertEquals(identity, identifyNaively(bytes), shown);
      counts[isTaken ? "taken" : parsed === null ? "broken" : "left"]++;
      if (identity !== null) counts.identified++;
    }
    assert(Object.values(counts).every((count) => count > rounds(1000)), JSON.stringify(counts));
  },
});

Deno.test({
  name: "texts may hold every character of two and three bytes, and nothing that is no UTF-8",
  permissions: "none",
  fn: () => {
    const scanner = new IdentityScanner();
    for (let code = 0x80; code <= 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      assert(isWhole(scanner, utf8.encode(`"${String.fromCharCode(code)}"`)), String(code));
    }
    for (let first = 0x80; first <= 0xff; first++) {
      for (let second = 0; second <= 0xff; second++) {
        for (const third of [0x20, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]) {
          const bytes = Uint8Array.of(0x22, first, second, third, 0x22);
          if (isWhole(scanner, bytes)) assert(parseJson(bytes, true) !== null, String(bytes));
        }
      }
    }
  },
});

Deno.test({
  name: "trains as the API spells them take the fast way; deep nesting, white space and escapes do not",
  permissions: "none",
  fn: () => {
    const scanner = new IdentityScanner();
    for (const train of simulateTrains({ seed: 1, trains: 20, atMs: Date.parse("2025-02-17T04:21:00Z") })) {
      assert(isWhole(scanner, utf8.encode(JSON.stringify(train))));
    }
    const nested = (depth: number) => utf8.encode("[".repeat(depth) + "]".repeat(depth));
    assertEquals([63, 64, 100_000].map((depth) => isWhole(scanner, nested(depth))), [true, false, false]);
    for (
      const text of ['{"a": 1}', ' {"a":1}', '{"a":1}\n', '{"a":"\\n"}', '{"a":1e3}', '{"version":[]}', ""]
    ) {
      assertEquals(isWhole(scanner, utf8.encode(text)), false, text);
    }
    // Nothing is left of the value before.
    const train = '{"departureDate":"2025-02-17","trainNumber":5,"trainNumber":6}';
    assert(isWhole(scanner, utf8.encode(train)));
    assertEquals(scanner.identity(), { departureDate: "2025-02-17", trainNumber: 6, version: null });
    assert(isWhole(scanner, utf8.encode(`[${train}]`)));
    assertEquals(scanner.identity(), null);
  },
});
