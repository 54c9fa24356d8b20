import { assertEquals } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { rowCounter } from "../../lib/quality/row_counter.ts";
import { anomaliesOf, RULES } from "../../lib/quality/rules.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { makeReport } from "../report/made_up_report.ts";
import { renderText } from "../../lib/report/render_text.ts";

const GOOD = makeReport().run;

Deno.test("a rule that a run did not count is no rule that holds: it is shown, and fails when it is an error", () => {
  const { scheduledTime_out_of_order: _, ...anomalies } = GOOD.anomalies;
  const verdict = evaluateRun({ ...GOOD, anomalies });
  assertEquals(verdict.rules.find(({ id }) => id === "C1")?.failures, null);
  assertEquals(verdict.passed, false);
  assertEquals(
    /not counted\nC1 +E [^\n]* \?\n[^]*\nFAILED: /.test(
      renderText(makeReport({ anomalies }), { colour: false }),
    ),
    true,
  );
});

Deno.test("a warning that was not counted does not fail the run, and asks to be looked at", () => {
  const { differenceInMinutes_mismatch: _, ...anomalies } = GOOD.anomalies;
  assertEquals(evaluateRun({ ...GOOD, anomalies }).passed, true);
  assertEquals(
    /not counted\nC6 +W [^\n]* \?\n[^]*\nPASSED: /.test(
      renderText(makeReport({ anomalies }), { colour: false }),
    ),
    true,
  );
});

Deno.test("each rule has a name, a reason, and counts of its own", () => {
  assertEquals(new Set(RULES.map(({ id }) => id)).size, RULES.length);
  const anomalies = RULES.flatMap(anomaliesOf);
  assertEquals(new Set(anomalies).size, anomalies.length);
  assertEquals(RULES.filter(({ title, why }) => title === "" || why === ""), []);
});

Deno.test("every failure of a rule shows, and no other rule is touched by it", () => {
  for (const rule of RULES.filter(({ count }) => count.from !== "run")) {
    for (const anomaly of anomaliesOf(rule)) {
      const run = {
        ...GOOD,
        anomalies: { ...GOOD.anomalies, [anomaly]: 7 + (GOOD.anomalies[anomaly] ?? 0) },
      };
      const before = evaluateRun(GOOD).rules, after = evaluateRun(run).rules;
      const changed = after.flatMap(({ id, failures }, i) =>
        failures === before[i]?.failures ? [] : [[id, Number(failures) - Number(before[i]?.failures)]]
      );
      assertEquals(changed, [[rule.id, 7]]);
      assertEquals(evaluateRun(run).passed, rule.severity !== "E");
    }
  }
});

type Broken = Partial<Omit<RunRecord, "account">> & { readonly account?: Partial<RunRecord["account"]> };

/** Runs that break one rule on what a run measures anyway, and the failures that it has to show. */
const BROKEN: readonly (readonly [id: string, failures: number, run: Broken])[] = [
  ["O4", 3, { newlyExpired: 3 }],
  ["O1", 1, { account: { standardRows: 0 } }],
  ["U1", 2, { duplicateRecords: 2 }],
  ["S1", 9, { account: { quarantined: 9 } }],
  ["S2", 7, { schemaDrift: { "$.a": 2, "$.b": 5 } }],
  ["U3", 4, { conflict: 4 }],
];

for (const [id, failures, overrides] of BROKEN) {
  Deno.test(`a run that breaks rule ${id} shows how often, and no other rule is touched by it`, () => {
    const zero = { newlyExpired: 0, duplicateRecords: 0, schemaDrift: {}, conflict: 0 };
    const before = { ...GOOD, ...zero, account: { ...GOOD.account, standardRows: 60, quarantined: 0 } };
    const figures = (run: RunRecord) =>
      new Map(evaluateRun(run).rules.map((rule) => [rule.id, rule.failures]));
    const broken = { ...before, ...overrides, account: { ...before.account, ...overrides.account } };
    assertEquals(figures(before).get(id), 0);
    assertEquals(figures(broken), new Map(figures(before)).set(id, failures));
  });
}

Deno.test("every rule of a run is broken above", () => {
  const ids = RULES.filter(({ count }) => count.from === "run" || count.from === "drift").map(({ id }) => id);
  assertEquals(BROKEN.map(([id]) => id).sort(), ids.sort());
});

Deno.test("an account that does not add up fails a run whose rules all hold, and an error rule one that adds up", () => {
  assertEquals(evaluateRun(GOOD).passed, true);
  assertEquals(evaluateRun({ ...GOOD, account: { ...GOOD.account, offsets: 1 } }).passed, false);
  assertEquals(evaluateRun({ ...GOOD, duplicateRecords: 1 }).passed, false);
  assertEquals(evaluateRun({ ...GOOD, conflict: 1 }).passed, true);
});

Deno.test("the set of counts changes with every rule that is added, removed or redefined", () => {
  const [first, ...rest] = RULES.filter(({ count }) => count.from === "rows");
  if (first?.count.from !== "rows") throw new Error("no rules on rows");
  const redefined = { ...first, count: { ...first.count, revision: first.count.revision + 1 } };
  const sets = [[], [first], [first, ...rest], rest, [redefined, ...rest]].map((rules) =>
    rowCounter(rules).set
  );
  assertEquals(new Set(sets).size, sets.length);
  assertEquals(rowCounter(RULES).set, rowCounter([...RULES]).set);
});
