/** A plain data file as values for SQLite; others are read as frames. */
import {
  type Add,
  type Column,
  type Columns,
  type DeltaTable,
  type Predicate,
  rowCount,
  type ScannedFile,
  type StructField,
} from "../delta/mod.ts";
import { columnInput, type ReadInput } from "./column_inputs.ts";
import { rowFilter } from "./row_filter.ts";

/** What is asked of a file. */
interface AskedFile {
  readonly file: ScannedFile;
  readonly fields: readonly StructField[];
  readonly where: Predicate | undefined;
}

/** The rows of a file. */
interface FileInputs {
  readonly rows: number;
  /** One per field that was asked for. */
  readonly reads: readonly ReadInput[];
  /** Whether the question may need a row. */
  readonly isNeeded: (row: number) => boolean;
}

/** Types whose values are the same whoever reads them. */
const PLAIN = new Set<unknown>(["long", "integer", "string", "boolean", "date", "timestamp"]);

/** Undefined when anything is unusual. */
export async function readFileInputs(
  table: DeltaTable,
  { file: { add, match }, fields, where }: AskedFile,
): Promise<FileInputs | undefined> {
  const { metadata } = table.snapshot;
  const isMapped = (metadata.configuration["delta.columnMapping.mode"] ?? "none") !== "none";
  if (isMapped || !fields.every(({ type }) => PLAIN.has(type))) return undefined;
  const inFile = fields.filter(({ name }) => !metadata.partitionColumns.includes(name));
  const parts = new Map(
    fields.filter((field) => !inFile.includes(field)).map((field) => [field, partitionInput(add, field)]),
  );
  if ([...parts.values()].includes(undefined)) return undefined;
  const columns = inFile.length === 0
    ? {}
    : await table.readColumns(add, { columns: inFile.map(({ name }) => name) });
  if (columns === undefined) return undefined;
  const reads = fields.map((field) => parts.get(field) ?? fileInput(columns, field));
  if (!reads.every((read) => read !== undefined)) return undefined;
  const rows = Object.keys(columns).length > 0 ? rowCount(columns) : await table.countRows(add);
  const byName = new Map(fields.map(({ name }, at) => [name, reads[at]]));
  const isNeeded = where === undefined || match === "all"
    ? () => true
    : rowFilter(where, (name) => byName.get(name));
  return { rows, reads, isNeeded };
}

function fileInput(columns: Columns, { name, type }: StructField): ReadInput | undefined {
  const column: Column | undefined = Object.hasOwn(columns, name) ? columns[name] : undefined;
  return column === undefined ? () => null : columnInput(column, type);
}

/** Plain values of partitions; what is odd is another reader's. */
function partitionInput({ partitionValues }: Add, { name, type }: StructField): ReadInput | undefined {
  const text = Object.hasOwn(partitionValues, name) ? partitionValues[name] : undefined;
  if (text === undefined || text === null || text === "") return () => null;
  if (type === "string") return () => text;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text) && text > "0001" &&
    new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
  return type === "date" && isDay ? () => text : undefined;
}
