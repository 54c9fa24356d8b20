import { assert, assertEquals } from "@std/assert";
import { countWrittenKeys, findDuplicateKey } from "../../lib/validate/duplicate_keys.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";

const encoder = new TextEncoder();
const TEXTS = [
  "a",
  "b",
  "",
  '"',
  '":',
  "\\",
  '\\":"',
  "{",
  "[1,2]",
  ": ",
  '","a":1',
  "ä",
  "😈",
  "\ud800",
  "__proto__",
  "\n",
];

/** Random JSON text and what is in it. */
interface Written {
  readonly text: string;
  readonly keys: number;
  /** An object repeats a key. */
  readonly repeats: boolean;
}

function write(random: Random, depth: number, repeat: () => boolean): Written {
  const kind = depth === 0 ? 0 : Math.floor(random() * 4);
  const space = () => random() < 0.1 ? " \n\t"[Math.floor(random() * 3)] ?? "" : "";
  if (kind <= 1) return { text: scalar(random), keys: 0, repeats: false };
  const children = Array.from({ length: Math.floor(random() * 4) }, () => write(random, depth - 1, repeat));
  const below = { keys: sum(children), repeats: children.some(({ repeats }) => repeats) };
  if (kind === 2) {
    return {
      ...below,
      text: `[${space()}${children.map(({ text }) => text + space()).join(`,${space()}`)}]`,
    };
  }
  const names = children.map((_, i) => `${TEXTS[Math.floor(random() * TEXTS.length)]}${i}`);
  const repeated = names.length > 1 && repeat();
  if (repeated) names[names.length - 1] = names[0] ?? "";
  const fields = children.map(({ text }, i) =>
    `${spell(random, names[i] ?? "")}${space()}:${space()}${text}`
  );
  return {
    keys: below.keys + names.length,
    repeats: below.repeats || repeated,
    text: `{${space()}${fields.join(`${space()},${space()}`)}${space()}}`,
  };
}

function sum(children: readonly Written[]): number {
  return children.reduce((total, { keys }) => total + keys, 0);
}

function scalar(random: Random): string {
  const values = ["1", "-2.5e3", "true", "null", JSON.stringify(TEXTS[Math.floor(random() * TEXTS.length)])];
  return values[Math.floor(random() * values.length)] ?? "0";
}

/** The same key has many spellings. */
function spell(random: Random, key: string): string {
  if (random() < 0.7) return JSON.stringify(key);
  const escaped = [...Array(key.length).keys()].map((i) =>
    `\\u${key.charCodeAt(i).toString(16).padStart(4, "0")}`
  );
  return `"${escaped.join("")}"`;
}

Deno.test("a repeated key is found in any JSON, however it is spelled and nested, and never where there is none", () => {
  const random = seededRandom(41);
  let found = 0;
  for (let i = 0; i < 5_000; i++) {
    const { text, repeats } = write(random, 5, () => random() < 0.3);
    JSON.parse(text);
    assertEquals([text, findDuplicateKey(text) !== null], [text, repeats]);
    if (repeats) found++;
  }
  assert(found > 300);
});

Deno.test("the quick count is never below the number of keys, so that an equal number proves uniqueness", () => {
  const random = seededRandom(42);
  let exact = 0;
  for (let i = 0; i < 5_000; i++) {
    const { text, keys } = write(random, 4, () => random() < 0.1);
    const count = countWrittenKeys(encoder.encode(text));
    assert(count === -1 || count >= keys, text);
    if (count === keys) exact++;
  }
  assert(exact > 2_500);
});

Deno.test("the key that is named is the repeated one as JSON reads it", () => {
  assertEquals(findDuplicateKey('{"x":{"a":1},"y":[{"\\u0061":1,"a":2}]}'), "a");
  assertEquals(findDuplicateKey('{"a":{"a":{"a":1}},"b":["a","a"]}'), null);
  assertEquals(findDuplicateKey('["a","a",{"":1," ":2}]'), null);
});
