/** Which legs cost the most time: the one order in which pictures and sentences name them. */
import { FEW_TRAINS } from "./few_trains.ts";

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

/** By the mean of their trains, the worst first; legs of too few trains are left out. */
export function rankLegs(legs: readonly RankedLeg[]): readonly RankedLeg[] {
  return legs.filter(({ trains }) => trains >= FEW_TRAINS)
    .sort((a, b) => b.meanSeconds - a.meanSeconds || b.trains - a.trains || (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The leg that is named as the worst; undefined where trains lose no time. */
export function worstLeg(legs: readonly RankedLeg[]): RankedLeg | undefined {
  const [worst] = rankLegs(legs);
  return worst !== undefined && worst.meanSeconds >= 1 ? worst : undefined;
}

function keyOf({ category, from, to }: RankedLeg): string {
  return `${from}\0${to}\0${category}`;
}
