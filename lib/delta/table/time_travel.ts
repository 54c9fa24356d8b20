/** Older versions of a table, by number or by time. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { CorruptLogError } from "../errors.ts";
import { readCommit, readSnapshot } from "../log/reader.ts";
import { LOG_FOLDER, parseLogPath } from "../actions/log_path.ts";
import type { Snapshot } from "../log/snapshot.ts";
import type { Store } from "../store/store.ts";
import { completeContext } from "../host_context.ts";
import { openPlace, type TablePlace } from "../store/open_place.ts";
import { DeltaTable, type OpenOptions } from "./table.ts";

/** A state of a table: by its version, or by a time in milliseconds since 1970 UTC. */
export type TableMoment = { readonly version: number } | { readonly timestampMs: number };

/** When a version was committed. */
interface CommitTime {
  readonly version: number;
  readonly timestampMs: number;
}

/**
 * Opens an older version of a table. A commit on it is checked against all that came since; `update` moves it to the
 * newest version.
 *
 * @throws {RangeError} when the table does not have the version, or not any more
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, openTableAt, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI", "TPE"], track: [4, 1.5] }));
 * const before = await openTableAt(table.store, { version: 0 }, outside);
 * assertEquals([before.snapshot.files.size, table.snapshot.files.size], [0, 1]);
 * ```
 */
export async function openTableAt(
  place: TablePlace,
  moment: TableMoment,
  options: OpenOptions = {},
): Promise<DeltaTable> {
  checkArguments("openTableAt", { place, moment, options }, {
    place: KIND.place,
    moment: KIND.moment,
    options: KIND.openOptions,
  });
  const store = openPlace(place);
  const version = "version" in moment ? moment.version : await versionAt(store, moment.timestampMs);
  return new DeltaTable(store, await readSnapshot(store, { version }), completeContext(options));
}

/**
 * The version that was the newest at a time. Times are those in the commits where the table keeps them there
 * (`delta.enableInCommitTimestamps`), else the modification times of the files, each raised above the one before where needed.
 *
 * @throws {RangeError} when the oldest version that is known is younger
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTable, MemoryStore, tableSchema, versionAt } from "../mod.ts";
 *
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => "table-1" };
 * const store = new MemoryStore(outside);
 * await createTable(store, { schema: tableSchema({ id: "long" }) }, outside);
 * assertEquals(await versionAt(store, Date.UTC(2025, 1, 18)), 0);
 * ```
 */
export async function versionAt(place: TablePlace, timestampMs: number): Promise<number> {
  checkArguments("versionAt", { place, timestampMs }, { place: KIND.place, timestampMs: KIND.milliseconds });
  const store = openPlace(place);
  const times = await fileTimes(store);
  const since = inCommitSince(await readSnapshot(store));
  const isInCommit = since !== undefined && timestampMs >= since.timestampMs;
  if (isInCommit) {
    const found = await searchCommits(
      store,
      times.filter(({ version }) => version >= since.version),
      timestampMs,
    );
    if (found !== undefined) return found;
  }
  const older = times.filter(({ version }) => since === undefined || version < since.version);
  const found = older.findLast((time) => time.timestampMs <= timestampMs);
  if (found !== undefined) return found.version;
  throw new RangeError(
    `Cannot open the table "${store.label}" as of ${isoOf(timestampMs)}: found ` +
      `${
        older[0] === undefined ? "no version so old" : isoOf(older[0].timestampMs)
      } as its oldest time, expected a later one`,
  );
}

async function fileTimes(store: Store): Promise<readonly CommitTime[]> {
  const times: CommitTime[] = [];
  for (const { path, modifiedMs } of await store.list(LOG_FOLDER)) {
    const file = parseLogPath(path);
    if (file?.kind !== "commit") continue;
    const previous = times.at(-1)?.timestampMs ?? -Infinity;
    times.push({ version: file.version, timestampMs: Math.max(modifiedMs, previous + 1) });
  }
  return times;
}

// A table that was created with the property names no version.
function inCommitSince({ metadata: { configuration } }: Snapshot): CommitTime | undefined {
  const property = (name: string): string | undefined =>
    configuration[`delta.${name}`] ?? configuration[`delta.${name}-preview`];
  if (property("enableInCommitTimestamps") !== "true") return undefined;
  const version = Number(property("inCommitTimestampEnablementVersion") ?? 0);
  const timestampMs = Number(property("inCommitTimestampEnablementTimestamp") ?? -Infinity);
  return { version, timestampMs };
}

// Times rise with the versions, so each comparison rules out half of them.
async function searchCommits(
  store: Store,
  commits: readonly CommitTime[],
  timestampMs: number,
): Promise<number | undefined> {
  let [low, high] = [0, commits.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const version = commits[middle]?.version ?? 0;
    if (await inCommitTime(store, version) <= timestampMs) low = middle + 1;
    else high = middle;
  }
  return commits[low - 1]?.version;
}

async function inCommitTime(store: Store, version: number): Promise<number> {
  const commit = await readCommit(store, version, { withFaults: true });
  const time = commit?.actions.commitInfo?.inCommitTimestamp;
  if (time !== undefined) return time;
  const path = `${LOG_FOLDER}${String(version).padStart(20, "0")}.json`;
  throw new CorruptLogError(
    `Cannot read the time of "${path}": found no inCommitTimestamp, expected one`,
    { path, version },
  );
}

function isoOf(timestampMs: number): string {
  const date = new Date(timestampMs);
  return Number.isNaN(date.getTime()) ? String(timestampMs) : date.toISOString();
}
