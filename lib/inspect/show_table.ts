/** `table show`: what a table is. */
import { counted } from "../printable.ts";
import {
  type Add,
  type DataType,
  formatType,
  type Snapshot,
  statsRows,
  type StructField,
} from "../delta/mod.ts";
import { formatBytes, textGrid } from "../text/text_grid.ts";
import { timeText } from "../text/time_text.ts";

/** Everything that `show` says, for machines. */
export interface TableDescription {
  readonly location: string;
  readonly id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly version: number;
  /** ISO 8601; milliseconds since 1970 where the calendar ends. */
  readonly committedAt: string;
  readonly files: number;
  readonly sizeBytes: number;
  /** Null when a file does not say. */
  readonly rows: number | null;
  readonly removedFiles: number;
  readonly partitions: readonly PartitionDescription[];
  readonly protocol: Snapshot["protocol"];
  readonly properties: Readonly<Record<string, string>>;
  readonly transactions: Readonly<Record<string, string>>;
  readonly columns: readonly ColumnDescription[];
}

/** The files of one partition. */
interface PartitionDescription {
  readonly values: Readonly<Record<string, string | null>>;
  readonly files: number;
  readonly sizeBytes: number;
  readonly rows: number | null;
}

interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly isPartition: boolean;
  readonly comment: string | null;
}

const SHOWN_PARTITIONS = 20;

/** Describes a snapshot. */
export function describeTable(location: string, snapshot: Snapshot): TableDescription {
  const { metadata, files, tombstones, txns } = snapshot;
  const adds = [...files.values()];
  const partition = new Set(metadata.partitionColumns);
  return {
    location,
    id: metadata.id,
    name: metadata.name ?? null,
    description: metadata.description ?? null,
    version: snapshot.version,
    committedAt: timeText(snapshot.timestamp),
    ...totalsOf(adds),
    removedFiles: tombstones.size,
    partitions: partition.size === 0 ? [] : describePartitions(adds),
    protocol: snapshot.protocol,
    properties: metadata.configuration,
    transactions: Object.fromEntries(Array.from(txns, ([appId, { version }]) => [appId, String(version)])),
    columns: snapshot.schema.fields.map((field) => describeColumn(field, partition)),
  };
}

/** The description as a page. */
export function renderDescription(table: TableDescription, width?: number): string {
  const { minReaderVersion, minWriterVersion, readerFeatures = [], writerFeatures = [] } = table.protocol;
  const features = [...new Set([...readerFeatures, ...writerFeatures])].join(", ");
  const rows = table.rows === null ? "not known" : String(table.rows);
  const facts: readonly (readonly string[])[] = [
    ["location", table.location],
    ["id", table.id],
    ["name", table.name ?? ""],
    ["description", table.description ?? ""],
    ["version", `${table.version}, committed ${table.committedAt}`],
    ["size", `${counted(table.files, "file")}, ${formatBytes(table.sizeBytes)}, rows: ${rows}`],
    ["removed files", String(table.removedFiles)],
    ["protocol", `reader ${minReaderVersion}, writer ${minWriterVersion}${features && ` (${features})`}`],
    ...Object.entries(table.properties).map(([name, value]) => [name, value]),
    ...Object.entries(table.transactions).map(([appId, version]) => [`txn ${appId}`, version]),
  ];
  return [
    textGrid(["table", ""], facts.filter(([, value]) => value !== ""), { width }),
    textGrid(["column", "type", "null", "partition", "comment"], table.columns.map(columnRow), { width }),
    ...renderPartitions(table.partitions, width),
  ].join("\n\n");
}

function totalsOf(adds: readonly Add[]): Pick<TableDescription, "files" | "sizeBytes" | "rows"> {
  const rows = adds.map(rowsOf);
  return {
    files: adds.length,
    sizeBytes: adds.reduce((sum, { size }) => sum + size, 0),
    rows: rows.includes(null) ? null : rows.reduce<number>((sum, count) => sum + (count ?? 0), 0),
  };
}

/** Rows of a file as the log says; null when it does not, or says it in a way that cannot be read. */
export function rowsOf(add: Add): number | null {
  return statsRows(add) ?? null;
}

function describePartitions(adds: readonly Add[]): readonly PartitionDescription[] {
  const groups = Map.groupBy(adds, ({ partitionValues }) => partitionText(partitionValues));
  return [...groups].sort(([left], [right]) => left < right ? -1 : 1).flatMap(([, files]) => {
    const [first] = files;
    if (first === undefined) return [];
    return [{ values: first.partitionValues, ...totalsOf(files) }];
  });
}

/** "day=2025-02-17, hour=null". */
export function partitionText(values: Readonly<Record<string, string | null>>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`).join(", ");
}

function describeColumn({ name, type, nullable, metadata }: StructField, partition: ReadonlySet<string>) {
  const comment = typeof metadata.comment === "string" ? metadata.comment : null;
  return { name, type: formatType(type as DataType), nullable, isPartition: partition.has(name), comment };
}

function columnRow({ name, type, nullable, isPartition, comment }: ColumnDescription): readonly string[] {
  return [name, type, nullable ? "yes" : "no", isPartition ? "yes" : "", comment ?? ""];
}

function renderPartitions(partitions: readonly PartitionDescription[], width?: number): readonly string[] {
  if (partitions.length === 0) return [];
  const rows = partitions.slice(-SHOWN_PARTITIONS).map(({ values, files, sizeBytes, rows }) => [
    partitionText(values),
    String(files),
    formatBytes(sizeBytes),
    String(rows ?? "not known"),
  ]);
  const left = partitions.length - rows.length;
  const note = left === 0
    ? []
    : [`${counted(left, "partition")} before these ${left === 1 ? "is" : "are"} not shown; --json shows all`];
  return [textGrid(["partition", "files", "size", "rows"], rows, { width }), ...note];
}
