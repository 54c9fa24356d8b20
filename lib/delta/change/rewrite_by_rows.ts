/** The loop that every change of rows shares: read a file, change its rows, write what remains. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { readDataFile } from "../read/file_reader.ts";
import { removeStaged, stageFrames } from "../write/stage_frames.ts";
import { tableProperties } from "../actions/table_properties.ts";
import type { ChangeTarget } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Files that take the place of others. */
export interface FileChange {
  readonly adds: readonly Add[];
  readonly removes: readonly Add[];
}

/** What to do with the rows of which files. */
export interface RewriteByRowsOptions {
  readonly target: ChangeTarget;
  readonly files: readonly Add[];
  /** The rows that take the place of those of a file. */
  readonly change: (rows: Frame, file: Add) => Frame | "unchanged";
  /** Rows to add to those of the files, requested when all files are done. */
  readonly more?: () => Frame | undefined;
}

/**
 * Reads files one after the other, and writes their changed rows to new files, several small ones together.
 * Files whose rows stay as they are are not touched. Holds about one file of the target size in memory.
 */
export async function rewriteByRows(
  { target, files, change, more }: RewriteByRowsOptions,
): Promise<FileChange> {
  const { targetFileSizeBytes } = tableProperties(target.metadata);
  const adds: Add[] = [];
  const removes: Add[] = [];
  let pending: Frame[] = [];
  let pendingBytes = 0;
  const flush = async (): Promise<void> => {
    const [first, ...rest] = pending;
    if (first !== undefined) {
      for (const add of await stageFrames(concat(first, rest), target)) adds.push(add);
    }
    pending = [];
    pendingBytes = 0;
  };
  try {
    for (const file of inOrderOfPartitions(files)) {
      const rows = change(await readDataFile(file, target), file);
      if (rows === "unchanged") continue;
      removes.push(file);
      if (rows.height > 0) pending.push(rows);
      pendingBytes += file.size;
      if (pendingBytes >= targetFileSizeBytes) await flush();
      await nextTurn();
    }
    const last = more?.();
    if (last !== undefined && last.height > 0) pending.push(last);
    await flush();
  } catch (error) {
    await removeStaged(adds, target);
    throw error;
  }
  return { adds, removes };
}

function concat(first: Frame, rest: readonly Frame[]): Frame {
  return rest.length === 0 ? first : pl.concat([first, ...rest], { how: "vertical" });
}

// Rows of one partition follow each other, so that they end up in one file.
function inOrderOfPartitions(files: readonly Add[]): readonly Add[] {
  const key = ({ partitionValues }: Add): string => JSON.stringify(Object.entries(partitionValues).sort());
  return [...Map.groupBy(files, key).values()].flat();
}

// polars gives memory back only when the event loop turns.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
