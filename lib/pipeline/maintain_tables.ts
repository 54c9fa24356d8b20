/**
 * Keeps the tables quick to open however often process runs: small files are rewritten into larger ones, and
 * checkpoints are written, when they are due.
 */
import { getLogger } from "../packages/logtape.ts";
import {
  checkpointIfDue,
  type DeltaTable,
  type OptimizeOptions,
  optimizeTable,
  removeExpired,
  tableProperties,
  vacuumTable,
} from "../delta/mod.ts";
import { counted } from "../printable.ts";
import { BATCHES_COUNTER } from "../quality/batch_counter.ts";
import { QUARANTINE_COUNTER } from "../quality/rejection_counter.ts";
import { type RuleCounter, STANDARD_COUNTER } from "../quality/row_counter.ts";
import { rowsTag } from "../tables/count_tags.ts";
import { fingerprintsTag } from "../tables/fingerprint_tag.ts";
import { type Lake, lakeTables } from "../tables/lake.ts";
import { runsTagOf } from "../tables/run_tag.ts";
import type { TableName } from "../tables/table_paths.ts";

const MIB = 2 ** 20;
const HOUR_MS = 3_600_000;
const log = getLogger(["ratalake", "maintain"]);

/**
 * How each table is optimized. A landing file of 1 MiB holds some 25 MB of JSON, which is in memory several times when
 * it is rewritten; tables with maps are rewritten row by row, so their files are kept small too.
 */
const OPTIMIZE: Readonly<Record<Exclude<TableName, "standard">, OptimizeOptions>> = {
  landing: { targetFileSizeBytes: MIB, describeRows: fingerprintsTag },
  quarantine: {
    targetFileSizeBytes: 4 * MIB,
    describeRows: rowsTag(QUARANTINE_COUNTER),
  },
  batches: { targetFileSizeBytes: MIB, describeRows: rowsTag(BATCHES_COUNTER) },
  runs: { targetFileSizeBytes: MIB, describeRows: runsTagOf },
  results: { targetFileSizeBytes: MIB },
};
/** Small files that one partition may have. */
const SMALL_FILES = 32;
/** Rows in memory at once: tiny messages make a million rows of a mebibyte. */
const FILE_ROWS = 50_000;

/** How the tables are kept. */
export interface MaintainOptions {
  /** How long files stay after they left a table; by default as long as the table asks for. */
  readonly keepFilesMs?: number | undefined;
  /**
   * What may be done beside small files and checkpoints: "names" removes old data files that the log names; "log" removes
   * old log files too, which takes a listing of the log; "all" lists the tables and removes whatever is left there. By
   * default "all". Who comes every few seconds does little most times.
   */
  readonly effort?: "names" | "log" | "all";
  /**
   * Milliseconds for which nothing was written to a departure date before its small files are joined: batch after batch
   * would take them apart again. By default none.
   */
  readonly unchangedMs?: number;
  /** Ends the work after the table at hand. */
  readonly signal: AbortSignal;
  /** Counts the rows of the standard table; by default the rules that need no metadata. */
  readonly counter?: RuleCounter;
}

/**
 * Does what is due, table by table; costs next to nothing when nothing is. A table that cannot be maintained now is
 * logged and left for the next run: the messages are in.
 */
export async function maintainTables(
  lake: Lake,
  { keepFilesMs, signal, counter = STANDARD_COUNTER, effort = "all", unchangedMs = 0 }: MaintainOptions,
): Promise<void> {
  const unchanged = unchangedMs === 0
    ? {}
    : { unchangedSinceMs: lake.standard.delta.options.clock() - unchangedMs };
  const standard = { targetFileSizeBytes: 8 * MIB, describeRows: rowsTag(counter), ...unchanged };
  const optimizing = { ...OPTIMIZE, standard };
  // An analysis table has one file per date, whatever it is made of.
  for (const [name, table] of Object.entries({ ...lakeTables(lake), ...lake.analysis })) {
    if (signal.aborted) return;
    try {
      if (name in optimizing) await optimize(table, { ...optimizing[name as TableName], effort });
      await removeOld(table, { keepFilesMs, effort });
    } catch (error) {
      log.warn("Cannot maintain {table}: {error}", { table: table.store.label, error });
    }
  }
}

async function optimize(
  table: DeltaTable,
  { effort, ...options }: OptimizeOptions & Required<Pick<MaintainOptions, "effort">>,
): Promise<void> {
  const { store: { label } } = table;
  const optimized = await optimizeTable(table, {
    ...options,
    targetFileRows: FILE_ROWS,
    minFiles: SMALL_FILES,
    isLazy: true,
  });
  if (optimized.version !== undefined) {
    writerFor(effort)("Optimized {label}: {filesRemoved} files into {filesAdded}", { label, ...optimized });
  }
}

/** With every checkpoint that is due the old part of the log goes, and files that no kept version needs. */
async function removeOld(
  table: DeltaTable,
  { keepFilesMs, effort }: Required<Pick<MaintainOptions, "effort" | "keepFilesMs">>,
): Promise<void> {
  const { store: { label }, snapshot: { metadata } } = table;
  const retentionMs = keepFilesMs ?? tableProperties(metadata).deletedFileRetentionMs;
  // Looked at before the checkpoint, which forgets them. Listing a table costs more than all else here.
  const named = effort === "all" ? 0 : await removeExpired(table, { retentionMs });
  const hasOld = effort === "all" && hasExpired(table, retentionMs);
  const checkpoint = await checkpointIfDue(table, {
    ...(keepFilesMs === undefined ? {} : { logRetentionMs: keepFilesMs }),
    cleansLog: effort !== "names",
  });
  const { version, removedLogFiles } = checkpoint ?? { version: 0, removedLogFiles: 0 };
  if (checkpoint !== undefined) {
    log.debug("Wrote a checkpoint of {label} at version {version}", { label, version });
  }
  const isListed = hasOld && checkpoint !== undefined;
  const removed = isListed ? (await vacuumTable(table, { retentionMs, force: true })).paths.length : named;
  if (removed + removedLogFiles === 0) return;
  writerFor(effort)("Removed {files} and {logFiles} of {label} that no version of the last {time} needs", {
    files: counted(removed, "data file"),
    logFiles: counted(removedLogFiles, "log file"),
    label,
    time: retentionMs < HOUR_MS
      ? counted(Math.round(retentionMs / 60_000), "minute")
      : counted(Math.round(retentionMs / HOUR_MS), "hour"),
  });
}

/** Who comes again and again is heard only by who debugs. */
function writerFor(effort: MaintainOptions["effort"]) {
  return effort === "all" ? log.info.bind(log) : log.debug.bind(log);
}

function hasExpired(
  { snapshot: { tombstones }, options: { clock } }: DeltaTable,
  retentionMs: number,
): boolean {
  const oldestMs = clock() - retentionMs;
  return [...tombstones.values()].some(({ deletionTimestamp = 0 }) => deletionTimestamp < oldestMs);
}
