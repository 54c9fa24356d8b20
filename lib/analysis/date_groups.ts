/** Which departure dates are worked out together, so that memory stays flat however many are outdated. */
import type { Add, DeltaTable } from "../delta/mod.ts";

/** A date, and the files of the standard table that it is worked out of. */
export interface DatedFiles {
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly files: readonly Add[];
}

/** Dates in one commit: so much work at most is lost by a kill. */
const MOST_DATES = 64;
/** Rows of the standard table whose facts are in memory together, some fifty bytes each; a full day has about 50,000. */
const MOST_ROWS = 600_000;

/** The dates one group after another, in their order; a date that has more than `mostRows` rows is alone. */
export async function* dateGroups(
  standard: Pick<DeltaTable, "countRows">,
  dates: readonly DatedFiles[],
  mostRows = MOST_ROWS,
): AsyncGenerator<ReadonlySet<string>> {
  let group = new Set<string>(), rows = 0;
  for (const { date, files } of dates) {
    let more = 0;
    for (const add of files) more += await standard.countRows(add);
    if (group.size === MOST_DATES || (group.size > 0 && rows + more > mostRows)) {
      yield group;
      [group, rows] = [new Set(), 0];
    }
    group.add(date);
    rows += more;
  }
  if (group.size > 0) yield group;
}
