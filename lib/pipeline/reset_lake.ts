/**
 * Begins anew: deletes the tables, the embedded broker's file and what fetch, backfill and followers have noted, and
 * nothing else.
 */
import { dirname } from "node:path";
import { brokerFiles } from "../broker/embedded/opened_files.ts";
import { systemFault } from "../errors.ts";
import { isHeld, type LockHolder, readHolder } from "../follow/follower_lock.ts";
import { backfillStatePath } from "./backfill/backfill_state.ts";
import { ALL_TABLE_PATHS } from "../tables/table_paths.ts";

/** Where a lake and what belongs to it lie. */
export interface LakePlaces {
  readonly dataDir: string;
  readonly stateFile: string;
  /** Null when the messages are in Kafka: they are not ours to delete. */
  readonly brokerFile: string | null;
}

/** A follower or back-fill that is at work. */
export interface Running {
  readonly name: string;
  /** Null when it has not said who it is. */
  readonly holder: LockHolder | null;
}

/** Something to delete. */
export interface Leftover {
  readonly path: string;
  readonly sizeBytes: number;
}

/** What a reset would delete, in the order in which it does: a reset that is killed can be run again. */
export async function findLeftovers(
  { dataDir, stateFile, brokerFile }: LakePlaces,
): Promise<readonly Leftover[]> {
  const ofBroker = brokerFile === null ? [] : brokerFiles(brokerFile);
  const folders = ALL_TABLE_PATHS.map((path) => `${dataDir}/${path}`);
  const locks = locksIn({ dataDir, stateFile }).map(({ path }) => path);
  const isBelow = (path: string) => path.startsWith(`${dataDir}/followers/`);
  const states = [stateFile, backfillStatePath(dataDir), ...locks.filter((path) => !isBelow(path))];
  const noted = [...states, `${dataDir}/followers`];
  const found = await Promise.all([...noted, ...ofBroker, ...folders].map(measure));
  return found.filter((each) => each !== null);
}

/** Who writes what a reset would delete, right now. */
export async function findRunning(
  places: Pick<LakePlaces, "dataDir" | "stateFile">,
): Promise<readonly Running[]> {
  const found: Running[] = [];
  for (const { name, path } of locksIn(places)) {
    if (await isHeld(path)) found.push({ name, holder: await readHolder(path) });
  }
  return found;
}

function locksIn({ dataDir, stateFile }: Pick<LakePlaces, "dataDir" | "stateFile">) {
  return [
    { name: "fetch --follow", path: `${stateFile}.lock` },
    { name: "backfill", path: `${backfillStatePath(dataDir)}.lock` },
    { name: "process --follow", path: `${dataDir}/followers/process.lock` },
  ];
}

/** Deletes them, and the folders of the tables that are empty then. */
export async function deleteLeftovers(
  leftovers: readonly Leftover[],
  { dataDir }: LakePlaces,
): Promise<void> {
  for (const { path } of leftovers) await Deno.remove(path, { recursive: true });
  for (const path of ALL_TABLE_PATHS) await removeIfEmpty(`${dataDir}/${dirname(path)}`);
}

async function measure(path: string): Promise<Leftover | null> {
  try {
    const { isDirectory, size } = await Deno.lstat(path);
    return { path, sizeBytes: isDirectory ? await measureFolder(path) : size };
  } catch (error) {
    if (systemFault(error) === "not found") return null;
    throw error;
  }
}

async function measureFolder(path: string): Promise<number> {
  let sizeBytes = 0;
  for await (const { name } of Deno.readDir(path)) {
    sizeBytes += (await measure(`${path}/${name}`))?.sizeBytes ?? 0;
  }
  return sizeBytes;
}

/** A folder with something else in it stays. */
async function removeIfEmpty(path: string): Promise<void> {
  try {
    for await (const _ of Deno.readDir(path)) return;
    await Deno.remove(path);
  } catch (error) {
    if (systemFault(error) !== "not found") throw error;
  }
}
