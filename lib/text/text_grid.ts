/** Rows of text in aligned columns. */
import { counted, printable, textWidth } from "../printable.ts";
import { cutText } from "./cut_text.ts";

/** Options of {@linkcode textGrid}. */
interface GridOptions {
  /** Wider cells are cut; by default none are. */
  readonly maxWidth?: number;
  /** Columns of the terminal: the widest columns are cut until lines fit. By default lines are as long as they are. */
  readonly width?: number | undefined;
}

const GAP = "  ";
const LEAST_WIDTH = 6;

/** The head, a rule, and the rows; control characters are spelled out, cut cells end in "…". */
export function textGrid(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { maxWidth = Infinity, width = Infinity }: GridOptions = {},
): string {
  const lines = [head, ...rows].map((row) => row.map((cell) => cutText(printable(cell), maxWidth)));
  const widths = fittingWidths(gridWidths(lines, head.length), width);
  const [first = "", ...rest] = lines.map((line) =>
    line.map((cell, column) => padded(cell, widths[column] ?? 0)).join(GAP).trimEnd()
  );
  return [first, widths.map((columns) => "-".repeat(columns)).join(GAP), ...rest].join("\n");
}

/** The columns that each column of a grid takes. */
function gridWidths(lines: readonly (readonly string[])[], columns: number): number[] {
  const widths = Array.from({ length: columns }, () => 0);
  for (const line of lines) {
    for (const [column, cell] of line.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
    }
  }
  return widths;
}

// The widest column is cut first: it loses the least.
function fittingWidths(widths: number[], width: number): readonly number[] {
  let excess = widths.reduce((sum, columns) => sum + columns + GAP.length, -GAP.length) - width;
  while (excess > 0) {
    const widest = widths.reduce((most, columns, at) => columns > (widths[most] ?? 0) ? at : most, 0);
    if ((widths[widest] ?? 0) <= LEAST_WIDTH) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess--;
  }
  return widths;
}

function padded(cell: string, width: number): string {
  const text = cutText(cell, width);
  return text + " ".repeat(width - textWidth(text));
}

/** "1.2 MB". */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return power === 0 ? counted(bytes, "byte") : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}
