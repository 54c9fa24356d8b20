/** Names at the ends of lines, apart from each other. */

/** The room for names, from above to below, and how much of it each takes. */
export interface LabelRoom {
  readonly from: number;
  readonly to: number;
  readonly lineHigh: number;
}

/** Where each of the names goes that would stand best at these places, which rise. */
export function spreadLabels(
  places: readonly number[],
  { from, to, lineHigh }: LabelRoom,
): readonly number[] {
  const room = to - lineHigh * places.length;
  let free = from;
  return places.map((place, index) =>
    free = Math.min(Math.max(place, free + lineHigh), room + lineHigh * (index + 1))
  );
}
