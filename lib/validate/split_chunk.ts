/** Cuts a validated chunk of many departure dates: each date is a file of its own in the standard table. */
import { type Columns, gatherColumns, longsOf, rowCount } from "../delta/mod.ts";
import type { ValidatedChunk } from "./validate_chunk.ts";

/** The departure dates of a chunk, as days since 1970-01-01. */
export function daysOf({ spans }: Pick<ValidatedChunk, "spans">): ReadonlySet<number> {
  return new Set(spans.map(({ departureDay }) => departureDay));
}

/** The chunk in parts of at most so many dates each, in order; itself when it has no more. */
export function splitByDates(chunk: ValidatedChunk, maxDates: number): readonly ValidatedChunk[] {
  if (daysOf(chunk).size <= maxDates) return [chunk];
  const cuts: bigint[] = [];
  let days = new Set<number>();
  for (const { departureDay, offset } of chunk.spans) {
    if (days.size === maxDates && !days.has(departureDay)) {
      cuts.push(offset);
      days = new Set();
    }
    days.add(departureDay);
  }
  const offsets = offsetsOf(chunk.landing);
  const starts = [chunk.firstOffset, ...cuts];
  return starts.map((from, part) =>
    cutOut(chunk, { from, to: starts[part + 1] ?? chunk.nextOffset, offsets, part })
  );
}

/** The messages with `from <= offset < to`; what cannot be told apart, drift and time, goes with the first part. */
function cutOut(
  chunk: ValidatedChunk,
  { from, to, offsets, part }: {
    readonly from: bigint;
    readonly to: bigint;
    readonly offsets: readonly bigint[];
    readonly part: number;
  },
): ValidatedChunk {
  const isWithin = ({ offset }: { readonly offset: bigint }) => from <= offset && offset < to;
  const first = offsets.findIndex((offset) => offset >= from);
  const messages = offsets.filter((offset) => isWithin({ offset })).length;
  const spans = chunk.spans.filter(isWithin);
  const firstRow = spans[0]?.firstRow ?? 0;
  const last = spans.at(-1);
  // Between them may be rows of trains that are rejected.
  const count = last === undefined ? 0 : last.firstRow + last.rowCount - firstRow;
  return {
    ...chunk,
    firstOffset: from,
    nextOffset: to,
    messages,
    sizeBytes: Math.round(chunk.sizeBytes * messages / chunk.messages),
    spans: spans.map((span) => ({ ...span, firstRow: span.firstRow - firstRow })),
    drift: part === 0 ? chunk.drift : new Map(),
    seconds: part === 0 ? chunk.seconds : 0,
    quarantine: rowsWithin(chunk.quarantine, isWithin),
    landing: gatherColumns([{ columns: chunk.landing, from: first, to: first + messages }]),
    rows: chunk.rows && count > 0
      ? gatherColumns([{ columns: chunk.rows, from: firstRow, to: firstRow + count }])
      : null,
  };
}

/** The rows whose offsets are within; they lie side by side. */
function rowsWithin(columns: Columns, isWithin: (row: { readonly offset: bigint }) => boolean): Columns {
  const offsets = offsetsOf(columns);
  const from = offsets.findIndex((offset) => isWithin({ offset }));
  const to = offsets.findLastIndex((offset) => isWithin({ offset })) + 1;
  if (from === 0 && to === rowCount(columns)) return columns;
  return from < 0 ? {} : gatherColumns([{ columns, from, to }]);
}

function offsetsOf({ kafkaOffset }: Columns): readonly bigint[] {
  if (kafkaOffset?.kind !== "int64") return [];
  return Array.from(longsOf(kafkaOffset));
}
