/** A chart of many runs hides none that was bad, and leaves none out. */
import { assertEquals } from "@std/assert";
import { groupRuns, leastOf } from "../../../lib/report/html/run_groups.ts";
import { makeReport } from "../made_up_report.ts";
import { withHistory } from "../made_up_history.ts";

const { history } = withHistory(makeReport(), 1000);

Deno.test("each run is in one group, in order, the newest alone; few runs stay apart", () => {
  for (const count of [1, 2, 119, 120, 121, 239, 240, 999, 1000]) {
    const runs = history.slice(0, count);
    const groups = groupRuns(runs, 120);
    assertEquals(groups.flatMap((group) => group.runs), runs);
    assertEquals([groups.at(-1)?.runs.length, groups.length <= 120], [1, true]);
    const sizes = new Set(groups.slice(1, -1).map((group) => group.runs.length));
    assertEquals([count, sizes.size <= 1, count > 120 || groups.length === count], [count, true, true]);
  }
  assertEquals(groupRuns([], 120), []);
});

Deno.test("a group has the least of its runs, what was not counted aside, and all that failed", () => {
  const [group] = groupRuns(history, 2);
  const values = new Map(history.map((run, at) => [run, at % 3 === 0 ? null : 7 + (at * 31) % 50]));
  const known = [...values].slice(0, -1).flatMap(([, value]) => value === null ? [] : [value]);
  assertEquals(group && leastOf(group, (run) => values.get(run) ?? null), Math.min(...known));
  assertEquals(group && leastOf(group, () => null), null);
  const failed = history.slice(0, -1).filter(({ verdict }) => !verdict.passed).length;
  assertEquals([group?.failed, group?.runs.length], [failed, 999]);
});
