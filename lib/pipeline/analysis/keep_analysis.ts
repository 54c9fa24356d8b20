/** Keeps the analysis tables at the standard table; loads what that takes only when they are behind it. */
import { getLogger } from "../../packages/logtape.ts";
import { outdatedDates } from "../../analysis/outdated_dates.ts";
import type { UpdateOptions } from "../../analysis/update_analysis.ts";
import { counted } from "../../printable.ts";
import type { Lake } from "../../tables/lake.ts";
import type { AnalysisWork } from "./analysis_work.ts";

/** A batch changes so many at most without a word in the log; it is more when the tables are new, or were deleted. */
const DATES_UNTOLD = 64;
/** Fewer are not worth three commits of their own. */
const DATES_ASIDE = 12;
const log = getLogger(["ratalake", "analysis"]);

/** What it works on. */
export interface AnalysisRun {
  readonly lake: Pick<Lake, "standard" | "analysis">;
  readonly analysis: AnalysisWork;
  readonly surroundings: Pick<UpdateOptions, "signal" | "releaseMemory">;
}

/**
 * Brings all three tables to the version of the standard table that the lake knows.
 *
 * @throws {CommitConflictError} when other writers won every race that a table allows
 */
export async function keepAnalysis(run: AnalysisRun): Promise<void> {
  await run.analysis.finish();
  const { analysis, standard: { delta: standard } } = run.lake;
  if (analysis === undefined) return;
  const isBehind = Object.values(analysis).some(({ snapshot }) =>
    outdatedDates(standard.snapshot, snapshot).length > 0
  );
  if (isBehind) await bringForward(run);
}

/**
 * After a batch: batches of a backlog often have trains of the same dates, so that each date is written once for many of
 * them, as soon as one leaves it alone. That is done while the next batch is on its way, and when memory is full at once.
 *
 * @throws {CommitConflictError} when other writers won every race that a table allows
 */
export async function keepWhatIsDone(run: AnalysisRun): Promise<void> {
  const { lake, analysis } = run;
  if (lake.analysis === undefined) return;
  const facts = await analysis.facts();
  const left = facts.endBatch();
  if (facts.isFull) {
    await keepAnalysis(run);
    // The tables have it, from here or from another process that was faster.
    facts.forget();
  } else if (!analysis.isBusy && left.size >= DATES_ASIDE) {
    analysis.begin(async () => {
      await bringForward(run, new Set(left.keys()));
      facts.forget([...left.values()].flat());
    });
  }
}

async function bringForward(
  { lake, analysis: work, surroundings }: AnalysisRun,
  dates?: ReadonlySet<string>,
) {
  const { analysis, standard: { delta: standard } } = lake;
  if (analysis === undefined) return;
  const { updateAnalysis } = await import("../../analysis/update_analysis.ts");
  const onDates = (total: number, done: number) => {
    if (total <= DATES_UNTOLD) return;
    log.info("Worked out {done} of {dates} for the analysis tables", {
      done,
      dates: counted(total, "departure date"),
    });
  };
  await updateAnalysis({ standard, analysis }, {
    facts: await work.facts(),
    ...surroundings,
    dates,
    onDates,
  });
}
