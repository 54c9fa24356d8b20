/** Groups of trains with a figure each as bars, in an order that somebody else has chosen: shares, or seconds. */
import { barRows } from "./bar_rows.ts";
import { counted } from "../printable.ts";
import type { Chart, ChartNumbers } from "./chart.ts";

/** A group. */
export interface ValueBar {
  readonly label: string;
  /** Null where it has none. */
  readonly value: number | null;
  /** A second figure, as a stroke. */
  readonly mark?: number | null;
  readonly isLate?: boolean;
  readonly text: string;
}

/** What stands around the bars. */
export interface ValueBarsOptions {
  readonly id: string;
  readonly finding: string;
  readonly note: string;
  readonly numbers: ChartNumbers;
  readonly limit?: { readonly value: number; readonly text: string } | undefined;
  /** How much of the values is one to people. */
  readonly unit: number;
  /** Room for the labels of wide screens. */
  readonly labelWidth?: number;
}

const SHOWN = 60;

/** Draws the first of them, and says of how many there was no room; without any the finding stands alone. */
export function valueBars(
  bars: readonly ValueBar[],
  { limit, unit, labelWidth = 220, note, ...texts }: ValueBarsOptions,
): Chart {
  const rows = bars.slice(0, SHOWN).map(({ label, value, mark = null, isLate = false, text }) => ({
    ...{ label, value, mark, text },
    look: isLate ? "hollow" as const : "fill" as const,
  }));
  const more = bars.length - rows.length;
  return {
    ...texts,
    note: more === 0 ? note : `${note} The first ${SHOWN}; ${counted(more, "other")} in the numbers alone.`,
    pictures: rows.length === 0 ? [] : barRows(rows, { limit, unit, labelWidth }),
  };
}
