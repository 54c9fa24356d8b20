/** Rules that throw, or lack what they need: they are told, and everything else is as it would be without them. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { rowCounter } from "../../lib/quality/row_counter.ts";
import { RULES } from "../../lib/quality/rules.ts";
import type { Rule, RuleCount } from "../../lib/quality/rules/rule.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { makeReport } from "../report/made_up_report.ts";
import { renderChanges } from "../../lib/report/render_changes.ts";
import { renderText } from "../../lib/report/render_text.ts";
import { rowsOfTrains } from "./count_trains.ts";
import { SIMULATED_COUNTER, SIMULATED_METADATA } from "./simulated_counter.ts";

const AT = Date.parse("2025-03-29T09:00:00Z");
const RUN = makeReport().run;

/** Whatever code may throw. */
const THROWN: readonly unknown[] = [
  new TypeError("Cannot read properties of undefined"),
  new RangeError("\u001b[31mred\n" + "long ".repeat(100)),
  "a text",
  null,
  Object.create(null),
  new Error(""),
];

function throws(thrown: unknown): never {
  throw thrown;
}

/** The rule with whatever it does replaced by throwing. */
function broken(rule: Rule, thrown: unknown): Rule {
  const count: RuleCount = rule.count.from === "rows"
    ? { ...rule.count, breaks: () => throws(thrown) }
    : rule.count.from === "history"
    ? { ...rule.count, observe: () => throws(thrown) }
    : rule.count.from === "run"
    ? { ...rule.count, failures: () => throws(thrown) }
    : rule.count;
  return { ...rule, count };
}

function withBroken(id: string, thrown: unknown): readonly Rule[] {
  return RULES.map((rule) => rule.id === id ? broken(rule, thrown) : rule);
}

Deno.test("whichever rule on rows throws whatever, every other count of a file is as it was", async () => {
  const rows = await rowsOfTrains([...simulateTrains({ seed: 4, trains: 40, atMs: AT })], AT);
  const whole = SIMULATED_COUNTER.countColumns(rows);
  const onRows = RULES.filter(({ count }) => count.from === "rows");
  for (const [i, { id, count }] of onRows.entries()) {
    const counter = rowCounter(withBroken(id, THROWN[i % THROWN.length]), SIMULATED_METADATA);
    const name = count.from === "rows" ? count.anomaly : "";
    const others = Object.entries(whole).filter(([key]) =>
      key !== `anomaly.${name}` && key !== `units.${name}`
    );
    const found = Object.entries(counter.countColumns(rows));
    const errors = found.filter(([key]) => key.startsWith("error."));
    assertEquals(found.filter(([key]) => !key.startsWith("error.")), others, id);
    assert(errors.length === 1 && errors.every(([key]) => key.startsWith(`error.${name}: `)), id);
    // Short, and nothing in it that a terminal obeys.
    assert(errors.every(([key]) => key.length < 280 && !/\p{Cc}/u.test(key)), id);
    assertEquals(counter.set, SIMULATED_COUNTER.set);
  }
});

Deno.test("whichever rule on a run or on the runs before throws, it is the one that has the outcome error", () => {
  const past = Array.from({ length: 9 }, (_, i) => ({
    ...RUN,
    runId: `run-${i}`,
    account: { ...RUN.account, landed: 100 * i },
  }));
  const before = evaluateRun(RUN, { past });
  for (const [i, { id, severity }] of RULES.filter(({ count }) => /run|history/.test(count.from)).entries()) {
    const after = evaluateRun(RUN, { past, rules: withBroken(id, THROWN[i % THROWN.length]) });
    const changed = after.rules.filter((rule, at) =>
      JSON.stringify(rule) !== JSON.stringify(before.rules[at])
    );
    assertEquals(changed.map((rule) => [rule.id, rule.outcome, rule.failures]), [[id, "error", null]]);
    assert((changed[0]?.reason ?? "").length > 0);
    assertEquals(after.passed, severity !== "E");
    assertEquals(after.equations, before.equations);
  }
});

Deno.test("what threw or was skipped is in no score; an E rule that threw fails the run, one that was skipped does not", () => {
  for (const outcome of ["error", "skipped"] as const) {
    const verdict = evaluateRun({ ...RUN, uncounted: { C1: { outcome, reason: "why" } } });
    const without = evaluateRun(RUN, { rules: RULES.filter(({ id }) => id !== "C1") });
    assertEquals(verdict.scores, without.scores);
    assertEquals(verdict.passed, outcome === "skipped");
    const rule = verdict.rules.find(({ id }) => id === "C1");
    assertEquals([rule?.outcome, rule?.reason, rule?.failures], [outcome, "why", null]);
  }
});

Deno.test("the page says which rule threw and what, which were skipped and why, and counts them in its last line", () => {
  const reason = "there is no list: run `deno task fetch --metadata`";
  const uncounted = {
    V3: { outcome: "skipped", reason },
    C15: { outcome: "skipped", reason },
    C6: { outcome: "error", reason: "out of \u001b[31mcheese" },
  } as const;
  const text = renderText(makeReport({ uncounted }), { colour: false });
  assertStringIncludes(text, "could not be counted\nC6   W differenceInMinutes");
  assertStringIncludes(text, "C6 threw: out of \\u001b[31mcheese\n");
  assertStringIncludes(text, `2 skipped: V3 C15\nbecause ${reason}\n`);
  assertStringIncludes(text.replaceAll("\n  ", " "), "1 rule threw, 2 rules skipped");
});

Deno.test("a rule that was counted and then was not is a change between two runs", () => {
  const past = (uncounted: typeof RUN.uncounted) => {
    const run = { ...RUN, uncounted };
    return { run, verdict: evaluateRun(run) };
  };
  const then = past({}), now = past({ V3: { outcome: "skipped", reason: "why" } });
  const text = renderChanges({ then, now });
  assert(/V3 +W +a station is in the list, under its number +0 +skipped/.test(text), text);
  assert(/V3 +W .* skipped +0/.test(renderChanges({ then: now, now: then })));
});
