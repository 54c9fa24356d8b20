/** Which small files are worth writing together, decided from the log alone. */
import type { Add } from "../actions/actions.ts";
import { statsRows } from "../stats/file_stats.ts";

/** What decides which files are worth rewriting. */
export interface OptimizePlanOptions {
  readonly targetFileSizeBytes: number;
  /** Rows of a rewritten file at most: tiny rows fill a file, and memory, by their number. Without limit by default. */
  readonly targetFileRows?: number;
  /** Partitions with fewer small files are left alone; by default 2. */
  readonly minFiles?: number;
  /** Leaves out a file that is larger than all it would be merged with, so that no row is rewritten often. */
  readonly isLazy?: boolean;
  /** Leaves partitions alone that have a file of this time or a later one, in milliseconds since 1970 UTC. */
  readonly unchangedSinceMs?: number;
  /** Rewrites all files of a partition together, whatever their size, since their rows will be reordered. */
  readonly isSorted?: boolean;
}

/** Below this fraction of the target a file is small. */
const SMALL = 0.75;

/**
 * Decides which files are rewritten together: those of one partition that are small, in the order of the table, up to
 * the target size.
 */
export function planOptimize(
  files: Iterable<Add>,
  options: OptimizePlanOptions,
): readonly (readonly Add[])[] {
  const partitions = Map.groupBy(files, ({ partitionValues }) => partitionKey(partitionValues));
  const { minFiles = 2, isSorted = false, targetFileRows = Infinity, unchangedSinceMs = Infinity } = options;
  if (isSorted) return [...partitions.values()];
  return [...partitions.values()].flatMap((all) => {
    if (all.some(({ modificationTime }) => modificationTime >= unchangedSinceMs)) return [];
    const small = all.filter((add) =>
      add.size < SMALL * options.targetFileSizeBytes && rowsOf(add) < SMALL * targetFileRows
    );
    return small.length < minFiles ? [] : binsOf(small, options);
  });
}

/** The same for the same partition, in whatever order its values are listed. */
function partitionKey(values: Readonly<Record<string, string | null>>): string {
  return JSON.stringify(Object.entries(values).sort(([left], [right]) => left < right ? -1 : 1));
}

function binsOf(
  files: readonly Add[],
  { targetFileSizeBytes, targetFileRows = Infinity, isLazy = false }: OptimizePlanOptions,
): readonly (readonly Add[])[] {
  const bins: Add[][] = [];
  let room = 0, rowRoom = 0;
  for (const file of files) {
    const open = bins.at(-1);
    if (open !== undefined && file.size <= room && rowsOf(file) <= rowRoom) open.push(file);
    else {
      bins.push([file]);
      room = targetFileSizeBytes;
      rowRoom = targetFileRows;
    }
    room -= file.size;
    rowRoom -= rowsOf(file);
  }
  return bins.map((bin) => isLazy ? withoutLarge(bin) : bin).filter(({ length }) => length > 1);
}

/** A file that does not say is one of others, and counts by its size alone. */
function rowsOf(add: Add): number {
  return statsRows(add) ?? 0;
}

// Merging files of like size only, each row is rewritten about log2(target / file) times in all.
function withoutLarge(bin: readonly Add[]): readonly Add[] {
  const total = bin.reduce((sum, { size }) => sum + size, 0);
  const [first, ...rest] = bin;
  return first !== undefined && first.size > total - first.size ? withoutLarge(rest) : bin;
}
