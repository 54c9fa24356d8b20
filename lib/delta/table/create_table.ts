/** CREATE TABLE: version 0, made once however many try. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Actions, Metadata } from "../actions/actions.ts";
import { serializeCommit } from "../actions/commit_codec.ts";
import { commitInfoOf } from "../log/commit.ts";
import { TableNotFoundError } from "../errors.ts";
import { commitPath } from "../actions/log_path.ts";
import { newTableProtocol } from "../log/protocol.ts";
import { replay } from "../log/snapshot.ts";
import { assertColumnNames } from "../schema/column_name.ts";
import { type DataType, formatType, type StructType, unwritableType } from "../schema/schema.ts";
import type { Store } from "../store/store.ts";
import type { TableContext } from "../schema/table_context.ts";
import { tableProperties } from "../actions/table_properties.ts";
import { completeContext } from "../host_context.ts";
import { openPlace, type TablePlace } from "../store/open_place.ts";
import { DeltaTable, type OpenOptions, openTable } from "./table.ts";

/** Schema, partitions and properties of a new table. */
export interface NewTable {
  /** Columns in order; see `tableSchema`. */
  readonly schema: StructType;
  /** Columns that become folders, in this order. */
  readonly partitionColumns?: readonly string[];
  /** Table properties such as `delta.appendOnly`. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** For people. */
  readonly name?: string;
  /** For people. */
  readonly description?: string;
}

/** Version 0, which always says what the table is. */
export type FirstActions = Actions & { readonly metadata: Metadata };

/**
 * Creates a table, or opens the one that is there: whoever is second gets the table of the first.
 *
 * @throws {TypeError} when the table that is there has other columns; names each with both types
 * @throws {UnsupportedTableError} when the new table would need what this library does not write
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema, partitionColumns: ["name"] }, outside);
 * assertEquals(table.snapshot.version, 0);
 * assertEquals(table.snapshot.metadata.partitionColumns, ["name"]);
 * ```
 */
export async function createTable(
  place: TablePlace,
  expected: NewTable,
  options: OpenOptions = {},
): Promise<DeltaTable> {
  checkArguments("createTable", { place, expected, options }, CREATE_ARGUMENTS);
  return assertSame(await openOrCreateTable(place, expected, options), expected);
}

const NEW_TABLE = optionsOf({
  schema: KIND.schema,
  partitionColumns: KIND.optional(KIND.names),
  configuration: KIND.optional(KIND.object),
  name: KIND.optional(KIND.text),
  description: KIND.optional(KIND.anyText),
});
const CREATE_ARGUMENTS = { place: KIND.place, expected: NEW_TABLE, options: KIND.openOptions };

/**
 * Opens the table that is there, whatever its columns, or creates it; for a caller that knows what to do with a table
 * of an older version or of another writer.
 *
 * @throws {UnsupportedTableError} when the table needs what this library does not read, or would not write
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addColumns, MemoryStore, openOrCreateTable, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const store = new MemoryStore();
 * await openOrCreateTable(store, { schema: tableSchema({ name: "string" }) }, outside);
 * const schema = tableSchema({ name: "string", track: "double" });
 * const older = await openOrCreateTable(store, { schema }, outside);
 * await addColumns(older, schema.fields);
 * assertEquals(older.snapshot.version, 1);
 * ```
 */
export async function openOrCreateTable(
  place: TablePlace,
  expected: NewTable,
  given: OpenOptions = {},
): Promise<DeltaTable> {
  checkArguments("openOrCreateTable", { place, expected, options: given }, CREATE_ARGUMENTS);
  const [store, options] = [openPlace(place), completeContext(given)];
  const existing = await openIfThere(store, options);
  if (existing !== undefined) return existing;
  assertCreatable(expected, store.label);
  const actions = firstActions(expected, store.label, options);
  const isFirst = await store.putIfAbsent(commitPath(0), serializeCommit(actions));
  if (!isFirst) return await openTable(store, options);
  return new DeltaTable(store, replay(undefined, [{ version: 0, actions }]), options);
}

async function openIfThere(store: Store, options: OpenOptions): Promise<DeltaTable | undefined> {
  try {
    return await openTable(store, options);
  } catch (error) {
    if (error instanceof TableNotFoundError) return undefined;
    throw error;
  }
}

/** The actions of version 0. */
export function firstActions(expected: NewTable, label: string, options: TableContext): FirstActions {
  const { schema, partitionColumns = [], configuration = {}, name, description } = expected;
  const metadata: Metadata = {
    id: options.ids(),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    format: { provider: "parquet", options: {} },
    schemaString: JSON.stringify(schema),
    partitionColumns,
    configuration,
    createdTime: options.clock(),
  };
  const info = commitInfoOf({
    operation: "CREATE TABLE",
    operationParameters: {
      isManaged: "false",
      partitionBy: JSON.stringify(partitionColumns),
      properties: JSON.stringify(configuration),
    },
  }, options);
  const commitInfo = { ...info, isolationLevel: "Serializable", isBlindAppend: true };
  const protocol = newTableProtocol(label, metadata);
  return { commitInfo, protocol, metadata, txns: [], removes: [], adds: [] };
}

/** Throws unless such a table can be created. */
export function assertCreatable(
  { schema: { fields }, partitionColumns = [], configuration = {} }: NewTable,
  label: string,
): void {
  tableProperties({ configuration });
  assertColumnNames({ type: "struct", fields }, label);
  const unknown = partitionColumns.find((name) =>
    !isPartitionType(fields.find((field) => field.name === name)?.type)
  );
  if (unknown !== undefined) {
    throw cannotCreate(
      label,
      `the partition column "${unknown}"`,
      "columns of the schema with a type without parts",
    );
  }
  const unknownType = fields.flatMap(({ type }) => unwritableType(type) ?? [])[0];
  if (unknownType !== undefined) {
    throw cannotCreate(label, `the type ${unknownType}`, "types that are written here");
  }
  if (fields.some(({ type }) => hasLocalTime(type))) {
    throw cannotCreate(label, "the type timestamp_ntz, which needs a newer protocol", "timestamp");
  }
  if (partitionColumns.length === fields.length) {
    throw cannotCreate(label, "partition columns only", "a data column");
  }
}

function isPartitionType(type: DataType | undefined): boolean {
  return typeof type === "string";
}

function hasLocalTime(type: DataType): boolean {
  if (typeof type === "string") return type === "timestamp_ntz";
  if (type.type === "array") return hasLocalTime(type.elementType);
  if (type.type === "map") return hasLocalTime(type.keyType) || hasLocalTime(type.valueType);
  return type.fields.some((field) => hasLocalTime(field.type));
}

function cannotCreate(label: string, found: string, expected: string): TypeError {
  return new TypeError(`Cannot create the table "${label}": found ${found}, expected ${expected}`);
}

function assertSame(table: DeltaTable, { schema, partitionColumns = [] }: NewTable): DeltaTable {
  const { snapshot, store } = table;
  const found = typesByName(snapshot.schema);
  const expected = typesByName(schema);
  const faults = [...new Set([...expected.keys(), ...found.keys()])]
    .filter((name) => found.get(name) !== expected.get(name))
    .map((name) =>
      `column "${name}" is ${found.get(name) ?? "missing"}, expected ${
        expected.get(name) ?? "no such column"
      }`
    );
  const [is, shall] = [snapshot.metadata.partitionColumns.join(","), partitionColumns.join(",")];
  if (is !== shall) faults.push(`it is partitioned by "${is}", expected "${shall}"`);
  if (faults.length === 0) return table;
  throw new TypeError(`Cannot use the table "${store.label}": ${faults.join("; ")}`);
}

function typesByName(schema: StructType): ReadonlyMap<string, string> {
  return new Map(schema.fields.map(({ name, type }) => [name, formatType(type)]));
}
