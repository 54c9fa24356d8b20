/** How hyparquet is to read, so that nothing is lost on the way: texts, times, dates, maps. */
import type { FileMetaData } from "hyparquet";

/** A byte order mark is a character, and what is no UTF-8 is an error. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** For its readers. */
export const PARSERS = {
  stringFromBytes: (bytes: Uint8Array) => bytes && decoder.decode(bytes),
  // Dates hold no microseconds.
  timestampFromMicroseconds: (micros: bigint) => micros as unknown as Date,
  // Nor do they hold each day that a file can.
  dateFromDays: (days: number) => days as unknown as Date,
};

/** hyparquet makes objects of maps, which lose keys; read as structs of a list they keep them. */
export function withoutMaps(metadata: FileMetaData): FileMetaData {
  const schema = metadata.schema.map(({ converted_type, logical_type, ...rest }) => ({
    ...rest,
    ...(converted_type === undefined || converted_type === "MAP" ? {} : { converted_type }),
    ...(logical_type === undefined || logical_type.type === "MAP" ? {} : { logical_type }),
  }));
  return { ...metadata, schema };
}

/** What its reader may take at once; more is read sooner by polars anyway. */
const MOST_ROWS = 2000;
const MOST_BYTES = 2 ** 24;

/** Whether all rows of a file may be read at once: a few kilobytes may hold gigabytes. */
export function isSmall({ num_rows: rows, row_groups: groups }: FileMetaData): boolean {
  const sizes = groups.flatMap(({ columns }) =>
    columns.map((column) => column.meta_data?.total_uncompressed_size ?? 0n)
  );
  return rows <= MOST_ROWS && sizes.reduce((sum, size) => sum + size, 0n) <= MOST_BYTES;
}
