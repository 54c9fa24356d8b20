import { assertEquals } from "@std/assert";
import { CHANGE_RULES } from "../../lib/quality/rules/change_rules.ts";
import { MEASURES } from "../../lib/tables/measures.ts";
import { makeReport } from "../report/made_up_report.ts";

Deno.test("A2 says for each horizon which share of the estimates came true, and nothing where there were none", () => {
  const counts = { [MEASURES.messages]: 9, [`${MEASURES.estimates}.0-3`]: 8, [`${MEASURES.off}.0-3`]: 2 };
  const { count } = CHANGE_RULES.find(({ id }) => id === "A2") ?? {};
  if (count?.from !== "batches") throw new Error("A2 counts no batches");
  const found = count.measure({ run: makeReport().run, since: counts, recent: counts, overall: counts });
  assertEquals([found?.failures, found?.units], [2, 8]);
  assertEquals(found?.figures?.map(({ name, value }) => [name, value]), [
    ["0-3 min", 75],
    ["3-6 min", null],
    ["6-12 min", null],
    ["12-30 min", null],
  ]);
});
