/** Reads what the headlines are made of: few columns of two analysis tables, and the stations' names if they are there. */
import { headlines } from "../../answers/headlines.ts";
import type { Columns, Row, RowValue } from "../../delta/mod.ts";
import { TrainRows, YES } from "../../tables/rows/train_rows.ts";
import { ANALYSIS_PATHS } from "../../tables/table_paths.ts";
import { type AnswerSource, openKnown, readFileColumns } from "../answers/read_analysis.ts";
import { readNames } from "../answers/read_names.ts";

/** What is asked of a table, by what it holds. */
interface AskedColumns {
  readonly texts: readonly string[];
  readonly numbers: readonly string[];
  readonly flags: readonly string[];
}

const RUN_COLUMNS: AskedColumns = {
  texts: ["trainType", "commuterLineID", "trainCategory", "worstDelayStation"],
  numbers: ["trainNumber", "arrivalDelaySeconds", "worstDelaySeconds"],
  flags: ["cancelled", "partiallyCancelled"],
};
const LEG_COLUMNS: AskedColumns = {
  texts: ["fromStation", "toStation"],
  numbers: ["delayAddedSeconds"],
  flags: [],
};

/** The lines; none when there is nothing to tell. */
export async function readHeadlines(source: AnswerSource): Promise<readonly string[]> {
  const [runs, legs, names] = await Promise.all([
    readRows(source, ANALYSIS_PATHS.train_runs, RUN_COLUMNS),
    readRows(source, ANALYSIS_PATHS.leg_delays, LEG_COLUMNS),
    readNames(source, "stations"),
  ]);
  return headlines({ runs, legs, stationNames: names ?? new Map() });
}

async function readRows(source: AnswerSource, path: string, asked: AskedColumns): Promise<readonly Row[]> {
  const table = await openKnown(source, path);
  if (table === null) return [];
  const { texts, numbers, flags } = asked, columns = [...texts, ...numbers, ...flags];
  const files = await Promise.all(
    table.snapshot.files.values().map((add) => readFileColumns(table, add, columns)),
  );
  return files.flatMap((file) => rowsOf(file, asked));
}

/** A few thousand rows as objects; what rows of any type cost would be seen at the end of the demo. */
function rowsOf(columns: Columns, { texts, numbers, flags }: AskedColumns): readonly Row[] {
  const rows = new TrainRows(columns);
  const cells: (readonly [string, (row: number) => RowValue])[] = [];
  for (const name of texts) {
    const { codes, words } = rows.text(name);
    cells.push([name, (row) => words[codes[row] ?? -1] ?? null]);
  }
  for (const name of numbers) {
    const values = rows.number(name);
    cells.push([name, (row) => Number.isNaN(values[row] ?? NaN) ? null : values[row] ?? null]);
  }
  for (const name of flags) {
    const values = rows.flag(name);
    cells.push([name, (row) => values[row] === YES]);
  }
  return Array.from(
    { length: rows.rows },
    (_, row) => Object.fromEntries(cells.map(([name, cell]) => [name, cell(row)])),
  );
}
