/** Finds which files and rows of a table have the keys of a merge, by reading the key columns only. */
import { pl } from "../../packages/polars.ts";
import type { Add } from "../actions/actions.ts";
import { readDataFile } from "../read/file_reader.ts";
import type { MergeSource } from "./merge_source.ts";
import type { ChangeTarget } from "../table/write_plan.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Which rows of the source the table has, by key. */
export interface FoundKeys {
  /** The files with at least one of them. */
  readonly files: ReadonlySet<Add>;
  /** The key columns, with the names that the table gives them, and those requested besides; undefined for none. */
  readonly rows: Frame | undefined;
}

/** Reads the key columns of files, and nothing else, to find those that hold keys of the source. */
export async function findKeys(
  source: MergeSource,
  files: readonly Add[],
  { target, beside = [] }: { readonly target: ChangeTarget; readonly beside?: readonly string[] },
): Promise<FoundKeys> {
  const on = source.on.map(({ name }) => name);
  const columns = [...on, ...beside];
  const keys = source.frame.select(...source.keys.map((key) => pl.col(key))).unique();
  const hits = new Map<Add, Frame>();
  for (const file of files) {
    const rows = await readDataFile(file, target, { columns });
    const hit = rows.join(keys, { leftOn: on, rightOn: [...source.keys], how: "semi" });
    if (hit.height > 0) hits.set(file, hit.select(...columns.map((name) => pl.col(name))).unique());
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const found = [...hits.values()];
  return {
    files: new Set(hits.keys()),
    rows: found.length === 0 ? undefined : pl.concat(found, { how: "vertical" }).unique(),
  };
}
