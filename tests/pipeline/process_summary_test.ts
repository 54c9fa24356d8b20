/** What a run says of itself, for each way in which it can end. */
import { assertEquals } from "@std/assert";
import { describeLoss, describeProcess, type ProcessSummary } from "../../lib/pipeline/process_summary.ts";
import { makeReport } from "../report/made_up_report.ts";

const ACCOUNT = { accepted: 1200, duplicate: 30, stale: 4, quarantined: 5, standardRows: 50_000 };

function summary(overrides: Partial<ProcessSummary>, newlyExpired = 0): ProcessSummary {
  const { run } = makeReport();
  const mine = { ...run, newlyExpired, account: { ...run.account, ...ACCOUNT } };
  return { batches: 1, messages: 639, caughtUp: 0, outcome: "done", run: mine, ...overrides };
}

const SAYS: readonly (readonly [ProcessSummary, string])[] = [
  [
    summary({}),
    "639 messages ingested in 1 batch; in all 1,200 accepted, 30 duplicate, 4 stale, 5 quarantined; " +
    "50,000 timetable rows",
  ],
  [
    summary({ batches: 2, caughtUp: 1 }),
    "639 messages ingested in 2 batches; 1 message of an earlier run merged; in all 1,200 accepted, 30 duplicate, " +
    "4 stale, 5 quarantined; 50,000 timetable rows",
  ],
  [
    summary({ outcome: "interrupted", run: null, messages: 1 }),
    "stopped: 1 message ingested in 1 batch, committed; the next run goes on from there",
  ],
  [
    summary({ outcome: "no topic", run: null, messages: 0, batches: 0 }),
    "nothing to ingest: the topic does not exist yet; `deno task fetch` or `deno task replay` creates it",
  ],
];

for (const [found, text] of SAYS) {
  Deno.test(`a run says: ${text}`, () => {
    assertEquals([describeProcess(found), describeLoss(found)], [text, null]);
  });
}

Deno.test("a run that finds expired offsets says how many, and what to do; one that is not done has found none", () => {
  assertEquals(
    describeLoss(summary({}, 1)),
    "1 offset expired: the broker's retention deleted messages before they were landed; run process more often, or " +
      "raise the topic's retention. `deno task fetch --full` publishes the live trains again, `deno task replay` " +
      "recorded ones",
  );
  assertEquals(describeLoss(summary({ outcome: "interrupted", run: null })), null);
});
