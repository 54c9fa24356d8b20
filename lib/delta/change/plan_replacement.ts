/** The part that delete and overwrite share: which files go whole, and which are written again. */
import type { Add } from "../actions/actions.ts";
import type { Reads } from "../log/conflict.ts";
import { fileMatcher } from "../stats/file_pruning.ts";
import { toPolars } from "../predicate/polars.ts";
import type { Predicate } from "../predicate/predicate.ts";
import type { DataFile } from "../read/data_file.ts";
import { fitFrame } from "../write/frame_to_schema.ts";
import { groupByPartition, partitionKeys } from "./partition_groups.ts";
import { type FileChange, rewriteByRows } from "./rewrite_by_rows.ts";
import type { Snapshot } from "../log/snapshot.ts";
import { statsRows } from "../stats/file_stats.ts";
import type { ChangeTarget } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Rows to remove, and rows to add. */
export interface Replacement {
  /** The rows to remove; all of them when undefined. */
  readonly where: Predicate | undefined;
  readonly frame?: Frame | undefined;
}

/** A replacement whose files are written. */
export interface PlannedReplacement extends FileChange {
  readonly reads: Reads;
  /** undefined when a file went as a whole and does not say how many rows it has. */
  readonly removedRows: number | undefined;
  readonly copiedRows: number;
}

/** Removes the rows that the predicate matches and adds those of the frame; files that go as a whole are not opened. */
export async function planReplacement(
  { where, frame }: Replacement,
  { target, snapshot }: { readonly target: ChangeTarget; readonly snapshot: Snapshot },
): Promise<PlannedReplacement> {
  const matchOf = where === undefined ? () => "all" as const : fileMatcher(where, snapshot);
  const files = Map.groupBy(snapshot.files.values(), matchOf);
  const whole = files.get("all") ?? [];
  const counts = { removed: sumRows(whole), copied: 0 };
  const more = frame === undefined ? undefined : fitFrame(frame, target.schema);
  const groups = groupByPartition(files.get("some") ?? [], partitionKeys(target), more);
  const change = async (file: DataFile): Promise<Frame | "unchanged"> => {
    const rows = await file.read();
    const kept = where === undefined ? rows.head(0) : rowsWithout(rows, where, target);
    if (kept.height === rows.height) return "unchanged";
    counts.removed += rows.height - kept.height;
    counts.copied += kept.height;
    return kept;
  };
  const { adds, removes } = await rewriteByRows(
    groups.map(({ files, rows }) => ({ files, change, more: () => rows })),
    target,
  );
  return {
    adds,
    removes: [...whole, ...removes],
    reads: { matches: (_values, file) => matchOf(file) !== "none" },
    removedRows: Number.isNaN(counts.removed) ? undefined : counts.removed,
    copiedRows: counts.copied,
  };
}

/** The rows for which a predicate is not true: false or null. */
export function rowsWithout(
  rows: Frame,
  where: Predicate,
  { schema }: Pick<ChangeTarget, "schema">,
): Frame {
  return rows.filter(toPolars(where, schema).fillNull(false).not());
}

// NaN when one of them does not say.
function sumRows(files: readonly Add[]): number {
  return files.reduce((sum, file) => sum + (statsRows(file) ?? NaN), 0);
}
