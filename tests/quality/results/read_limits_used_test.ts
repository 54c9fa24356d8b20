import { assertEquals } from "@std/assert";
import { appendFile, createTable, MemoryStore } from "../../../lib/delta/mod.ts";
import { readLimitsUsed } from "../../../lib/quality/results/read_limits_used.ts";
import { resultRow, RESULTS_SCHEMA, type Threshold } from "../../../lib/tables/rule_result_row.ts";
import { testContext } from "../../delta/test_context.ts";
import { MADE_UP_RESULT } from "../../tables/made_up_result.ts";
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
  const thresholds = wrong.map((each) => ({ ...GOOD, ...each })).concat(GOOD);
  const { runId, topic, generatedAt } = RUN;
  const row = resultRow({ ...MADE_UP_RESULT, runId, topic, generatedAt, ruleId: "C2", thresholds });
  await appendFile(table, await table.stageRows([row]), { rows: 1 });
  assertEquals([...await readLimitsUsed(table, RUN) ?? []], [["C2", [GOOD]]]);
});
