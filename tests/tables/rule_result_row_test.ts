import { assertEquals } from "@std/assert";
import { resultRow, RESULTS_SCHEMA } from "../../lib/tables/rule_result_row.ts";
import { MADE_UP_RESULT } from "./made_up_result.ts";

Deno.test("the share of a result is that of its units, and null where there are none or nobody counted", () => {
  const cases = [[1, 4, 0.25], [0, 4, 0], [0, 0, null], [null, 4, null], [1, null, null]] as const;
  for (const [failed, units, share] of cases) {
    assertEquals(resultRow({ ...MADE_UP_RESULT, failed, units }).share, share);
  }
});

Deno.test("lists of results may hold nothing, as other engines write them", () => {
  const lists = RESULTS_SCHEMA.fields.flatMap(({ type }) =>
    typeof type === "object" && type.type === "array" ? [type.containsNull] : []
  );
  assertEquals(lists, [true, true]);
});
