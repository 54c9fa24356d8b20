/** Tells rows that came or went from rows that only moved from one file to another within a commit. */
import { pl } from "../../packages/polars.ts";
import type { RowMask } from "../read/roaring_bitmap.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Rows that a commit took from the table, or added to it; read by the caller, twice where rows may have moved. */
export interface ChangedRows {
  readonly isAdded: boolean;
  readonly read: () => Promise<Frame>;
}

/**
 * For each part the rows that are net changes, as a mask; undefined stands for all of them. A row of which as many
 * copies came as went has only moved; of other rows the difference is left.
 *
 * Rows are compared by all of their columns, as 128 bits of hash: NaN equals itself, and so do the two zeros. Holds 40
 * bytes per row of the commit, and the rows of one part at a time; reads nothing where rows only came, or only went.
 */
export async function netChanges(parts: readonly ChangedRows[]): Promise<readonly (RowMask | undefined)[]> {
  const isMixed = parts.some(({ isAdded }) => isAdded) && parts.some(({ isAdded }) => !isAdded);
  if (!isMixed) return parts.map(() => undefined);
  const keys: PartKeys[] = [];
  for (const [part, { isAdded, read }] of parts.entries()) {
    keys.push({ isAdded, frame: keysOf(await read(), part) });
    await nextTurn();
  }
  const [added, removed] = [numbered(keys, true), numbered(keys, false)];
  const net = [without(added, removed), without(removed, added)];
  return keys.map(({ isAdded, frame }, part) => maskOf(net[isAdded ? 0 : 1], part, frame.height));
}

interface PartKeys {
  readonly isAdded: boolean;
  readonly frame: Frame;
}

const [FIRST, SECOND, ROW, PART, COPY] = ["first hash", "second hash", "row", "part", "copy"];
const KEY = [FIRST, SECOND, COPY];

function keysOf(rows: Frame, part: number): Frame {
  const [first, second] = [rows.hashRows(1, 2, 3, 4), rows.hashRows(5, 6, 7, 8)];
  const numbers = pl.Series(ROW, Int32Array.from({ length: rows.height }, (_, row) => row));
  return pl.DataFrame([first.rename(FIRST), second.rename(SECOND), numbers])
    .withColumns(pl.lit(part).cast(pl.Int32).alias(PART));
}

/** The keys of one side, each copy of a row with its number. */
function numbered(keys: readonly PartKeys[], side: boolean): Frame {
  const frames = keys.filter(({ isAdded }) => isAdded === side).map(({ frame }) => frame);
  const copy = pl.col(FIRST).cumCount().over(FIRST, SECOND).alias(COPY);
  return pl.concat(frames, { how: "vertical" }).withColumns(copy);
}

function without(one: Frame, other: Frame): Frame {
  return one.join(other.select(...KEY), { on: KEY, how: "anti" });
}

function maskOf(net: Frame | undefined, part: number, rowCount: number): RowMask {
  const mask = new Uint8Array(Math.ceil(rowCount / 8));
  if (net === undefined) return mask;
  const rows = net.filter(pl.col(PART).eq(pl.lit(part))).getColumn(ROW).toArray();
  for (const row of rows.map(Number)) mask[row >>> 3] = (mask[row >>> 3] ?? 0) | (1 << (row & 7));
  return mask;
}

// polars gives memory back only when the event loop turns.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
