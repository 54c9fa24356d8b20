/** The limits of punctuality: one place says them to the report, to the analysis tables and to the answers. */
import { assertEquals } from "@std/assert";
import { kindOf, lateFromSeconds, TRAIN_KINDS } from "../../../lib/tables/rows/train_kinds.ts";

Deno.test("a category is late at a stop from where on its trains are late at their final station", () => {
  const limits = [["Long-distance", 301], ["Commuter", 180], ["Cargo", 1801]] as const;
  for (const [category, from] of limits) {
    assertEquals([category, lateFromSeconds(category)], [category, from]);
    for (const line of ["", "A", "Z"]) {
      const kind = kindOf(category, line);
      const isOnTime = kind === null ? undefined : TRAIN_KINDS[kind].isOnTime;
      assertEquals([isOnTime?.(from - 1, 0), isOnTime?.(from, 0)], [true, false]);
    }
  }
});

Deno.test("a category of which nothing is published is late as a long-distance train", () => {
  for (const category of ["Shunting", "constructor", "", undefined]) {
    assertEquals([category, kindOf(category, "A"), lateFromSeconds(category)], [category, null, 301]);
  }
});
