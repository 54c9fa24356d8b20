import { assertEquals, assertStringIncludes } from "@std/assert";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { PastRun } from "../../lib/report/build_report.ts";
import { renderChanges } from "../../lib/report/render_changes.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { makeReport } from "./made_up_report.ts";

const RUN = makeReport().run;

function pastRun(changes: Partial<RunRecord>): PastRun {
  const run = { ...RUN, ...changes };
  return { run, verdict: evaluateRun(run) };
}

Deno.test("what has changed between two runs is told with both numbers, what has not is left out", () => {
  const now = pastRun({
    generatedAt: new Date("2025-02-18T05:00:00Z"),
    account: {
      ...RUN.account,
      offsets: 1350,
      landed: 1334,
      accepted: 1100,
      landingRows: 1334,
      rowsAdded: 55_000,
      standardRows: 54_000,
    },
    duplicateRecords: 27,
    anomalies: { ...RUN.anomalies, actualTime_out_of_order: 27 },
    quarantineReasons: {},
  });
  assertEquals(
    renderChanges({ then: pastRun({}), now }, { colour: false }),
    `Changes between two runs
then  run of 2025-02-17T05:00:00.000Z, PASSED
now   run of 2025-02-18T05:00:00.000Z, FAILED, 24 h later

Messages and rows
                              then     now  change
messages landed              1,234   1,334    +100
accepted                     1,000   1,100    +100
rows of the standard table  49,000  54,000  +5,000

Scores
            then    now  change
uniqueness   100  99.98   -0.02

Rules
id     failures of                                 then  now  change
U1  E  rows of one train are unique                   0   27     +27
C2  W  actualTime never decreases along the route     0   27     +27`.replace(
      / {2}1,234 {3}1,334/,
      "  1,234   1,334",
    ),
  );
});

Deno.test("runs that are alike have no changes; other rules are told", () => {
  const same = renderChanges({ then: pastRun({}), now: pastRun({}) }, { colour: false });
  assertEquals(same.match(/nothing has changed/g)?.length, 3);
  const other = renderChanges({ then: pastRun({ ruleSet: "older" }), now: pastRun({}) }, { colour: false });
  assertStringIncludes(other, "the rules have changed between the two");
});
