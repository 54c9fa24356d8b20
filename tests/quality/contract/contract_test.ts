/** The data contract: valid by the standard, and read back it gives the same limits. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { load } from "../../../lib/packages/js_yaml.ts";
import { z } from "../../../lib/packages/zod.ts";
import { buildContract } from "../../../lib/quality/contract/build_contract.ts";
import { COLUMN_NOTES } from "../../../lib/quality/contract/column_notes.ts";
import { type Limit, limitsOf, type Policy } from "../../../lib/quality/policy.ts";
import { readPolicy, withContract } from "../../../lib/quality/read_policy.ts";
import { RULES } from "../../../lib/quality/rules.ts";
import { STANDARD_SCHEMA } from "../../../lib/tables/standard_schema.ts";
import { seededRandom } from "../../delta/test_context.ts";

const SCHEMA = new URL("../testdata/odcs.schema.json", import.meta.url);
const PLACE = "lake/standard_zone/trains_travel";
const PATH = "lake/quality.yaml";

function contractOf(policy: Policy): string {
  return buildContract({ policy, place: PLACE });
}

/** What applies to each rule, without what else readers know of it. */
function limitsOfAll(policy: Policy): Readonly<Record<string, readonly Limit[]>> {
  return Object.fromEntries(RULES.map((rule) => [
    rule.id,
    limitsOf(rule, policy).map(({ severity, operator, value, unit }) => ({
      severity,
      operator,
      value,
      unit,
    })),
  ]));
}

function randomPolicy(random: () => number): Policy {
  const pick = <T>(values: readonly [T, ...T[]]): T =>
    values[Math.floor(random() * values.length)] ?? values[0];
  const limits = (): readonly Limit[] =>
    (["E", "W", "I"] as const).filter(() => random() < 0.5).map((severity) => ({
      severity,
      operator: pick(["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"]),
      value: pick([0, 1, 0.1, 1e-7, 5e20, random(), random() * 1e6]),
      unit: pick(["rows", "percent"]),
    }));
  const named = RULES.filter(() => random() < 0.4).map(({ id }) => [id, limits()] as const);
  return new Map(named.filter(([, some]) => some.length > 0));
}

Deno.test({
  name: "the contract has what the standard requires, and nothing that it does not know",
  permissions: { read: [SCHEMA] },
  async fn() {
    const schema = z.fromJSONSchema(JSON.parse(await Deno.readTextFile(SCHEMA)));
    const random = seededRandom(3);
    for (const policy of [new Map(), randomPolicy(random), randomPolicy(random)]) {
      assertEquals(schema.safeParse(load(contractOf(policy))).error?.issues ?? [], []);
    }
  },
});

Deno.test("a contract that is read back gives the limits that it was made of", () => {
  const random = seededRandom(4);
  for (let i = 0; i < 100; i++) {
    const policy = randomPolicy(random);
    const { policy: back } = readPolicy(contractOf(policy), PATH);
    assertEquals(limitsOfAll(back), limitsOfAll(policy));
  }
  // Rules that are as they are anyway are no limits of the user.
  assertEquals(readPolicy(contractOf(new Map()), PATH), { policy: new Map(), notes: [], contract: null });
});

Deno.test("columns have the types of the table, a description, and the rules that look at them", () => {
  const contract = z.looseObject({
    servers: z.array(z.looseObject({ path: z.string() })),
    schema: z.array(z.looseObject({ properties: z.array(z.looseObject({ name: z.string() })) })),
  }).parse(load(contractOf(new Map())));
  assertEquals(contract.servers.map(({ path }) => path), [PLACE]);
  const columns = contract.schema[0]?.properties ?? [];
  assertEquals(columns.map(({ name }) => name), STANDARD_SCHEMA.fields.map(({ name }) => name));
  assertEquals(columns.filter(({ description }) => description === undefined), []);
  const known = new Set(STANDARD_SCHEMA.fields.map(({ name }) => name));
  assertEquals(Object.keys(COLUMN_NOTES).filter((name) => !known.has(name.split(".")[0] ?? "")), []);
  const keys = columns.filter(({ primaryKey }) => primaryKey === true);
  assertEquals(keys.map(({ name }) => name), ["trainNumber", "departureDate", "rowNumber"]);
  const required = columns.filter(({ required }) => required === true).map(({ name }) => name);
  assert(required.includes("stationShortCode") && !required.includes("actualTime"));
});

const HEAD = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n";

Deno.test("rules are found by custom property, id, name and implementation; the rest is told and does no harm", () => {
  const { policy, notes } = readPolicy(
    `${HEAD}schema:
  - name: trains
    quality:
      - { id: C2, type: text, severity: warning, unit: percent, mustBeLessThan: 0.1 }
      - { name: C2, severity: error, mustBe: 9 }
      - { metric: rowCount, mustBeGreaterThan: 10 }
      - { type: custom, engine: soda, implementation: "C3" }
      - just a text
    properties:
      - name: actualTime
        quality:
          - { customProperties: [{ property: ratalakeRule, value: M1 }], mustBeLessOrEqualTo: 3 }
      - name: causes
        items: { properties: [{ name: code, quality: [{ engine: ratalake, implementation: M4, severity: error, mustBe: 1 }] }] }
`,
    PATH,
  );
  const limits = (id: string) =>
    (policy.get(id) ?? []).map(({ severity, operator, value, unit }) =>
      `${severity} ${operator} ${value} ${unit}`
    );
  assertEquals([...policy.keys()].toSorted(), ["C2", "M1", "M4"]);
  assertEquals(limits("C2"), ["W mustBeLessThan 0.1 percent", "E mustBe 9 rows"]);
  // Without a severity it is that of the rule.
  assertEquals(limits("M1"), ["W mustBeLessOrEqualTo 3 rows"]);
  assertEquals(limits("M4"), ["E mustBe 1 rows"]);
  const told = (line: number, what: string) =>
    `${PATH}, line ${line}: ${what} is no rule of ours and was not understood`;
  assertEquals(notes, [
    told(11, '"rowCount"'),
    told(12, "an entry without a name"),
    told(13, "an entry without a name"),
  ]);
});

const LIST = `${HEAD}schema:\n  - quality:\n`;
const FAULTS: readonly (readonly [yaml: string, message: string])[] = [
  [`${LIST}    - { name: C2, mustNotBe: 0 }`, 'line 8: found "mustNotBe", expected rule, severity, unit'],
  [`${LIST}    - { name: C2, mustBe: -1 }`, "line 8: found mustBe: -1, expected a number from 0"],
  [`${LIST}    - name: C2`, "line 8: found none, expected one of mustBe"],
  [`${LIST}    - { id: C2, severity: grave, mustBe: 0 }`, 'line 8: found severity: "grave", expected error'],
  [
    `${LIST}    - metric: rowCount\n    - { engine: ratalake, implementation: { rule: C99, mustBe: 0 } }`,
    'line 9: found rule: "C99", expected one of',
  ],
  [`${LIST}    - { engine: ratalake, mustBe: 0 }`, "line 8: found rule: nothing, expected one of O4"],
  [
    `${LIST}    - { name: C2, severity: error, mustBe: 1 }\n    - { id: C2, severity: error, mustBe: 2 }`,
    "line 9: found a second limit of C2 with this severity, the first is in line 8",
  ],
  ["apiVersion: v2.2.2\nkind: DataContract", 'line 1: found apiVersion: "v2.2.2", expected v3.1.0'],
  ["kind: DataContract", "found apiVersion: nothing, expected v3.1.0"],
  ["apiVersion: v3.1.0\nkind: Pod", 'line 2: found kind: "Pod", expected DataContract'],
];

for (const [yaml, message] of FAULTS) {
  Deno.test(`a contract with ${JSON.stringify(yaml.replace(HEAD, ""))} is refused at its line`, () => {
    const error = assertThrows(() => readPolicy(yaml, PATH), TypeError, message);
    assert(error.message.startsWith(`Cannot use "${PATH}", line `));
  });
}

Deno.test("quality.yaml may name a contract beside it, and takes precedence rule by rule", () => {
  const file = readPolicy(
    "contract: trains.odcs.yaml\nquality:\n  - { rule: C2, severity: info, mustBe: 7 }",
    PATH,
  );
  assertEquals(file.contract, "trains.odcs.yaml");
  const text = `${LIST}    - { id: C2, mustBe: 1 }\n    - { id: C3, mustBe: 2 }\n    - { id: dbt }`;
  const { policy, notes } = withContract(file, text, "lake/trains.odcs.yaml");
  assertEquals(["C2", "C3"].map((id) => policy.get(id)?.map(({ value }) => value)), [[7], [2]]);
  assertEquals(notes.map((note) => note.split(": ")[0]), ["lake/trains.odcs.yaml, line 10"]);
  assertThrows(() => withContract(file, "quality: []", "x.yaml"), TypeError, "found no data contract");
  for (const name of ["../x.yaml", "/etc/x.yaml", "a/b.yaml", "x", '"x\\\\y.yaml"']) {
    assertThrows(
      () => readPolicy(`\ncontract: ${name}`, PATH),
      TypeError,
      "line 2: expected as contract the name of a YAML file beside",
    );
  }
});

Deno.test("a contract of aliases of aliases is read in no time, each list once", () => {
  const levels = Array.from({ length: 12 }, (_, i) => {
    const inside = i === 0
      ? "{ quality: [{ id: C2, mustBe: 3 }] }"
      : `{ properties: [${Array(10).fill(`*a${i - 1}`).join(", ")}] }`;
    return `x${i}: &a${i} ${inside}\n`;
  });
  const { policy } = readPolicy(`${HEAD}${levels.join("")}schema: [*a11]`, PATH);
  assertEquals([...policy.keys()], ["C2"]);
});

Deno.test("a contract whose parts hold themselves, and one whose parts are no objects, have no limits and an end", () => {
  for (const schema of ["&a [*a]", "&a [{ properties: *a }]", "[7, null, text, [[true]]]"]) {
    assertEquals(readPolicy(`${HEAD}schema: ${schema}`, PATH).policy, new Map());
  }
});
