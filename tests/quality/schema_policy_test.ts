/** What unknown fields and values of messages come to under each choice. */
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { KNOWN_VALUES } from "../../lib/train/train_schema.ts";
import { buildContract } from "../../lib/quality/contract/build_contract.ts";
import { evaluateRun, type RuleResult } from "../../lib/quality/evaluate_run.ts";
import type { Policy } from "../../lib/quality/policy.ts";
import { readPolicy, withContract } from "../../lib/quality/read_policy.ts";
import { describeRule } from "../../lib/report/describe_rule.ts";
import type { Counts } from "../../lib/tables/counts.ts";
import { makeReport } from "../report/made_up_report.ts";

const PATH = "lake/quality.yaml";
const FIELD = { "$.timeTableRows[].platform": 7 };
const VALUE = { "$.timetableType=NEW": 2, "$.timeTableRows[].countryCode=NO": 1 };

function driftRule(schemaDrift: Counts, policy: Policy): readonly [RuleResult | undefined, passed: boolean] {
  const { rules, passed } = evaluateRun({ ...makeReport().run, schemaDrift }, { policy });
  return [rules.find(({ id }) => id === "S2"), passed];
}

function outcome(yaml: string, drift: Counts): string {
  const [rule, passed] = driftRule(drift, readPolicy(yaml, PATH).policy);
  return `${rule?.outcome} ${rule?.failures} ${passed ? "passed" : "failed"}`;
}

const CASES: readonly (readonly [yaml: string, field: string, value: string, both: string])[] = [
  ["", "look 7 passed", "look 3 passed", "look 10 passed"],
  ["schema: evolve", "look 7 passed", "look 3 passed", "look 10 passed"],
  ["schema: freeze", "failed 7 failed", "failed 3 failed", "failed 10 failed"],
  ["schema: { fields: freeze }", "failed 7 failed", "look 3 passed", "failed 10 failed"],
  ["schema: { values: freeze }", "look 7 passed", "failed 3 failed", "failed 10 failed"],
  ["schema: { fields: discard_value }", "passed 0 passed", "look 3 passed", "look 3 passed"],
  // What is kept out of the tables has come nevertheless.
  ["schema: discard_row", "look 7 passed", "look 3 passed", "look 10 passed"],
  ["schema: { fields: discard_row, values: freeze }", "look 7 passed", "failed 3 failed", "failed 10 failed"],
  [
    "schema: { fields: discard_value, values: freeze }",
    "passed 0 passed",
    "failed 3 failed",
    "failed 3 failed",
  ],
  [
    'schema: { fields: freeze, values: freeze, known: ["$.timeTableRows[].platform", $.timetableType=NEW] }',
    "passed 0 passed",
    "failed 1 failed",
    "failed 1 failed",
  ],
  [
    "schema: { fields: discard_value }\nquality: [{ rule: S2, severity: info, mustBeLessThan: 3 }]",
    "passed 0 passed",
    "note 3 passed",
    "note 3 passed",
  ],
];

for (const [yaml, field, value, both] of CASES) {
  Deno.test(`under ${JSON.stringify(yaml)} a field is ${field}, a value ${value}, none passes`, () => {
    assertEquals(outcome(yaml, FIELD), field);
    assertEquals(outcome(yaml, VALUE), value);
    assertEquals(outcome(yaml, { ...FIELD, ...VALUE }), both);
    assertEquals(outcome(yaml, {}), "passed 0 passed");
  });
}

Deno.test("what is named is what counts, the most frequent first", () => {
  const drift = { ...FIELD, ...VALUE };
  const described = (yaml: string) => {
    const [rule] = driftRule(drift, readPolicy(yaml, PATH).policy);
    assert(rule !== undefined);
    return describeRule(rule, { ...makeReport().run, schemaDrift: drift });
  };
  assertStringIncludes(described(""), ": $.timeTableRows[].platform (7), $.timetableType=NEW (2)");
  assertEquals(
    described("schema: { fields: discard_value, values: freeze }"),
    "3 fields: $.timetableType=NEW (2), $.timeTableRows[].countryCode=NO (1)",
  );
});

Deno.test("the paths of new values are those of the lists that validation knows", () => {
  const names = Object.keys(KNOWN_VALUES).map((name) =>
    name === "timetableType" ? `$.${name}=X` : `$.timeTableRows[].${name}=X`
  );
  const drift = Object.fromEntries(names.map((name) => [name, 1]));
  assertEquals(outcome("schema: { fields: discard_value }", drift), `look ${names.length} passed`);
});

const FAULTS: readonly (readonly [yaml: string, message: string])[] = [
  [
    "\nschema: discard_value",
    'line 2: found schema: "discard_value", expected evolve, freeze or discard_row',
  ],
  [
    "schema:\n  fields: discard_rows",
    'line 2: found fields of schema: "discard_rows", expected evolve, freeze, discard_value or discard_row',
  ],
  [
    "schema: { values: discard_value }",
    'found values of schema: "discard_value", expected evolve, freeze or discard_row',
  ],
  [
    "schema: { columns: freeze }",
    'line 1: found "columns" in schema, expected fields, values, known or tables',
  ],
  ["schema: { tables: freeze }", 'found tables of schema: "freeze", expected policies by table'],
  [
    "schema:\n  tables:\n    trams: freeze",
    'line 3: found "trams" in tables of schema, expected stations, operators',
  ],
  [
    "schema:\n  tables:\n    causes: evolve\n    stations: warn",
    'line 4: found schema of stations: "warn", expected evolve, freeze, discard_value or discard_row',
  ],
  [
    "schema: { tables: { stations: { rows: 1 } } }",
    'found "rows" in schema of stations, expected fields or known',
  ],
  [
    "schema: { tables: { stations: { known: x } } }",
    'found known in schema of stations: "x", expected a list',
  ],
  [
    "schema:\n  tables:\n    stations: freeze\n    standard_zone/stations: evolve",
    'line 4: found "standard_zone/stations" in tables of schema after a policy of stations, expected one policy a table',
  ],
  ["schema: { tables: { __proto__: freeze } }", 'found "__proto__" in tables of schema'],
  ["schema: { known: $.a }", 'found known of schema: "$.a", expected a list of names'],
  ["schema: [evolve]", 'found schema: ["evolve"], expected evolve, freeze or discard_row'],
  [
    "schema: freeze\nquality:\n  - { rule: S2, severity: info, mustBe: 0 }",
    "line 3: found a limit of S2 beside a frozen schema, expected one of both",
  ],
];

for (const [yaml, message] of FAULTS) {
  Deno.test(`a file with ${JSON.stringify(yaml)} is refused at its line`, () => {
    assertThrows(() => readPolicy(yaml, PATH), TypeError, message);
  });
}

const TABLES = `schema:
  tables:
    stations: discard_row
    standard_zone/operators: { fields: freeze, known: ["$[].since"] }
    causes: { values: freeze }
    rule_results: freeze
    standard: { fields: discard_row }
    leg_delays: freeze`;

Deno.test("metadata has a policy by table, which a contract keeps; one that can never fire is pointed out with its line", () => {
  const { policy, notes } = readPolicy(TABLES, PATH);
  assertEquals(policy.schema?.tables, {
    stations: { fields: "discard_row", known: [] },
    operators: { fields: "freeze", known: ["$[].since"] },
    causes: { fields: "evolve", known: [] },
  });
  assertEquals(notes.map((note) => note.replace(/(can never fire): .*/, "$1")), [
    "lake/quality.yaml, line 5: values of causes can never fire",
    "lake/quality.yaml, line 6: the schema policy of rule_results can never fire",
    "lake/quality.yaml, line 7: the schema policy of standard can never fire",
    "lake/quality.yaml, line 8: the schema policy of leg_delays can never fire",
  ]);
  assertEquals(outcome(TABLES, { ...FIELD, ...VALUE }), "look 10 passed");
  const contract = buildContract({ policy, place: "lake" });
  assertEquals(readPolicy(contract, PATH).policy.schema, policy.schema);
});

Deno.test("a contract has the choice too, and gives it back; quality.yaml takes precedence", () => {
  for (const [yaml] of CASES) {
    const { policy } = readPolicy(yaml, PATH);
    const contract = buildContract({ policy, place: "lake" });
    assertEquals(readPolicy(contract, PATH).policy.schema, policy.schema);
    for (const drift of [FIELD, VALUE, { ...FIELD, ...VALUE }]) {
      assertEquals(outcome(contract, drift), outcome(yaml, drift), yaml);
    }
  }
  const frozen = buildContract({ policy: readPolicy("schema: freeze", PATH).policy, place: "lake" });
  const under = (yaml: string) => {
    const { policy } = withContract(readPolicy(yaml, PATH), frozen, "lake/c.yaml");
    return driftRule(FIELD, policy)[0]?.outcome;
  };
  assertEquals([under("contract: c.yaml"), under("contract: c.yaml\nschema: evolve")], ["failed", "look"]);
});
