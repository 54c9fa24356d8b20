import { assertEquals } from "@std/assert";
import { appendFile, createTable, MemoryStore } from "../../../lib/delta/mod.ts";
import { readLimitsUsed } from "../../../lib/quality/results/read_limits_used.ts";
import { resultRow, RESULTS_SCHEMA, type Threshold } from "../../../lib/tables/rule_result_row.ts";
import { testContext } from "../../delta/test_context.ts";
import { makeReport } from "../../report/made_up_report.ts";

const RUN = makeReport().run;
const GOOD: Threshold = { severity: "E", operator: "mustBeLessThan", value: 7, unit: "rows" };

Deno.test("limits that another writer has written are taken only where they are limits", async () => {
  const table = await createTable(new MemoryStore(), { schema: RESULTS_SCHEMA }, testContext());
  const wrong: readonly Partial<Threshold>[] = [
    { severity: "fatal" },
    { operator: "mustNotBe" },
    { value: -1 },
    { value: NaN },
    { unit: "trains" },
  ];
  const rows = wrong.flatMap((each) => [{ ...GOOD, ...each }]).concat(GOOD);
  const row = resultRow({
    runId: RUN.runId,
    topic: RUN.topic,
    generatedAt: RUN.generatedAt,
    ruleId: "C2",
    ruleSet: null,
    segment: null,
    dimension: "consistency",
    severity: "E",
    grain: "row",
    outcome: "passed",
    failed: 0,
    units: 1,
    thresholds: rows,
    observed: null,
    expected: null,
    samples: [],
    schemaPolicy: null,
    tableVersions: {},
    durationSeconds: null,
  });
  await appendFile(table, await table.stageRows([row]), { rows: 1 });
  assertEquals([...await readLimitsUsed(table, RUN) ?? []], [["C2", [GOOD]]]);
});
