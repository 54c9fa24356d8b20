/**
 * Opens a table of the lake whoever wrote it: an older version of Ratalake, this one, or another engine that has added
 * columns of its own.
 */
import {
  addColumns,
  type DeltaTable,
  formatType,
  openOrCreateTable,
  type Store,
  type StructField,
  type StructType,
  type TableOptions,
} from "../delta/mod.ts";

/** What a table of the lake is. */
export interface TableDefinition {
  readonly schema: StructType;
  readonly partitionColumns?: readonly string[];
  /** For people; of a table that is there it stays as it is. */
  readonly description?: string;
  /** Columns that files have statistics of; by default the first 32. Of a table that is there it stays as it is, too. */
  readonly measured?: readonly string[];
}

/** Table property with the number of the lake format. Tables of version 0.1.0 have none, which is format 1. */
const FORMAT_PROPERTY = "ratalake.format";
/** Raised when older versions must not go on writing; a new nullable column is no reason. */
const FORMAT = 1;

/**
 * A commit a minute makes 43,200 log files in the 30 days that Delta keeps them by default, which every opening has to
 * list. Removed data files stay for 7 days, so that is how long older versions can be read anyway.
 */
const CONFIGURATION = {
  "delta.logRetentionDuration": "interval 7 days",
  [FORMAT_PROPERTY]: String(FORMAT),
} as const;

/**
 * Creates the table, or opens the one that is there. Columns that it lacks are added, all in one commit; nullable
 * columns that others have added stay.
 *
 * @throws {TypeError} when the table comes from a newer version, is partitioned otherwise, has one of our columns with
 * another type, or demands a value in a column that is not ours; names the table and each column
 */
export async function openLakeTable(
  store: Store,
  definition: TableDefinition,
  options: TableOptions,
): Promise<DeltaTable> {
  // A run makes several commits per table: checkpoints that are due are written once, at its end.
  const { measured, ...made } = definition;
  const configuration = measured === undefined
    ? CONFIGURATION
    : { ...CONFIGURATION, "delta.dataSkippingStatsColumns": measured.join(",") };
  const table = await openOrCreateTable(store, { ...made, configuration }, {
    ...options,
    autoCheckpoint: false,
  });
  const faults = faultsOf(table, definition);
  if (faults.length > 0) throw new TypeError(`Cannot use the table "${store.label}": ${faults.join("; ")}`);
  const missing = missingFields(table, definition);
  if (missing.length > 0) await addColumns(table, missing);
  return table;
}

function missingFields({ snapshot }: DeltaTable, { schema }: TableDefinition): readonly StructField[] {
  const found = new Set(snapshot.schema.fields.map(({ name }) => name));
  return schema.fields.filter(({ name }) => !found.has(name));
}

function faultsOf(
  { snapshot: { schema, metadata } }: DeltaTable,
  { schema: { fields }, partitionColumns = [] }: TableDefinition,
): readonly string[] {
  const format = Number(metadata.configuration[FORMAT_PROPERTY] ?? FORMAT);
  if (!(format <= FORMAT)) {
    return [`it was written by a newer version of Ratalake (format ${format}), expected format ${FORMAT}`];
  }
  const [found, expected] = [metadata.partitionColumns.join(","), partitionColumns.join(",")];
  const faults = schema.fields.flatMap((field) =>
    faultOf(field, fields.find(({ name }) => name === field.name))
  );
  return found === expected ? faults : [...faults, `it is partitioned by "${found}", expected "${expected}"`];
}

/** What is wrong with a column of the table; `ours` is what it should be. */
function faultOf({ name, type, nullable }: StructField, ours: StructField | undefined): readonly string[] {
  if (ours === undefined) {
    return nullable ? [] : [`column "${name}" is ${formatType(type)} without nulls, expected no such column`];
  }
  if (holds(type, ours.type)) return [];
  return [`column "${name}" is ${formatType(type)}, expected ${formatType(ours.type)}`];
}

/** Whether values of our type fit; a struct may have further fields that may be null, at any depth. */
function holds(found: StructField["type"], ours: StructField["type"]): boolean {
  if (typeof found === "string" || typeof ours === "string") return found === ours;
  if (found.type === "array" && ours.type === "array") return holds(found.elementType, ours.elementType);
  if (found.type !== "struct" || ours.type !== "struct") return formatType(found) === formatType(ours);
  return found.fields.every(({ name, nullable }) =>
    nullable || ours.fields.some((field) => field.name === name)
  ) &&
    ours.fields.every(({ name, type }) => {
      const field = found.fields.find((candidate) => candidate.name === name);
      return field !== undefined && holds(field.type, type);
    });
}
