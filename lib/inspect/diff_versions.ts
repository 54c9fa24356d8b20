/** `table diff`: what changed between two versions, as far as the log says. */
import { type Add, formatType, type Snapshot } from "../delta/mod.ts";
import { rowsOf } from "./show_table.ts";
import { formatBytes, textGrid } from "../text/text_grid.ts";

/** Everything that differs; empty where nothing does. */
interface VersionDiff {
  readonly from: number;
  readonly to: number;
  readonly filesAdded: readonly string[];
  readonly filesRemoved: readonly string[];
  readonly bytesAdded: number;
  readonly bytesRemoved: number;
  /** Null when the statistics of a file do not say. */
  readonly rowsAdded: number | null;
  readonly rowsRemoved: number | null;
  /** Columns, properties, protocol, transactions: what it was and what it is. */
  readonly changes: readonly Change[];
}

interface Change {
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** Compares two snapshots of one table. */
export function diffVersions(from: Snapshot, to: Snapshot): VersionDiff {
  const added = missingIn(from, to), removed = missingIn(to, from);
  return {
    from: from.version,
    to: to.version,
    filesAdded: added.map(({ path }) => path),
    filesRemoved: removed.map(({ path }) => path),
    bytesAdded: added.reduce((sum, { size }) => sum + size, 0),
    bytesRemoved: removed.reduce((sum, { size }) => sum + size, 0),
    rowsAdded: rowsIn(added),
    rowsRemoved: rowsIn(removed),
    changes: changesBetween(factsOf(from), factsOf(to)),
  };
}

/** The difference as a page. */
export function renderDiff(diff: VersionDiff, width?: number): string {
  const files = textGrid([`${diff.from} to ${diff.to}`, "files", "bytes", "rows"], [
    [
      "added",
      String(diff.filesAdded.length),
      formatBytes(diff.bytesAdded),
      String(diff.rowsAdded ?? "not known"),
    ],
    [
      "removed",
      String(diff.filesRemoved.length),
      formatBytes(diff.bytesRemoved),
      String(diff.rowsRemoved ?? "not known"),
    ],
  ]);
  if (diff.changes.length === 0) return files;
  const rows = diff.changes.map(({ what, from, to }) => [what, from ?? "", to ?? ""]);
  return `${files}\n\n${textGrid(["changed", "from", "to"], rows, { width })}`;
}

function missingIn(older: Snapshot, newer: Snapshot): readonly Add[] {
  return [...newer.files].filter(([key]) => !older.files.has(key)).map(([, add]) => add);
}

function rowsIn(adds: readonly Add[]): number | null {
  return adds.map(rowsOf).reduce((sum, rows) => sum === null || rows === null ? null : sum + rows, 0);
}

function factsOf({ schema, metadata, protocol, txns }: Snapshot): ReadonlyMap<string, string> {
  const { minReaderVersion, minWriterVersion, readerFeatures = [], writerFeatures = [] } = protocol;
  const features = [...new Set([...readerFeatures, ...writerFeatures])].toSorted().join(", ");
  return new Map([
    ...schema.fields.map(({ name, type, nullable }) =>
      [`column ${name}`, `${formatType(type)}${nullable ? "" : " not null"}`] as const
    ),
    ...Object.entries(metadata.configuration).map(([name, value]) => [`property ${name}`, value] as const),
    ["name", metadata.name ?? ""],
    ["description", metadata.description ?? ""],
    ["protocol", `${minReaderVersion}, ${minWriterVersion}`],
    ["features", features],
    ...Array.from(txns, ([appId, { version }]) => [`txn ${appId}`, String(version)] as const),
  ]);
}

function changesBetween(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): readonly Change[] {
  const names = [...new Set([...from.keys(), ...to.keys()])];
  return names.filter((what) => from.get(what) !== to.get(what))
    .map((what) => ({ what, from: from.get(what) ?? null, to: to.get(what) ?? null }));
}
