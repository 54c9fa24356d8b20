/** Takes the rows of the winning trains out of the chunks of a batch, date by date. */
import type { Columns, RowPiece } from "../delta/mod.ts";
import type { Winner } from "./plan_merge.ts";

/** Rows of one chunk that lie side by side. */
interface Run {
  from: number;
  to: number;
}

/** The rows of the winners as pieces, in the order of the chunks; neighbouring trains are one piece. */
export function gatherRows(
  chunks: readonly (Columns | null)[],
  winners: readonly Winner[],
): readonly RowPiece[] {
  const byChunk = Map.groupBy(winners, (winner) => winner.chunk);
  return chunks.flatMap((columns, chunk) => {
    const mine = byChunk.get(chunk);
    return columns === null || mine === undefined ? [] : runsOf(mine).map((run) => ({ columns, ...run }));
  });
}

function runsOf(winners: readonly Winner[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { span } of winners.toSorted((a, b) => a.span.firstRow - b.span.firstRow)) {
    const last = runs.at(-1), end = span.firstRow + span.rowCount;
    if (last !== undefined && last.to === span.firstRow) last.to = end;
    else runs.push({ from: span.firstRow, to: end });
  }
  return runs;
}
