/** Where trains lose their time: legs with the delay that they add, the worst first. */
import { counted } from "../printable.ts";
import { barRows } from "./bar_rows.ts";
import type { Chart } from "./chart.ts";
import { FEW_TRAINS } from "./few_trains.ts";
import { delayText } from "../text/delay_text.ts";
import { type RankedLeg, rankLegs, worstLeg } from "./rank_legs.ts";

const SHOWN = 12;

/** Legs in whatever order. */
export function rankedLegs(
  legs: readonly RankedLeg[],
  { id, when }: { readonly id: string; readonly when: string },
): Chart {
  const ranked = rankLegs(legs);
  const worst = worstLeg(legs);
  const few = legs.length - ranked.length;
  return {
    id,
    finding: ranked.length === 0
      ? `No leg was run by ${FEW_TRAINS} trains or more${when}.`
      : worst === undefined
      ? `Between no two stations did trains lose time${when}.`
      : `${worst.category || "Other"} trains lose most between ${worst.from} and ${worst.to}: ${
        delayText(worst.meanSeconds)
      } in the mean of ${counted(worst.trains, "train")}${when}`,
    note:
      `Delay that a leg adds, minutes:seconds in the mean of its trains; legs with the most first, each direction by itself.` +
      (few === 0 ? "" : ` ${counted(few, "leg")} with fewer than ${FEW_TRAINS} trains left out.`),
    pictures: ranked.length === 0 ? [] : barRows(
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
