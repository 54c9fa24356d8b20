/** Limits of the user: what they make of a run, and what is said of a file that is not right. */
import { assertEquals, assertThrows } from "@std/assert";
import { defaultPolicy } from "../../lib/quality/default_policy.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { limitsOf } from "../../lib/quality/policy.ts";
import { readPolicy } from "../../lib/quality/read_policy.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { makeReport } from "../report/made_up_report.ts";

const PATH = "lake/quality.yaml";
const RUN = makeReport().run;

/** What C2 comes to when so many of 49,000 rows break it. */
function outcomeOf(yaml: string, failures: number): readonly [outcome: string | undefined, passed: boolean] {
  const run = { ...RUN, anomalies: { ...RUN.anomalies, actualTime_out_of_order: failures } };
  const { rules, passed } = evaluateRun(run, { policy: readPolicy(yaml, PATH).policy });
  return [rules.find(({ id }) => id === "C2")?.outcome, passed];
}

Deno.test("a rule is a warning from one share on and an error from another", () => {
  const yaml = `quality:
  - { rule: C2, severity: warning, mustBeLessThan: 0.1, unit: percent }
  - { rule: C2, severity: error, mustBeLessOrEqualTo: 490 }
`;
  assertEquals(readPolicy(yaml, PATH).notes, []);
  assertEquals([0, 48, 49, 490, 491].map((failures) => outcomeOf(yaml, failures)), [
    ["passed", true],
    ["passed", true],
    ["look", true],
    ["look", true],
    ["failed", false],
  ]);
});

Deno.test("rules that are not named keep their own limits, a file of comments changes nothing", () => {
  for (
    const yaml of [
      "",
      "\n# nothing\n\n",
      "quality:\n",
      "quality: []",
      "---\nquality:\n  - { rule: C8, severity: info, mustBe: 0 }",
    ]
  ) {
    assertEquals(outcomeOf(yaml, 1), ["look", true], yaml);
  }
});

Deno.test("an error can be made a warning, and a warning information", () => {
  const yaml = `quality:
  - { rule: U1, severity: warning, mustBe: 0 }
  - { rule: C2, severity: info, mustBe: 0, dimension: consistency, description: our own choice }`;
  const { rules, passed } = evaluateRun({ ...RUN, duplicateRecords: 3 }, {
    policy: readPolicy(yaml, PATH).policy,
  });
  const found = rules.filter(({ id }) => id === "U1" || id === "C2");
  assertEquals([passed, found.map(({ id, severity, outcome }) => [id, severity, outcome])], [true, [
    ["U1", "W", "look"],
    ["C2", "I", "passed"],
  ]]);
  assertEquals(outcomeOf(yaml, 5), ["note", true]);
});

Deno.test("the file to begin with changes nothing, nor does it with all its comments taken away", () => {
  const text = defaultPolicy();
  assertEquals(readPolicy(text, PATH), { policy: new Map(), notes: [], contract: null });
  const [, list = ""] = text.split("\n# quality:\n").slice(-2);
  const { policy, notes } = readPolicy(`quality:\n${list.replaceAll(/^#/gm, " ")}`, PATH);
  assertEquals([policy.size, notes], [RULES.length, []]);
  for (const rule of RULES) {
    assertEquals(
      (policy.get(rule.id) ?? []).map(({ severity, operator, value, unit }) => ({
        severity,
        operator,
        value,
        unit,
      })),
      [...limitsOf(rule, new Map())],
    );
  }
});

const FAULTS: readonly (readonly [yaml: string, message: string])[] = [
  [
    "quality:\n  - { rule: C99, severity: error, mustBe: 0 }",
    'line 2: found rule: "C99", expected one of O4, ',
  ],
  [
    "\nquality:\n\n  - rule: C2\n    severity: grave\n    mustBe: 0",
    'line 4: found severity: "grave", expected error, warning or info',
  ],
  [
    "quality:\n  - { rule: C2, severity: error }",
    "line 2: found none, expected one of mustBe, mustBeLessThan",
  ],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: 0, mustBeLessThan: 2 }",
    "line 2: found mustBe and mustBeLessThan, expected one of",
  ],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: -1 }",
    "line 2: found mustBe: -1, expected a number from 0",
  ],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: '0' }",
    'line 2: found mustBe: "0", expected a number',
  ],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: .nan }",
    "line 2: found mustBe: null, expected a number",
  ],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: 0, unit: trains }",
    'line 2: found unit: "trains", expected rows or percent',
  ],
  [
    "quality:\n  - { rule: C2, severity: error, must_be: 0 }",
    'line 2: found "must_be", expected rule, severity, unit',
  ],
  ["quality:\n  - C2", "line 2: found no limit, expected rule, severity and a number"],
  [
    "quality:\n  - { rule: C2, severity: error, mustBe: 0 }\n  - { rule: C2, severity: error, mustBe: 5 }",
    "line 3: found a second limit of C2 with this severity, the first is in line 2",
  ],
  ["quality:\n  - { rule: C2, severity: error, mustBe: 0 }\n  - [1, [2]]\n  - C2", "line 3: found no limit"],
  ["quality:\n  - { rule: C2\n  - x", "line 3: found no YAML"],
  ["quality: 5", 'line 1: expected "quality:" with a list'],
  ["rules: []", 'line 1: expected "quality:" with a list'],
  ["- 1", 'line 1: expected "quality:" with a list'],
  ["a: 1\n---\nb: 2", "found no YAML"],
];

for (const [yaml, message] of FAULTS) {
  Deno.test(`a file with ${JSON.stringify(yaml)} is refused at its line`, () => {
    const error = assertThrows(() => readPolicy(yaml, PATH), TypeError, message);
    assertEquals(error.message.startsWith(`Cannot use "${PATH}", line `), true);
  });
}

Deno.test("limits that can never break are pointed out with their lines", () => {
  const notes = (limits: string) =>
    readPolicy(`quality:\n${limits}`, PATH).notes.map((note) => note.split(": ")[0]);
  const at = (line: number) => `${PATH}, line ${line}`;
  const never = "  - { rule: C2, severity: warning, mustBeLessOrEqualTo: 100, unit: percent }\n";
  assertEquals(notes(never), [at(2)]);
  assertEquals(notes("  - { rule: C2, severity: warning, mustBeLessThan: 100, unit: percent }\n"), []);
  const error = "  - { rule: C2, severity: error, mustBeLessThan: 5 }\n";
  assertEquals(notes(`${error}  - { rule: C2, severity: warning, mustBeLessThan: 5 }\n`), [at(3)]);
  assertEquals(notes(`${error}  - { rule: C2, severity: warning, mustBeLessThan: 4 }\n`), []);
  assertEquals(notes(`${error}  - { rule: C2, severity: warning, mustBeLessThan: 9, unit: percent }\n`), []);
});

Deno.test("limits that can never hold are pointed out too, and one that breaks below its value is not called dead", () => {
  const notes = (limits: string) => readPolicy(`quality:\n${limits}`, PATH).notes;
  const always = "the limit of C2 is always broken: ";
  for (
    const [limit, reason] of [
      ["mustBeLessThan: 0", "nothing is less than 0"],
      ["mustBe: 150, unit: percent", "no share is above 100 percent"],
    ]
  ) {
    assertEquals(notes(`  - { rule: C2, severity: error, ${limit} }\n`), [
      `${PATH}, line 2: ${always}${reason}`,
    ]);
  }
  const exact =
    "  - { rule: C2, severity: error, mustBeLessOrEqualTo: 3 }\n  - { rule: C2, severity: warning, mustBe: 5 }\n";
  assertEquals(notes(exact), []);
});
