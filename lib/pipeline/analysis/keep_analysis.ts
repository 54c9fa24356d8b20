/** Keeps the analysis tables at the standard table; loads what that takes only when they are behind it. */
import { getLogger } from "../../packages/logtape.ts";
import type { FileFacts } from "../../analysis/file_facts.ts";
import { outdatedDates } from "../../analysis/outdated_dates.ts";
import { counted } from "../../printable.ts";
import type { ProcessRun, Surroundings } from "../process_run.ts";

/** A batch changes so many at most without a word in the log; it is more when the tables are new, or were deleted. */
const DATES_UNTOLD = 64;
const log = getLogger(["ratalake", "analysis"]);

/** What it works on. */
export interface AnalysisRun extends Pick<ProcessRun, "lake" | "facts"> {
  readonly surroundings: Pick<Surroundings, "signal" | "releaseMemory">;
}

/** What was worked out of rows at hand: made when it is first asked for, and once. */
export function factsSource(): () => Promise<FileFacts> {
  let facts: Promise<FileFacts> | undefined;
  return () => facts ??= import("../../analysis/file_facts.ts").then(({ FileFacts }) => new FileFacts());
}

/**
 * Brings all three tables to the version of the standard table that the lake knows.
 *
 * @throws {CommitConflictError} when other writers won every race that a table allows
 */
export async function keepAnalysis({ lake, facts, surroundings }: AnalysisRun): Promise<void> {
  const { analysis, standard: { delta: standard } } = lake;
  if (analysis === undefined) return;
  const isBehind = Object.values(analysis).some(({ snapshot }) =>
    outdatedDates(standard.snapshot, snapshot).length > 0
  );
  if (!isBehind) return;
  const { updateAnalysis } = await import("../../analysis/update_analysis.ts");
  const onDates = (total: number, done: number) => {
    if (total <= DATES_UNTOLD) return;
    log.info("Worked out {done} of {dates} for the analysis tables", {
      done,
      dates: counted(total, "departure date"),
    });
  };
  await updateAnalysis({ standard, analysis }, { facts: await facts(), ...surroundings, onDates });
}
