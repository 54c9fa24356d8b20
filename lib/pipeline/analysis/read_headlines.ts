/** Reads what the headlines are made of: the columns of two analysis tables that punctuality and charts read too. */
import { type HeadlineFigures, headlines } from "../../answers/headlines.ts";
import { LEG_COLUMNS, LegCounter } from "../../answers/pictures/leg_rows.ts";
import type { Columns } from "../../delta/mod.ts";
import { PICTURED_RUN_COLUMNS, type PicturedRun, picturedRuns } from "../../answers/pictures/run_rows.ts";
import { PunctualityCounter } from "../../answers/punctuality/punctuality.ts";
import { ANALYSIS_PATHS } from "../../tables/table_paths.ts";
import { type AnswerSource, dateOf, openKnown, readFileColumns } from "../answers/read_analysis.ts";
import { readPlaces } from "../pictures/read_places.ts";

/** The lines; none when there is nothing to tell. */
export async function readHeadlines(source: AnswerSource): Promise<readonly string[]> {
  const [trains, { nameOf }] = await Promise.all([readTrains(source), readPlaces(source)]);
  const legsDate = trains.dates.toSorted().at(-1);
  const counter = await countLegs(source, legsDate);
  return headlines({ ...trains, legs: counter.ranked(nameOf), legsDate: legsDate ?? "", nameOf });
}

interface Trains extends Pick<HeadlineFigures, "punctuality" | "runs"> {
  readonly dates: readonly string[];
}

async function readTrains(source: AnswerSource): Promise<Trains> {
  const counter = new PunctualityCounter({ by: "category", category: "long-distance" });
  const runs: PicturedRun[] = [], dates: string[] = [];
  await eachFile(
    source,
    { path: ANALYSIS_PATHS.train_runs, names: PICTURED_RUN_COLUMNS },
    (columns, date) => {
      counter.add(date, columns);
      for (const run of picturedRuns(date ?? "", columns)) runs.push(run);
      if (date !== null) dates.push(date);
    },
  );
  return { punctuality: counter.result().all, runs, dates };
}

/** As `deno task charts` does: of the newest date. */
async function countLegs(source: AnswerSource, newest: string | undefined): Promise<LegCounter> {
  const counter = new LegCounter();
  await eachFile(
    source,
    { path: ANALYSIS_PATHS.leg_delays, names: LEG_COLUMNS, date: newest },
    (columns) => counter.add(columns),
  );
  return counter;
}

interface AskedFiles {
  readonly path: string;
  readonly names: readonly string[];
  /** Only of this date. */
  readonly date?: string | undefined;
}

async function eachFile(
  source: AnswerSource,
  { path, names, date: asked }: AskedFiles,
  take: (columns: Columns, date: string | null) => void,
): Promise<void> {
  const table = await openKnown(source, path);
  if (table === null) return;
  for (const add of table.snapshot.files.values()) {
    const date = dateOf(add);
    if (asked === undefined || asked === date) take(await readFileColumns(table, add, names), date);
  }
}
