/** The verbs of `deno task table` that change a table. */
import { counted } from "../printable.ts";
import {
  checkpointTable,
  type DeltaTable,
  optimizeTable,
  parsePredicate,
  restoreTable,
  type TableMoment,
  vacuumTable,
} from "../delta/mod.ts";
import { UsageError } from "../errors.ts";
import type { TableFlags } from "./table_flags.ts";
import { formatBytes } from "../text/text_grid.ts";

const HOUR_MS = 3_600_000;
const MB = 1_000_000;

/** What was done, for machines and in one line for people. */
export interface MaintenanceResult {
  readonly outcome: object;
  readonly text: string;
}

/** Rewrites small files into larger ones. */
export async function optimize(
  table: DeltaTable,
  { partitions, sortBy, targetMb }: TableFlags,
): Promise<MaintenanceResult> {
  const outcome = await optimizeTable(table, {
    ...(partitions === undefined ? {} : { where: parsePredicate(partitions, table.snapshot.schema) }),
    ...(sortBy === undefined ? {} : { sortBy }),
    ...(targetMb === undefined ? {} : { targetFileSizeBytes: targetMb * MB }),
  });
  const { version, filesRemoved, filesAdded, bytesRemoved, bytesAdded } = outcome;
  const sizes = `${formatBytes(bytesRemoved)} into ${formatBytes(bytesAdded)}`;
  const text = version === undefined
    ? "Nothing to optimize"
    : `Optimized ${counted(filesRemoved, "file")} into ${filesAdded} (${sizes}), version ${version}`;
  return { outcome: { ...outcome, version: version ?? null }, text };
}

/** Removes files that no retained version needs. */
export async function vacuum(
  table: DeltaTable,
  { dryRun, retentionHours, force }: TableFlags,
): Promise<MaintenanceResult> {
  const retention = retentionHours === undefined ? {} : { retentionMs: retentionHours * HOUR_MS };
  const { paths, sizeBytes } = await vacuumTable(table, { dryRun, force, ...retention });
  const listed = dryRun ? paths.map((path) => `\n${path}`).join("") : "";
  const text = `${dryRun ? "Would remove" : "Removed"} ${counted(paths.length, "file")}, ${
    formatBytes(sizeBytes)
  }${listed}`;
  return { outcome: { dryRun, files: paths.length, sizeBytes, paths }, text };
}

/** Writes a checkpoint and cleans the log. */
export async function checkpoint(table: DeltaTable): Promise<MaintenanceResult> {
  const outcome = await checkpointTable(table);
  const { version, files, sizeBytes, removedLogFiles } = outcome;
  const text =
    `Wrote a checkpoint of version ${version}: ${counted(files, "file")}, ${formatBytes(sizeBytes)}; ` +
    `removed ${counted(removedLogFiles, "old log file")}`;
  return { outcome, text };
}

const RESTORE_WAYS =
  "--marks restore sets the marks back too, so that what is taken out is applied again; --marks keep " +
  "leaves them, and it is not; a table that process fills is rebuilt when its folder is removed and process runs";

/** Makes an older version the newest. */
export async function restore(
  table: DeltaTable,
  moment: TableMoment,
  { marks }: Pick<TableFlags, "marks">,
): Promise<MaintenanceResult> {
  const outcome = await restoreTable(table, moment, marks === undefined ? {} : { marks }).catch(
    (error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      throw new UsageError([error.message, RESTORE_WAYS], {
        cause: error,
      });
    },
  );
  const { restoredVersion, filesRestored, filesRemoved } = outcome;
  const text = outcome.version === undefined
    ? `Version ${restoredVersion} is what the table holds already`
    : `Restored version ${restoredVersion} as version ${outcome.version}: ${
      counted(filesRestored, "file")
    } back, ${filesRemoved} removed`;
  return { outcome: { ...outcome, version: outcome.version ?? null }, text };
}
