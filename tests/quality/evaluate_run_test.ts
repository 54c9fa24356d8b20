import { assertEquals } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { rowCounter } from "../../lib/quality/row_counter.ts";
import { anomaliesOf, RULES } from "../../lib/quality/rules.ts";
import { makeReport } from "../report/made_up_report.ts";
import { renderText } from "../../lib/report/render_text.ts";

const GOOD = makeReport().run;

Deno.test("a rule that a run did not count is no rule that holds: it is shown, and fails when it is an error", () => {
  const { scheduledTime_out_of_order: _, ...anomalies } = GOOD.anomalies;
  const verdict = evaluateRun({ ...GOOD, anomalies });
  assertEquals(verdict.rules.find(({ id }) => id === "C1")?.failures, null);
  assertEquals(verdict.passed, false);
  assertEquals(
    /C1 .* not counted {2}FAILED/.test(renderText(makeReport({ anomalies }), { colour: false })),
    true,
  );
});

Deno.test("a warning that was not counted does not fail the run, and asks to be looked at", () => {
  const { differenceInMinutes_mismatch: _, ...anomalies } = GOOD.anomalies;
  assertEquals(evaluateRun({ ...GOOD, anomalies }).passed, true);
  assertEquals(
    /C6 .* not counted {2}look/.test(renderText(makeReport({ anomalies }), { colour: false })),
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
      const changed = after.filter(({ failures }, i) => failures !== before[i]?.failures);
      assertEquals(changed.map(({ id }) => id), [rule.id]);
      assertEquals(evaluateRun(run).passed, rule.severity !== "E");
    }
  }
});

Deno.test("the set of counts changes with every rule that is added, removed or redefined", () => {
  const [first, ...rest] = RULES.filter(({ count }) => count.from === "rows");
  const other = rest[0];
  if (first?.count.from !== "rows" || other?.count.from !== "rows") throw new Error("no rules on rows");
  const redefined = { ...first, count: { ...first.count, breaks: other.count.breaks } };
  const sets = [[], [first], [first, ...rest], rest, [redefined, ...rest]].map((rules) =>
    rowCounter(rules).set
  );
  assertEquals(new Set(sets).size, sets.length);
  assertEquals(rowCounter(RULES).set, rowCounter([...RULES]).set);
});
