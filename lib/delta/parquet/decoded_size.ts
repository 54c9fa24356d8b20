/** How much memory the rows of a Parquet file take, by its footer alone: a few kilobytes may stand for gigabytes. */
import { type ColumnFacts, columnPath, type FooterFacts, type GroupFacts } from "./footer_facts.ts";

/** Bytes of a value in memory; of others {@linkcode WIDEST}. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ BOOLEAN: 1, INT32: 4, INT64: 8, INT96: 8, FLOAT: 4, DOUBLE: 8 },
};
const WIDEST = 16;
/** A group of less than this part of the limit is not looked at more closely: nearly all are. */
const SMALL = 64;

/** What one row group takes. */
export interface DecodedSize {
  readonly rows: number;
  /** Of its pages when they are decompressed, as the footer says. */
  readonly storedBytes: number;
  /** Of its pages when they are decompressed, or of its values in memory, whichever is more. */
  readonly bytes: number;
}

/**
 * What each row group of a file takes when these columns of it are decoded, all of them when undefined. Groups far
 * below `limit` are estimated as a whole.
 *
 * @throws {TypeError} when the counts contradict each other
 */
export function decodedSizes(
  facts: FooterFacts,
  columns: ReadonlySet<string> | undefined,
  limit: number,
): readonly DecodedSize[] {
  const isMeant = (column: ColumnFacts) =>
    columns === undefined || columns.has(columnPath(facts, column)[0] ?? "");
  const sizes = facts.groups.map((group) => groupSize(group, isMeant, limit));
  const counted = sizes.reduce((sum, { rows }) => sum + rows, 0);
  if (facts.rows === counted) return sizes;
  throw new TypeError(
    `Cannot read the Parquet footer: found ${facts.rows} rows, expected the ${counted} of its groups`,
  );
}

function groupSize(
  { rows, pageBytes, columns }: GroupFacts,
  isMeant: (column: ColumnFacts) => boolean,
  limit: number,
): DecodedSize {
  const most = pageBytes + rows * WIDEST * columns.length;
  if (most <= limit / SMALL) return { rows, storedBytes: pageBytes, bytes: most };
  const bytes = columns.filter(isMeant).map((column) =>
    Math.max(column.values * (WIDTHS[column.type] ?? WIDEST), column.pageBytes)
  );
  return { rows, storedBytes: pageBytes, bytes: bytes.reduce((sum, size) => sum + size, 0) };
}
