/** Reads the lists of the API's metadata for the rules: what cannot be read is a reason to skip rules, never to stop. */
import {
  type DeltaTable,
  openTable,
  openTableAt,
  type Row,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../../delta/mod.ts";
import type { Counts } from "../../tables/counts.ts";
import { METADATA_PATHS, type MetadataName } from "../../tables/table_paths.ts";
import { faultText } from "../../printable.ts";
import { type Metadata, METADATA_COLUMNS, metadataOf, NO_METADATA, WAY_OUT } from "./metadata_lists.ts";

/** The real lists have up to some 600 rows; other engines may have put anything there. */
const MOST_ROWS = 100_000;

/**
 * Reads what rules ask for out of each table, as it is or at the versions that are given; `storeOf` gives the store of a
 * path below the data folder.
 */
export async function readMetadata(
  storeOf: (path: string) => Store,
  options: TableOptions,
  wanted: Counts = {},
): Promise<Metadata> {
  const versions: Record<string, number> = {};
  const entries = await Promise.all(
    Object.entries(METADATA_PATHS).map(async ([name, path]) =>
      [name, await readList(name as MetadataName, storeOf(path), { ...options, wanted, versions })] as const
    ),
  );
  if (entries.every(([, found]) => found === null)) return NO_METADATA;
  const told = entries.map((
    [name, found],
  ) => [name, found ?? notFetched(METADATA_PATHS[name as MetadataName])]);
  const lists = Object.fromEntries(told) as Parameters<typeof metadataOf>[0];
  return { ...metadataOf(lists), versions: inOrder(versions) };
}

// They are read side by side; a record of a run must not tell which was the first.
function inOrder(versions: Counts): Counts {
  return Object.fromEntries(Object.entries(versions).sort(([a], [b]) => a < b ? -1 : 1));
}

function notFetched(path: string): string {
  return `there is no ${path} yet: ${WAY_OUT}`;
}

interface ListOptions extends TableOptions {
  readonly wanted: Counts;
  /** Gets the version that was read. */
  readonly versions: Record<string, number>;
}

/** The rows, or why there are none; null when there is no table. */
async function readList(
  name: MetadataName,
  store: Store,
  { wanted, versions, ...options }: ListOptions,
): Promise<readonly Row[] | string | null> {
  try {
    const version = wanted[name];
    const table = version === undefined
      ? await openTable(store, options)
      : await openTableAt(store, { version }, options);
    versions[name] = table.snapshot.version;
    const rows = await readRows(table, METADATA_COLUMNS[name]);
    return rows.length > 0 ? rows : `${METADATA_PATHS[name]} is empty: ${WAY_OUT}`;
  } catch (error) {
    if (error instanceof TableNotFoundError) return null;
    return `${METADATA_PATHS[name]} cannot be read: ${faultText(error)}`;
  }
}

async function readRows(table: DeltaTable, columns: readonly string[]): Promise<readonly Row[]> {
  const files = [...table.snapshot.files.values()];
  let count = 0;
  for (const add of files) count += await table.countRows(add);
  if (count > MOST_ROWS) throw new RangeError(`found ${count} rows, expected at most ${MOST_ROWS}`);
  return (await Promise.all(files.map((add) => table.readRows(add, { columns })))).flat();
}
