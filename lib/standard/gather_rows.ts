/** Takes the rows of the winning trains out of the chunks of a batch, date by date. */
import type { Frame } from "../delta/mod.ts";
import { pl } from "../packages/polars.ts";
import type { Winner } from "./plan_merge.ts";

/** Rows `first ..< first + count` of one chunk. */
interface Run {
  first: number;
  count: number;
}

/** From this many runs on, one pass with a mask is cheaper than cutting chunks out. */
const MANY_RUNS = 64;

/** The rows of the winners as pieces, in the order of the chunks. */
export function gatherRows(
  frames: readonly (Frame | null)[],
  winners: readonly Winner[],
): readonly Frame[] {
  const byChunk = Map.groupBy(winners, (winner) => winner.chunk);
  return frames.flatMap((frame, chunk) => {
    const mine = byChunk.get(chunk);
    return frame === null || mine === undefined ? [] : takeRuns(frame, runsOf(mine));
  });
}

/** Neighbouring trains become one run. */
function runsOf(winners: readonly Winner[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { span } of winners.toSorted((a, b) => a.span.firstRow - b.span.firstRow)) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.count === span.firstRow) last.count += span.rowCount;
    else runs.push({ first: span.firstRow, count: span.rowCount });
  }
  return runs;
}

function takeRuns(frame: Frame, runs: readonly Run[]): readonly Frame[] {
  if (runs.length < MANY_RUNS) return runs.map(({ first, count }) => frame.slice(first, count));
  const mask = new Array<boolean>(frame.height).fill(false);
  for (const { first, count } of runs) mask.fill(true, first, first + count);
  return [frame.filter(pl.Series("expected", mask, pl.Bool))];
}
