/** Reads the lists of the API's metadata for the rules: what cannot be read is a reason to skip rules, never to stop. */
import {
  type DeltaTable,
  openTable,
  type Row,
  type Store,
  TableNotFoundError,
  type TableOptions,
} from "../../delta/mod.ts";
import { METADATA_PATHS, type MetadataName } from "../../tables/table_paths.ts";
import { faultText } from "../../printable.ts";
import { type Metadata, METADATA_COLUMNS, metadataOf, NO_METADATA, WAY_OUT } from "./metadata_lists.ts";

/** The real lists have up to some 600 rows; other engines may have put anything there. */
const MOST_ROWS = 100_000;

/** Reads what rules ask for out of each table; `storeOf` gives the store of a path below the data folder. */
export async function readMetadata(
  storeOf: (path: string) => Store,
  options: TableOptions,
): Promise<Metadata> {
  const entries = await Promise.all(
    Object.entries(METADATA_PATHS).map(async ([name, path]) =>
      [name, await readList(name as MetadataName, storeOf(path), options)] as const
    ),
  );
  if (entries.every(([, found]) => found === null)) return NO_METADATA;
  const told = entries.map((
    [name, found],
  ) => [name, found ?? notFetched(METADATA_PATHS[name as MetadataName])]);
  return metadataOf(Object.fromEntries(told) as Parameters<typeof metadataOf>[0]);
}

function notFetched(path: string): string {
  return `there is no ${path} yet: ${WAY_OUT}`;
}

/** The rows, or why there are none; null when there is no table. */
async function readList(
  name: MetadataName,
  store: Store,
  options: TableOptions,
): Promise<readonly Row[] | string | null> {
  try {
    const table = await openTable(store, options);
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
