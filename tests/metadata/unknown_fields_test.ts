/** What a policy makes of elements with fields that nobody knows, against a model by hand. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { METADATA_PARTS } from "../../lib/metadata/metadata_parts.ts";
import type { ElementPolicy } from "../../lib/metadata/unknown_fields.ts";
import { printable } from "../../lib/printable.ts";
import { pick, seededRandom } from "../../lib/simulator/seeded_random.ts";

// deno-lint-ignore no-explicit-any -- JSON as it goes
type Json = any;

const SOURCE = "https://api.example/metadata/x";
/** Hostile names, and how a path shows them. */
const NAMES: Readonly<Record<string, string>> = {
  "capacity": ".capacity",
  "__proto__": ".__proto__",
  "a.b": '["a.b"]',
  "\u001b[2J": '["\\u001b[2J"]',
  "\u202egnp": '["\\u202egnp"]',
  ["x".repeat(3000)]: `["${"x".repeat(80)}..."]`,
};
const NESTED: Readonly<Record<string, string>> = {
  "operators": "trainNumbers",
  "train-types": "trainCategory",
  "cause-category-codes": "passengerTerm",
};

function element(path: string, i: number): Json {
  return {
    "stations": { stationShortCode: `S${i}`, stationUICCode: i, stationName: "x" },
    "operators": { operatorShortCode: `o${i}`, operatorUICCode: i, trainNumbers: [{ id: 1 }, { id: 2 }] },
    "train-types": { name: `T${i}`, trainCategory: { name: "Cargo" } },
    "train-categories": { name: `C${i}` },
    "cause-category-codes": { id: i, categoryCode: `K${i}`, passengerTerm: { fi: "x" } },
    "detailed-cause-category-codes": { id: i, detailedCategoryCode: `K${i}` },
    "third-cause-category-codes": { id: i, thirdCategoryCode: `K${i}` },
  }[path];
}

function addField(object: Json, name: string): void {
  Object.defineProperty(object, name, { value: 1, enumerable: true });
}

/** What is said of the list, with the number of elements that are kept. */
function apply(path: string, elements: readonly Json[], policy: ElementPolicy) {
  const list = METADATA_PARTS.flatMap(({ lists }) => lists).find((each) => each.path === path);
  assert(list !== undefined);
  const { rows, drift, ...found } = list.toRows(elements, { source: SOURCE, policy });
  return { kept: rows.length, told: [...drift.values()].reduce((sum, count) => sum + count, 0), ...found };
}

Deno.test("each mode does with the elements of each list what it says, and shows the first unknown field safely", () => {
  const random = seededRandom(9);
  const lists = METADATA_PARTS.flatMap(({ lists }) => lists.map(({ path }) => path));
  for (let round = 0; round < 70; round++) {
    const path = lists[round % lists.length] ?? "";
    const elements = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, i) => element(path, i));
    const broken = elements.flatMap((each, at) => {
      if (random() < 0.6) return [];
      const [name, step] = pick(random, Object.entries(NAMES));
      const inner = NESTED[path], isInside = inner !== undefined && random() < 0.5;
      const target = isInside ? each[inner] : each;
      addField(Array.isArray(target) ? target[1] : target, name);
      return [`$[${at}]${isInside ? `.${inner}${Array.isArray(target) ? "[1]" : ""}` : ""}${step}`];
    });
    const [first = null] = broken, whole = elements.length;
    const none = { discarded: 0, firstDiscarded: null };
    const modes = { known: [] };
    assertEquals(apply(path, elements, { fields: "evolve", ...modes }), {
      kept: whole,
      told: broken.length,
      ...none,
    });
    assertEquals(apply(path, elements, { fields: "discard_value", ...modes }), {
      kept: whole,
      told: 0,
      ...none,
    });
    const refused = (fields: ElementPolicy["fields"]) => {
      const { message } = assertThrows(() => apply(path, elements, { fields, ...modes }), TypeError);
      assert(message.includes(`is ${first}, expected known fields alone`), message);
      assertEquals(printable(message), message);
      assert(message.length < 500, message);
    };
    if (first !== null) refused("freeze");
    if (broken.length === whole) refused("discard_row");
    else {
      assertEquals(apply(path, elements, { fields: "discard_row", ...modes }), {
        kept: whole - broken.length,
        told: broken.length,
        discarded: broken.length,
        firstDiscarded: first,
      });
    }
  }
});

Deno.test("a name that is known by now is neither told nor a reason, in any mode, and others still are", () => {
  const [HKI, TPE] = [element("stations", 1), element("stations", 2)];
  const elements = [{ ...HKI, capacity: 1 }, { ...TPE, capacity: 1, size: 2 }];
  const known = ["$[].capacity"];
  for (const [fields, kept] of [["evolve", 2], ["discard_row", 1], ["discard_value", 2]] as const) {
    assertEquals(apply("stations", elements, { fields, known }).kept, kept);
  }
  assertThrows(() => apply("stations", elements, { fields: "freeze", known }), TypeError, "$[1].size");
  assertEquals(apply("stations", elements.slice(0, 1), { fields: "freeze", known }).told, 0);
});
