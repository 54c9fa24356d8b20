/** Trains changed at random: within the grammar of the API, a little beyond it, and byte by byte. */

import { type Field, KIND, TRAIN_FIELDS } from "../../../lib/validate/values/field_table.ts";
import { pick, type Random } from "../../../lib/simulator/seeded_random.ts";

const encoder = new TextEncoder();

/** How far a mutant is from what the API writes. */
export type MutantKind = "grammar" | "beyond" | "bytes";

/** JSON whose keys may come twice and whose values are spelled in any way. */
type Node =
  | { readonly entries: [key: string, value: Node][] }
  | { readonly elements: Node[] }
  | { readonly spelling: string };

/** A field of an object of the train; unknown when a change before has made it so. */
interface Spot {
  readonly entries: [string, Node][];
  readonly place: number;
  readonly field: Field | undefined;
}

const TEXTS = [
  '""',
  '"HKI"',
  '"KÄP"',
  '"Ähtäri ÅÖ"',
  '"€"',
  '"😈"',
  '"\ufeffHKI"',
  '"\u007f"',
  '"VR"',
  '"a:b"',
  '"},{"',
  '"[]"',
  '"REGULAR"',
  '"Commuter"',
  '"MIKU_USER"',
  '"FI"',
  '"SE"',
  '"ARRIVAL"',
  '"DEPARTURE"',
  `"${"ä".repeat(32)}"`,
  `"${"x".repeat(63)}"`,
];
const NUMBERS = [0, 1, -1, 7, 99_999, 290_518_454_797];
const TIMES = [
  "2025-02-16T17:29:38.000Z",
  "2025-02-17T00:00:00.000Z",
  "2024-02-29T23:59:59.999Z",
  "1969-12-31T23:59:59.001Z",
  "1684-01-01T00:00:00.000Z",
  "2255-01-01T00:00:00.000Z",
];
const DATES = ['"2025-02-16"', '"2024-02-29"', '"0001-01-01"', '"9999-12-31"', '"1970-01-01"'];
const CAUSES = [
  "[]",
  '[{"categoryCode":"L","categoryCodeId":40}]',
  '[{"categoryCodeId":0},{"thirdCategoryCode":"Ö","detailedCategoryCodeId":-3}]',
  '[{"detailedCategoryCode":null,"categoryCode":""}]',
];
const READY = [
  '{"source":"KUPLA","accepted":true,"timestamp":"2025-02-16T17:20:33.000Z"}',
  '{"accepted":null}',
];

/** What the API does not write; some of it is a train nevertheless. */
export const ODD_VALUES = [
  ...[
    "null",
    "{}",
    "[{}]",
    "[[]]",
    "[null]",
    '{"a":1}',
    '[{"a":1}]',
    '"',
    "",
    "nul",
    "nulls",
    "truefalse",
    "tru",
  ],
  ...["-0", "1.0", "1.5", "1e3", "1E400", "01", "-01", "+1", "-", ".5", "0x1", "100000", "9007199254740992"],
  ...["9007199254740993", "-9007199254740992", "00000000000000001", "99999999999999999999", "1 ", " 1"],
  ...['"\\u0041"', '"a\\"b"', '"\\ud800"', '"\t"', '"\n"', '"\u0000"', `"${"x".repeat(65)}"`, '"a" ', "'a'"],
  ...[
    '2025-02-16"',
    "'2025-02-16\"",
    "'2025-02-16T17:29:38.000Z\"",
    '"2025-02-30"',
    '"2025-13-01"',
    '"0000-01-01"',
    '"2025-2-16"',
    '"20250216"',
    '"2025-02-16T"',
    '"２025-02-16"',
  ],
  ...['"2025-02-16T17:29:38Z"', '"2025-02-16T17:29:38.000+02:00"', '"2025-02-16T24:00:00.000Z"'],
  ...['"2025-02-16T17:60:00.000Z"', '"2025-02-16T17:29:60.000Z"', '"2025-02-30T17:29:38.000Z"'],
  ...['"2256-01-01T00:00:00.000Z"', '"1683-01-01T00:00:00.000Z"', '"9999-12-31T23:59:59.999Z"'],
  ...['"2025-02-16t17:29:38.000z"', '"2025-02-16T17:29:38.0000Z"', '"2025-02-16T17:29:38.000Z "'],
  ...['"2025-02-16T17:29:3:.000Z"', '"2025-02-16T17:29:38.0/0Z"', '"2025-02-16T17-29-38.000Z"'],
  ...['"passing"', '"GUESS"', '"NO"', "TRUE", "False", "[1]", '["a"]', "[,]", "{,}", "[{},]"],
];

/** Changes the train once to three times. Within the grammar it stays a train in the API's own spelling. */
export function mutateTrain(train: unknown, kind: MutantKind, random: Random): Uint8Array {
  const node = nodeOf(train);
  const changes = 1 + Math.floor(random() * 3);
  for (let i = 0; i < changes; i++) {
    if (kind === "beyond" && random() < 0.5) goBeyond(node, random);
    else changeWithin(node, random);
  }
  const bytes = encoder.encode(spell(node, kind === "beyond" && random() < 0.05 ? " " : ""));
  return kind === "bytes" ? changeBytes(bytes, random) : bytes;
}

/** The train once for each of its fields, with that field spelled like this, or without it when that is null. */
export function* eachField(train: unknown, spelling: string | null): Generator<Uint8Array> {
  const node = nodeOf(train);
  for (const { entries, place } of spotsOf(node)) {
    const [entry = ["", node]] = entries.splice(place, 1);
    if (spelling !== null) entries.splice(place, 0, [entry[0], { spelling }]);
    yield encoder.encode(spell(node, ""));
    entries.splice(place, spelling === null ? 0 : 1, entry);
  }
}

/** The train once for each letter of each of its keys, with that letter changed. */
export function* eachLetter(train: unknown): Generator<Uint8Array> {
  const node = nodeOf(train);
  for (const { entries, place } of spotsOf(node)) {
    const [key, value] = entries[place] ?? ["", node];
    for (let i = 0; i < key.length; i++) {
      entries[place] = [`${key.slice(0, i)}~${key.slice(i + 1)}`, value];
      yield encoder.encode(spell(node, ""));
    }
    entries[place] = [key, value];
  }
}

function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) return { elements: value.map(nodeOf) };
  if (typeof value !== "object" || value === null) return { spelling: JSON.stringify(value) };
  return { entries: Object.entries(value).map(([key, child]) => [key, nodeOf(child)]) };
}

function spell(node: Node, gap: string): string {
  if ("spelling" in node) return node.spelling;
  if ("elements" in node) return `[${node.elements.map((child) => spell(child, gap)).join(`,${gap}`)}]`;
  return `{${node.entries.map(([key, child]) => `"${key}":${gap}${spell(child, gap)}`).join(",")}}`;
}

/** All fields of all objects. */
function spotsOf(train: Node): readonly Spot[] {
  const spots: Spot[] = [];
  const visit = (node: Node, fields: readonly Field[]): void => {
    if ("elements" in node) node.elements.forEach((element) => visit(element, fields));
    else if ("entries" in node) {
      node.entries.forEach(([key, value], place) => {
        const field = fields.find(({ name }) => name === key);
        spots.push({ entries: node.entries, place, field });
        visit(value, field?.nested ?? []);
      });
    }
  };
  visit(train, TRAIN_FIELDS);
  return spots;
}

/** Another value, a null or an absent optional field, another order of keys: all that the grammar has room for. */
function changeWithin(train: Node, random: Random): void {
  const { entries, place, field } = pick(random, spotsOf(train));
  const choice = random();
  if (choice < 0.1) shuffle(entries, random);
  else if (field !== undefined && !field.isRequired && choice < 0.3) {
    if (choice < 0.2 && entries.length > 1) entries.splice(place, 1);
    else entries[place] = [field.name, { spelling: "null" }];
  } else if (field?.kind === KIND.list && field.isRequired) {
    const [, list] = entries[place] ?? [];
    if (list !== undefined && "elements" in list) shuffle(list.elements, random);
  } else if (field !== undefined) {
    entries[place] = [field.name, { spelling: valueOf(field, random) }];
  }
}

/** In place. A comparator that answers at random would leave it to the engine, and to how warm the code is, what comes out. */
function shuffle(values: unknown[], random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [values[last], values[other]] = [values[other], values[last]];
  }
}

function valueOf({ kind, lowest, highest, isFilled, options }: Field, random: Random): string {
  if (kind === KIND.number) {
    const numbers = [...NUMBERS, lowest, highest, Math.floor(random() * 1e6) - 1e3];
    return String(pick(random, numbers.filter((number) => number >= lowest && number <= highest)));
  }
  if (kind === KIND.flag) return pick(random, ["true", "false"]);
  if (kind === KIND.date) return pick(random, DATES);
  if (kind === KIND.list) return pick(random, CAUSES);
  if (kind === KIND.object) return pick(random, READY);
  if (kind === KIND.text) {
    return pick(
      random,
      options ? [...options].map((text) => `"${text}"`) : TEXTS.slice(isFilled ? 1 : 0),
    );
  }
  if (!isFilled && random() < 0.1) return '""';
  return `"${random() < 0.5 ? pick(random, TIMES) : new Date(Math.floor(random() * 2 ** 41)).toISOString()}"`;
}

/** A value of another kind, a doubled, unknown, missing or misspelled key, a list or a text in the wrong place. */
function goBeyond(node: Node, random: Random): void {
  const { entries, place } = pick(random, spotsOf(node));
  const [key = "", value] = entries[place] ?? [];
  const choice = random();
  if (value === undefined) return;
  if (choice < 0.6) entries[place] = [key, { spelling: pick(random, ODD_VALUES) }];
  else if (choice < 0.7) entries.splice(Math.floor(random() * (entries.length + 1)), 0, [key, value]);
  else if (choice < 0.8) {
    entries.splice(place, 0, [pick(random, ["extra", "", "__proto__", "a:b", "deleted"]), value]);
  } else if (choice < 0.9) entries.splice(place, 1);
  else entries[place] = [pick(random, [key.slice(1), `${key}x`, key.toUpperCase(), `\\u0074${key}`]), value];
}

/** One to three bytes put in, taken out or changed. */
function changeBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = Math.floor(random() * bytes.length), count = 1 + Math.floor(random() * 3);
  const junk = Array.from(
    { length: count },
    () => random() < 0.5 ? Math.floor(random() * 256) : 32 + Math.floor(random() * 96),
  );
  const choice = random();
  if (choice < 0.4) {
    return Uint8Array.from([...bytes.subarray(0, at), ...junk, ...bytes.subarray(at + count)]);
  }
  if (choice < 0.6) return Uint8Array.from([...bytes.subarray(0, at), ...junk, ...bytes.subarray(at)]);
  if (choice < 0.8) return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + count)]);
  return choice < 0.9 ? bytes.slice(0, at) : Uint8Array.from([...bytes, ...junk]);
}
