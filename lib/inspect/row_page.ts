/** The page that `table cat` shows of rows: as many columns as fit, and what is not shown. */
import { counted, grouped, printable, textWidth } from "../printable.ts";
import { textGrid } from "../text/text_grid.ts";

/** Rows that are shown, and what is known of the others. */
interface PageRows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of the table, or of those that a condition takes; undefined when nobody has counted. */
  readonly total: number | undefined;
  /** True when there may be rows that are not shown. */
  readonly mayBeMore: boolean;
  /** How to see columns that do not fit; by default by the flag of `table cat`. */
  readonly advice?: string;
}

/** Wider cells are cut, whatever the terminal. */
const CELL_WIDTH = 60;
/** What cells are cut to so that all columns fit; where that does not help, cells have the last and columns are left out. */
const CAPS = [CELL_WIDTH, 40, 30, 24, 20, 16];
const GAP = 2;

/** The rows as a page; `width` is that of the terminal, undefined when it goes elsewhere: then all columns are there. */
export function rowPage(
  { names, rows, total, mayBeMore, advice = "see --columns" }: PageRows,
  width: number | undefined,
): string {
  const { cap, columns } = fit([names, ...rows], width ?? Infinity);
  const shown = rows.map((row) => row.slice(0, columns));
  const grid = textGrid(names.slice(0, columns), shown, { maxWidth: cap, width });
  const rest = names.slice(columns);
  const head = `${counted(rest.length, "more column")}, ${advice}: `;
  const left = rest.length === 0 ? [] : [head + listed(rest, (width ?? Infinity) - head.length)];
  return [grid, "", rowCount(rows.length, total, mayBeMore), ...left].join("\n");
}

interface Fit {
  readonly cap: number;
  readonly columns: number;
}

function fit(lines: readonly (readonly string[])[], width: number): Fit {
  const widths = (lines[0] ?? []).map((_, column) =>
    lines.reduce((widest, line) => Math.max(widest, textWidth(printable(line[column] ?? ""))), 0)
  );
  const total = (cap: number, columns: number) =>
    widths.slice(0, columns).reduce((sum, one) => sum + Math.min(cap, one) + GAP, -GAP);
  const cap = CAPS.find((most) => total(most, widths.length) <= width);
  if (cap !== undefined) return { cap, columns: widths.length };
  const narrow = CAPS.at(-1) ?? CELL_WIDTH;
  let columns = 1;
  while (columns < widths.length && total(narrow, columns + 1) <= width) columns++;
  // What the columns leave of the line goes to their cells.
  const roomier = CAPS.find((most) => total(most, columns) <= width) ?? narrow;
  return { cap: roomier, columns };
}

function rowCount(shown: number, total: number | undefined, mayBeMore: boolean): string {
  if (total !== undefined && total > shown) {
    return `${grouped(shown)} of ${counted(total, "row")}, see --limit`;
  }
  const isKnown = total !== undefined || !mayBeMore;
  return isKnown
    ? counted(shown, "row")
    : `the first ${counted(shown, "row")}, there may be more, see --limit`;
}

// What is left of the line is enough to find the one that is meant.
function listed(names: readonly string[], width: number): string {
  const kept: string[] = [];
  let left = width - "... ".length;
  for (const name of names) {
    left -= name.length + 2;
    if (left < 0) return `${kept.join(", ")}${kept.length > 0 ? ", " : ""}...`;
    kept.push(printable(name));
  }
  return kept.join(", ");
}
