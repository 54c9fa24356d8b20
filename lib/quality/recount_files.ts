/** Brings the counts of old data files up to date, when rules were added or changed or another engine wrote the files. */
import { getLogger } from "../packages/logtape.ts";
import type { Add, DeltaTable } from "../delta/mod.ts";
import { counted } from "../printable.ts";
import { countsOf, type RowCounter, rowsTag } from "../tables/count_tags.ts";

/** What the counting is bounded by. */
export interface RecountOptions {
  /** Called between files: polars frees frames only then. */
  readonly releaseMemory: () => Promise<void>;
  /** Ends the counting after the file at hand; what was counted stays. */
  readonly signal: AbortSignal;
}

/** Files whose counts are kept by one commit: so much work at most is lost by a kill. */
const FILES_PER_COMMIT = 64;
const log = getLogger(["ratalake", "quality"]);

/**
 * Counts the files that do not carry the counts of this set, one in memory at a time, and keeps the counts with the
 * files, so that the next run finds them. Rows are not touched: the same file is added again with another tag, which
 * readers take for the same file. A commit that lost to another writer is left to the next run.
 */
export async function recountFiles(
  table: DeltaTable,
  counter: RowCounter,
  options: RecountOptions,
): Promise<void> {
  const outdated = [...table.snapshot.files.values()].filter((add) => countsOf(add, counter) === null);
  if (outdated.length === 0) return;
  const total = outdated.length;
  // Few files take no time that anybody would notice.
  const level = total > FILES_PER_COMMIT ? "info" : "debug";
  const label = table.store.label;
  log[level]("Counting {files} of {label} again: their rules are older or unknown", {
    files: counted(total, "file"),
    label,
  });
  for (let done = 0; done < total && !options.signal.aborted; done += FILES_PER_COMMIT) {
    if (done > 0) log[level]("Counted {done} of {total} files of {label}", { done, total, label });
    await recount(table, { counter, files: outdated.slice(done, done + FILES_PER_COMMIT), ...options });
  }
}

async function recount(
  table: DeltaTable,
  { counter, files, releaseMemory, signal }: RecountOptions & {
    readonly counter: RowCounter;
    readonly files: readonly Add[];
  },
): Promise<void> {
  const readSnapshot = await table.update();
  const adds: Add[] = [];
  const live = new Set(readSnapshot.files.values());
  for (const add of files.filter((file) => live.has(file))) {
    if (signal.aborted) break;
    adds.push({ ...add, tags: { ...add.tags, ...rowsTag(counter)(await table.readFile(add)) } });
    await releaseMemory();
  }
  if (adds.length === 0) return;
  const paths = new Set(adds.map(({ path }) => path));
  const outcome = await table.commit({
    readSnapshot,
    operation: "COMPUTE STATS",
    operationMetrics: { numFiles: String(adds.length) },
    adds,
    // Were one of them removed meanwhile, adding it again would bring its rows back.
    reads: { matches: (_values, add) => paths.has(add.path) },
    dataChange: false,
  });
  if (outcome.status === "conflict") {
    log.debug("{table} has moved on: its files are counted by the next run", { table: table.store.label });
  }
}
