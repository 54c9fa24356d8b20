/** Which trains a schema policy keeps out, and at which path, against a model that knows the order and nothing else. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Chunk } from "../../../lib/broker/broker.ts";
import { printable } from "../../../lib/printable.ts";
import { jsonLines, lineAt } from "../../../lib/quarantine/json_lines.ts";
import { pick, type Random, seededRandom } from "../../../lib/simulator/seeded_random.ts";
import type { PlacedRefusal } from "../../../lib/validate/drift/refuse_drift.ts";
import { readCarefully } from "../../../lib/validate/read_carefully.ts";
import { validateChunks } from "../../../lib/validate/validate_chunks.ts";
import { createTrainValues } from "../../../lib/validate/values/train_values.ts";
import { quarantineRows } from "../chunk_frames.ts";
import { completeTrain } from "../scan/complete_train.ts";

// deno-lint-ignore no-explicit-any -- JSON as it goes
type Json = any;

const NAMES = [
  "platform",
  "",
  "__proto__",
  "constructor",
  "7",
  "a.b",
  'quo"te',
  "timeTableRows[0]",
  "\u001b[31mred",
  "\u009b2J\u202egnp",
  "ääkköset",
  "\ud800",
  "x".repeat(5000),
  "\u{1f682}".repeat(60),
  "version ",
];
const VALUES = ["NEW", "\u001b[2J", "x".repeat(300), "FI ", "fi"];
/** What a reader would write by hand. */
const STEPS: Readonly<Record<string, string>> = {
  "platform": ".platform",
  "": '[""]',
  "__proto__": ".__proto__",
  "7": '["7"]',
  "a.b": '["a.b"]',
  'quo"te': '["quo\\"te"]',
  "\u001b[31mred": '["\\u001b[31mred"]',
  "\u009b2J\u202egnp": '["\\u009b2J\\u202egnp"]',
  "ääkköset": '["ääkköset"]',
  ["x".repeat(5000)]: `["${"x".repeat(80)}..."]`,
};

/** A train spelled by hand, since JSON.stringify of an object has no own `__proto__`. */
function spell(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(spell).join(",")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, child]) => `${JSON.stringify(key)}:${spell(child)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

function asMaps(value: Json): Json {
  if (Array.isArray(value)) return value.map(asMaps);
  if (typeof value !== "object" || value === null) return value;
  return new Map(Object.entries(value).map(([key, child]) => [key, asMaps(child)]));
}

/** None to three unknown fields or values, each somewhere in the train. */
function drifted(random: Random): string {
  const train = asMaps(completeTrain());
  for (let left = Math.floor(random() * 4); left > 0; left--) {
    const row = pick<Json>(random, train.get("timeTableRows"));
    const objects = [train, row, row.get("trainReady"), ...row.get("causes") ?? []];
    const object = pick<Json>(random, objects.filter((each) => each instanceof Map));
    const choice = random();
    if (choice < 0.6) {
      object.set(pick(random, NAMES), pick<Json>(random, [1, null, "v", asMaps({ version: 1 })]));
    } else if (choice < 0.7) train.set("timetableType", pick(random, VALUES));
    else row.set(pick(random, ["estimateSource", "countryCode"]), pick(random, VALUES));
  }
  return spell(train);
}

const [FULL_ROW]: Json = completeTrain().timeTableRows;
const SCHEMA: Readonly<Record<string, readonly string[]>> = {
  train: Object.keys(completeTrain()),
  row: Object.keys(FULL_ROW),
  cause: Object.keys(FULL_ROW.causes[0]),
  ready: Object.keys(FULL_ROW.trainReady),
};
const LISTS: Readonly<Record<string, readonly string[]>> = {
  timetableType: ["REGULAR", "ADHOC"],
  estimateSource: ["LIIKE_AUTOMATIC", "LIIKE_USER", "MIKU_USER", "COMBOCALC", "UNKNOWN"],
  countryCode: ["FI", "RU", "SE"],
};

/** All that is unknown in the order of the rules: its name in counts, and the field or list with its object's path. */
function unknownIn(train: Json) {
  const found: { kind: "fields" | "values"; name: string; path: string; field: string }[] = [];
  const look = (object: Json, kind: string, path: string) => {
    for (const field of Object.keys(object)) {
      if (SCHEMA[kind]?.includes(field)) continue;
      const name = `${path.replaceAll(/\[\d+\]/g, "[]")}.${field.slice(0, 100).toWellFormed()}`;
      found.push({ kind: "fields", name, path, field });
    }
  };
  const value = (object: Json, field: string, path: string) => {
    const text = object[field];
    if (!text || LISTS[field]?.includes(text)) return;
    const name = `${path.replaceAll(/\[\d+\]/g, "[]")}.${field}=${text.slice(0, 100)}`;
    found.push({ kind: "values", name, path, field });
  };
  look(train, "train", "$");
  train.timeTableRows.forEach((row: Json, at: number) => {
    const path = `$.timeTableRows[${at}]`;
    look(row, "row", path);
    (row.causes ?? []).forEach((each: Json, i: number) => look(each, "cause", `${path}.causes[${i}]`));
    if (row.trainReady) look(row.trainReady, "ready", `${path}.trainReady`);
  });
  value(train, "timetableType", "$");
  train.timeTableRows.forEach((row: Json, at: number) => {
    for (const field of ["estimateSource", "countryCode"]) value(row, field, `$.timeTableRows[${at}]`);
  });
  return found;
}

/** The item that keeps it out; undefined when none does. */
function expectedOf(text: string, { fields, values, known }: PlacedRefusal) {
  const isRefused = { fields, values };
  const all = unknownIn(JSON.parse(text)).filter(({ kind, name }) =>
    isRefused[kind] && !known.includes(name)
  );
  return all.find(({ kind }) => kind === "fields") ?? all[0];
}

async function* oneChunk(texts: readonly string[]): AsyncGenerator<Chunk> {
  const records = texts.map((text, offset) => ({
    offset: BigInt(offset),
    timestampMs: offset,
    key: null,
    value: new TextEncoder().encode(text),
    headers: {},
  }));
  const sizeBytes = records.reduce((sum, { value }) => sum + value.length, 0);
  yield await Promise.resolve({ partition: 2, records, nextOffset: BigInt(texts.length), sizeBytes });
}

async function rejected(texts: readonly string[], refusal: PlacedRefusal | null, aheadBytes = 0) {
  const options = { topic: "trains", monotonic: () => 0, aheadBytes, refusal };
  const [chunk] = await Array.fromAsync(validateChunks(oneChunk(texts), options));
  assert(chunk !== undefined);
  const rows = quarantineRows(chunk.quarantine);
  return {
    accepted: chunk.spans.length,
    drift: [...chunk.drift],
    rows: rows.map((row) => ({
      offset: Number(row.kafkaOffset),
      code: row.reasonCode,
      path: String(row.jsonPath),
      message: String(row.message),
      rule: row.ruleId,
    })),
  };
}

const NOWHERE: ReadonlyMap<number, bigint> = new Map();
const REFUSALS: readonly PlacedRefusal[] = [
  { fields: true, values: true, known: [], from: NOWHERE },
  {
    fields: true,
    values: false,
    known: ["$.timeTableRows[].platform", "$.__proto__", "$.a.b"],
    from: NOWHERE,
  },
  { fields: false, values: true, known: ["$.timetableType=NEW"], from: NOWHERE },
  {
    fields: true,
    values: true,
    known: ["$.timeTableRows[].countryCode=fi"],
    from: new Map([[2, 25n], [0, 99n]]),
  },
];

Deno.test("what is refused, and at which path, does not depend on the way a message is read", async () => {
  const random = seededRandom(77);
  const texts = Array.from({ length: 50 }, () => drifted(random));
  const free = await rejected(texts, null);
  assertEquals([free.accepted, free.rows], [texts.length, []]);
  for (const refusal of REFUSALS) {
    const here = await rejected(texts, refusal);
    assertEquals(await rejected(texts, refusal, 1), here);
    assertEquals(here.drift.sort(), free.drift.sort(), "what is refused is counted as what is not");
    const from = refusal.from.get(2) ?? 0n;
    const expected = texts.flatMap((text, offset) => {
      const item = BigInt(offset) < from ? undefined : expectedOf(text, refusal);
      return item === undefined ? [] : [{ ...item, offset }];
    });
    assertEquals(here.rows.map(({ offset }) => offset), expected.map(({ offset }) => offset));
    assert(expected.length > 10 && expected.length < texts.length);
    for (const [at, { path, field, offset }] of expected.entries()) {
      const row = here.rows[at], text = texts[offset] ?? "";
      assert(row !== undefined);
      assertEquals([row.code, row.rule], ["schema_drift", "S2"]);
      assert(row.path.startsWith(path) && row.path.length > path.length, row.path);
      const step = Object.hasOwn(STEPS, field) ? STEPS[field] : undefined;
      if (step !== undefined) assertEquals(row.path, path + step);
      // What no terminal obeys, in a bounded length, and a line that `quarantine show` finds.
      assertEquals([printable(row.path), printable(row.message)], [row.path, row.message]);
      assert(row.path.length < 700 && row.message.length < 1000, row.message);
      assertStringIncludes(row.message, ` at ${row.path}, expected `);
      const lines = jsonLines(text) ?? [];
      assertEquals(lines[lineAt(lines, row.path)]?.path, row.path);
      const bytes = new TextEncoder().encode(text);
      const fault = readCarefully(bytes, createTrainValues(), { drift: new Map(), refusal });
      assertEquals([fault?.path, fault?.message], [row.path, row.message]);
    }
  }
});

Deno.test("another fault comes before the drift, and a message that is spelled as the API never does is refused too", async () => {
  const [refusal = null] = REFUSALS;
  const train = { ...completeTrain(), platform: 1 };
  const { rows } = await rejected(
    [
      JSON.stringify({ ...train, trainNumber: 0 }),
      JSON.stringify(train, null, 2),
      JSON.stringify(completeTrain()),
    ],
    refusal,
  );
  assertEquals(rows.map(({ offset, code }) => [offset, code]), [[0, "out_of_range"], [1, "schema_drift"]]);
});
