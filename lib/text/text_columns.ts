/** Columns of text that fit a terminal: numbers stay whole, names are cut, what matters least is left out. */
import { cutText } from "./cut_text.ts";
import { printable, textWidth } from "../printable.ts";

/** A column, from its head down. */
export interface TextColumn {
  readonly head: string;
  readonly cells: readonly string[];
  /** Names stand left and may be cut; all else stands right. */
  readonly isName?: boolean;
  /** A name is cut to so many columns at most. */
  readonly least?: number;
  /** Left out of narrow terminals, the highest first; absent: never. */
  readonly leaveOut?: number;
}

const LEAST_NAME = 6;

/** Lines of at most `width` columns as far as that goes; control characters are spelled out. */
export function textColumns(given: readonly TextColumn[], width: number): string {
  let columns = given.map(measured);
  for (;;) {
    const least = columns.reduce(
      (sum, each) => sum + (each.isName ? Math.min(each.width, leastOf(each)) : each.width) + 1,
      -1,
    );
    const last = columns.reduce<Measured | null>(
      (found, each) => (each.leaveOut ?? 0) > (found?.leaveOut ?? 0) ? each : found,
      null,
    );
    if (least <= width || last === null) break;
    columns = columns.filter((each) => each !== last);
  }
  const whole = columns.reduce((sum, each) => sum + each.width, 0);
  const gap = whole + 2 * (columns.length - 1) <= width ? 2 : 1;
  const fitting = cutNames(columns, width - gap * (columns.length - 1) - whole);
  const rows = columns[0]?.lines.length ?? 0;
  return Array.from(
    { length: rows },
    (_, row) => fitting.map((each) => placed(each, each.lines[row] ?? "")).join(" ".repeat(gap)).trimEnd(),
  ).join("\n");
}

function leastOf({ least = LEAST_NAME }: TextColumn): number {
  return least;
}

interface Measured extends TextColumn {
  readonly lines: readonly string[];
  readonly width: number;
}

function measured(column: TextColumn): Measured {
  const lines = [column.head, ...column.cells].map((cell) => printable(cell));
  return { ...column, lines, width: lines.reduce((most, line) => Math.max(most, textWidth(line)), 0) };
}

/** Takes from the widest name as long as room is below 0. */
function cutNames(columns: readonly Measured[], room: number): readonly Measured[] {
  if (room >= 0) return columns;
  const widest = columns.reduce<Measured | null>(
    (found, each) => each.isName && each.width > Math.max(leastOf(each), found?.width ?? 0) ? each : found,
    null,
  );
  if (widest === null) return columns;
  return cutNames(
    columns.map((each) => each === widest ? { ...each, width: each.width - 1 } : each),
    room + 1,
  );
}

function placed({ isName = false, width }: Measured, text: string): string {
  const cut = cutText(text, width), blanks = " ".repeat(Math.max(0, width - textWidth(cut)));
  return isName ? cut + blanks : blanks + cut;
}
