/** Where trains lose their time: legs with the delay that they add, the worst first. */
import { counted } from "../printable.ts";
import { barRows } from "./bar_rows.ts";
import type { Chart } from "./chart.ts";
import { FEW_TRAINS } from "./few_trains.ts";
import { delayText } from "../text/delay_text.ts";

/** What the trains of a category lost between two neighbouring stations, in one direction. */
export interface RankedLeg {
  readonly category: string;
  readonly from: string;
  readonly to: string;
  readonly trains: number;
  /** Per train, below 0 where they caught up. */
  readonly meanSeconds: number;
  readonly medianSeconds: number;
}

const SHOWN = 12;

/** Legs in whatever order. */
export function rankedLegs(
  legs: readonly RankedLeg[],
  { id, when }: { readonly id: string; readonly when: string },
): Chart {
  const ranked = rank(legs);
  const [worst] = ranked;
  const few = legs.length - ranked.length;
  return {
    id,
    finding: worst === undefined
      ? `No leg was run by ${FEW_TRAINS} trains or more${when}.`
      : worst.meanSeconds < 1
      ? `Between no two stations did trains lose time${when}.`
      : `${worst.category || "Other"} trains lose most between ${worst.from} and ${worst.to}: ${
        delayText(worst.meanSeconds)
      } in the mean of ${counted(worst.trains, "train")}${when}`,
    note:
      `Delay that a leg adds, minutes:seconds in the mean of its trains; legs with the most first, each direction by itself.` +
      (few === 0 ? "" : ` ${counted(few, "leg")} with fewer than ${FEW_TRAINS} trains left out.`),
    pictures: worst === undefined ? [] : barRows(
      ranked.slice(0, SHOWN).map((leg) => ({
        label: `${leg.from} – ${leg.to}, ${leg.category}`,
        value: leg.meanSeconds,
        look: "fill" as const,
        text: `${delayText(leg.meanSeconds)}, ${counted(leg.trains, "train")}`,
      })),
      { labelWidth: 340 },
    ),
    numbers: {
      caption: "Delay added by legs, in seconds per train",
      heads: ["leg", "category", "trains", "mean", "median"],
      rows: ranked.map(({ from, to, category, trains, meanSeconds, medianSeconds }) => [
        `${from} – ${to}`,
        category,
        trains,
        Math.round(meanSeconds),
        Math.round(medianSeconds),
      ]),
    },
  };
}

function rank(legs: readonly RankedLeg[]): readonly RankedLeg[] {
  return legs.filter(({ trains }) => trains >= FEW_TRAINS)
    .sort((a, b) => b.meanSeconds - a.meanSeconds || b.trains - a.trains || (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ category, from, to }: RankedLeg): string {
  return `${from}\0${to}\0${category}`;
}
