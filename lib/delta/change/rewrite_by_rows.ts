/** The loop that every change of rows shares: read a file, change its rows, write what remains. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { type DataFile, openDataFile } from "../read/data_file.ts";
import { StagedBeside } from "../write/staged_beside.ts";
import { tableProperties } from "../actions/table_properties.ts";
import type { ChangeTarget } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Files that take the place of others. */
export interface FileChange {
  readonly adds: readonly Add[];
  readonly removes: readonly Add[];
}

/** Files whose rows are written together, and what to do with them. */
export interface RewriteGroup {
  readonly files: readonly Add[];
  /** The rows that take the place of those of a file. */
  readonly change: (file: DataFile) => Promise<Frame | "unchanged">;
  /** Rows to add to those of the files, requested when all files of the group are done. */
  readonly more?: () => Frame | undefined;
}

/**
 * Reads files one after the other, and writes their changed rows to new files, those of a group together, while the next
 * ones are read. Files whose rows stay as they are are not touched. Holds in memory the rows of one group, up to a file
 * of the target size, and those that are being written.
 */
export async function rewriteByRows(
  groups: readonly RewriteGroup[],
  target: ChangeTarget,
): Promise<FileChange> {
  const staged = new StagedBeside(target);
  const removes: Add[] = [];
  const opened = openAhead(groups.flatMap(({ files }) => files), target);
  try {
    for (const group of groups) await rewriteGroup(group, { target, opened, staged, removes });
    return { adds: await staged.finish(), removes };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}

interface Rewrite {
  readonly target: ChangeTarget;
  /** Gives each file of each group in turn. */
  readonly opened: AsyncGenerator<DataFile>;
  readonly staged: StagedBeside;
  readonly removes: Add[];
}

async function rewriteGroup(
  { files, change, more }: RewriteGroup,
  { target, opened, staged, removes }: Rewrite,
): Promise<void> {
  const { targetFileSizeBytes } = tableProperties(target.metadata);
  let pending: Frame[] = [];
  let pendingBytes = 0;
  for (const file of files) {
    const { value } = await opened.next();
    const rows = await change(value);
    // polars gives memory back only when the event loop turns.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (rows === "unchanged") continue;
    removes.push(file);
    if (rows.height > 0) pending.push(rows);
    pendingBytes += file.size;
    if (pendingBytes < targetFileSizeBytes) continue;
    await stagePending(pending, staged);
    [pending, pendingBytes] = [[], 0];
  }
  const last = more?.();
  if (last !== undefined && last.height > 0) pending.push(last);
  await stagePending(pending, staged);
}

async function stagePending([first, ...rest]: readonly Frame[], staged: StagedBeside): Promise<void> {
  if (first === undefined) return;
  await staged.add(rest.length === 0 ? first : pl.concat([first, ...rest], { how: "vertical" }));
}

// The bytes of one file come from the disk while the rows of the one before are changed.
async function* openAhead(files: readonly Add[], target: ChangeTarget): AsyncGenerator<DataFile> {
  const open = (file: Add | undefined): Promise<DataFile> | undefined => {
    const opening = file === undefined ? undefined : openDataFile(file, target);
    // Whoever waits for it hears of the failure; perhaps nobody gets as far.
    opening?.catch(() => {});
    return opening;
  };
  let next = open(files[0]);
  for (let index = 1; next !== undefined; index++) {
    const file = await next;
    next = open(files[index]);
    yield file;
  }
}
