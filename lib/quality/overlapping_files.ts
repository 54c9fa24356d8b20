/**
 * Rows that stand in two data files of one departure date: the counts of single files cannot see them. Files carry the
 * numbers of their trains, so that only those with a train in common are read.
 */
import { pl } from "../packages/polars.ts";
import type { Add, DeltaTable, Frame } from "../delta/mod.ts";
import { countsOf, keysOf, type RowCounter } from "../tables/count_tags.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";

/** Rows of one train with the same station, time and type in different files; those within one file are not among them. */
export async function countAcrossFiles(standard: DeltaTable, counter: RowCounter): Promise<number> {
  const files = [...standard.snapshot.files.values()];
  const dates = Map.groupBy(files, ({ partitionValues }) => partitionValues[STANDARD_PARTITION]);
  let duplicates = 0;
  for (const ofDate of dates.values()) {
    const overlapping = ofDate.length < 2 ? [] : findOverlaps(ofDate, counter);
    if (overlapping.length > 1) duplicates += await countDuplicates(standard, overlapping, counter);
  }
  return duplicates;
}

/** Files with a train that another one has too; a file that does not say which it has may overlap with all. */
function findOverlaps(files: readonly Add[], counter: RowCounter): readonly Add[] {
  const keys = files.map((add) => ({ add, keys: keysOf(add, counter) }));
  if (keys.some((each) => each.keys === null)) return files;
  const owners = new Map<number, Add>();
  const overlapping = new Set<Add>();
  for (const { add, keys: mine } of keys) {
    for (const key of mine ?? []) {
      const owner = owners.get(key);
      if (owner !== undefined) overlapping.add(owner).add(add);
      owners.set(key, add);
    }
  }
  return [...overlapping];
}

async function countDuplicates(
  standard: DeltaTable,
  files: readonly Add[],
  counter: RowCounter,
): Promise<number> {
  const parts = await Promise.all(
    files.map(async (add) => ({ add, ids: await standard.readFile(add, { columns: ["trainTravelId"] }) })),
  );
  const ids = pl.concat(parts.map((part) => part.ids), { how: "vertical" });
  const within = parts.reduce((sum, part) => sum + withinFile(part, counter), 0);
  return duplicatesOf(ids) - within;
}

/** What is counted for the file already; of one without counts, which are made for it elsewhere, from its rows. */
function withinFile({ add, ids }: { readonly add: Add; readonly ids: Frame }, counter: RowCounter): number {
  return countsOf(add, counter)?.duplicates ?? duplicatesOf(ids);
}

function duplicatesOf(ids: Frame): number {
  return ids.height - ids.getColumn("trainTravelId").nUnique();
}
