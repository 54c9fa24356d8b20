/**
 * Guesses which name a mistyped one was meant to be.
 *
 * @module
 */

/** The candidate nearest to a mistyped name; undefined when none is near enough to be what was meant. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  let closest: string | undefined;
  let least = Infinity;
  for (const candidate of candidates) {
    const limit = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3));
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits > limit || edits >= least) continue;
    closest = candidate;
    least = edits;
  }
  return closest;
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        cost(above, column) + 1,
        cost(current, column - 1) + 1,
        cost(above, column - 1) + (same ? 0 : 1),
        swapped ? cost(before, column - 2) + 1 : Infinity,
      );
    }
    before = above;
    above = current;
  }
  return cost(above, to.length);
}

function cost(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
