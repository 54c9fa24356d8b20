/** What a back-fill did, or would do, for people. */
import { counted } from "../../printable.ts";
import { formatSize } from "../../report/text_table.ts";
import { describeDuration } from "./backfill_progress.ts";
import type { BackfillSummary } from "./backfill_counts.ts";
import { type BackfillPlan, datesOf, describeDates } from "./plan_backfill.ts";

/** Days by what became of them, then what was published; with the way on where there is one. */
export function describeBackfill(summary: BackfillSummary): string {
  const { days, before, done, empty, failed, left, trains, others, sizeBytes, requests } = summary;
  const parts = [
    `${done} done`,
    ...before === 0 ? [] : [`${before} done before`],
    ...empty.length === 0 ? [] : [`${empty.length} without trains (${describeDates(empty)})`],
    ...failed.length === 0
      ? []
      : [`${failed.length} failed (${describeDates(failed.map(({ date }) => date))})`],
    ...left === 0 ? [] : [`${left} left`],
  ];
  const ofOthers = others === 0 ? "" : `, ${others} of them of other departure dates`;
  const took = `${counted(requests, "request")}, ${describeDuration(summary.durationSeconds)}`;
  const published = `${counted(trains, "train")} published (${formatSize(sizeBytes)})${ofOthers}; ${took}`;
  return `Back-filled ${counted(days, "day")}: ${parts.join(", ")}; ${published}.${adviceOf(summary)}`;
}

/** What is missing, and what it takes to get it. */
export function describePlan({ days, before, errands }: BackfillPlan): string {
  const missing = errands.flatMap(datesOf);
  const had = before === 0 ? "" : `, ${before} of them done`;
  if (missing.length === 0) return `${counted(days, "day")}${had}: nothing to fetch`;
  const archives = errands.filter(({ kind }) => kind === "archive").length;
  const ofThem = archives === 0 ? "" : ` (${counted(archives, "monthly archive")})`;
  return `${counted(days, "day")}${had}: ${counted(missing.length, "day")} missing (${
    describeDates(missing)
  }), ${counted(errands.length, "request")}${ofThem}`;
}

function adviceOf({ done, empty, failed, left }: BackfillSummary): string {
  const advice = [
    ...failed.length + left > 0 ? ["The same command goes on from here"] : [],
    ...empty.length > 0
      ? ["What the API has no trains of by date may be in its monthly archives (`--archives`)"]
      : [],
    ...done > 0 ? ["`deno task process` ingests what was published"] : [],
  ];
  return advice.map((text) => ` ${text}.`).join("");
}
