/** Keeps the analysis tables at the standard table; loads what that takes only when they are behind it. */
import { getLogger } from "../../packages/logtape.ts";
import { outdatedDates } from "../../analysis/outdated_dates.ts";
import type { UpdateOptions } from "../../analysis/update_analysis.ts";
import type { DeltaTable } from "../../delta/mod.ts";
import { counted } from "../../printable.ts";
import type { Lake } from "../../tables/lake.ts";
import type { AnalysisWork } from "./analysis_work.ts";
import { marksUpTo, unseenRanges } from "./seen_marks.ts";

/** A batch changes so many at most without a word in the log; it is more when the tables are new, or were deleted. */
const DATES_UNTOLD = 64;
/** So many at most are looked through again without a word. */
const MESSAGES_UNTOLD = 10_000;
/** Fewer are not worth three commits of their own. */
const DATES_ASIDE = 12;
const log = getLogger(["ratalake", "analysis"]);

/** What it works on. */
export interface AnalysisRun {
  readonly lake: Pick<Lake, "topic" | "landing" | "quarantine" | "standard" | "analysis">;
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
  await bringAllForward(run);
}

/** The same, for who does it beside batches; it must not run twice at a time. */
export async function bringAllForward(run: AnalysisRun): Promise<void> {
  const { analysis, standard: { delta: standard } } = run.lake;
  if (analysis === undefined) return;
  const { train_runs: { snapshot: beside } } = analysis;
  const isBehind = Object.entries(analysis).some(([name, { snapshot }]) =>
    outdatedDates(standard.snapshot, snapshot, name === "station_days" ? { beside } : {}).length > 0
  );
  const marks = marksUpTo(run.lake, analysis.train_runs);
  if (!isBehind && marks(analysis.train_runs.snapshot).length === 0) return;
  const isAllSeen = await seeUnseen(run, analysis.train_runs);
  await bringForward(run, { marks: isAllSeen ? marks : undefined });
}

/**
 * A crash, an older version or another process may have left messages that nobody looked at for these tables. False
 * when it was stopped before it had looked at all of them.
 */
async function seeUnseen(
  { lake, analysis: work, surroundings }: AnalysisRun,
  trainRuns: DeltaTable,
): Promise<boolean> {
  const unseen = unseenRanges(lake, trainRuns, work);
  if (unseen.length === 0) return true;
  const messages = unseen.reduce((sum, { from, to }) => sum + Number(to - from), 0);
  if (messages > MESSAGES_UNTOLD) {
    log.info("Looking through {messages} for when trains were first seen", {
      messages: counted(messages, "message"),
    });
  }
  const { seeLanded } = await import("./see_landed.ts");
  return await seeLanded(unseen, work, { lake, ...surroundings });
}

/**
 * After a batch: batches of a backlog often have trains of the same dates, so that each date is written once for many of
 * them, as soon as one leaves it alone. That is done while the next batch is on its way, and when memory is full at once.
 *
 * @throws {CommitConflictError} when other writers won every race that a table allows
 */
export async function keepWhatIsDone(run: AnalysisRun): Promise<void> {
  const { lake, analysis } = run;
  if (lake.analysis === undefined || !analysis.keepsFacts) return;
  const facts = await analysis.facts();
  const left = facts.endBatch();
  if (facts.isFull) {
    await keepAnalysis(run);
    // The tables have it, from here or from another process that was faster.
    facts.forget();
  } else if (!analysis.isBusy && left.size >= DATES_ASIDE) {
    analysis.begin(async () => {
      await bringForward(run, { dates: new Set(left.keys()) });
      facts.forget([...left.values()].flat());
    });
  }
}

async function bringForward(
  { lake, analysis: work, surroundings }: AnalysisRun,
  options: Pick<UpdateOptions, "dates" | "marks">,
): Promise<void> {
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
  const facts = await work.facts();
  const seen = { sightings: work.sightings.take(options.dates), tracks: work.tracks.take(options.dates) };
  await updateAnalysis({ standard, analysis }, { facts, ...seen, ...surroundings, ...options, onDates });
  // Stopped between two dates: what was seen of the others is in no table, and the run may have an end that goes on.
  if (surroundings.signal.aborted) work.startOver();
}
