/** What every change does before it writes: checks the rules of the table, and finds out where and with which columns. */
import type { Add, Metadata } from "../actions/actions.ts";
import type { FileTarget } from "../write/new_data_file.ts";
import { evolveSchema } from "../schema/evolve_schema.ts";
import type { FileSource } from "../read/open_file.ts";
import { frameFields } from "../schema/frame_fields.ts";
import { assertWritable } from "../log/protocol.ts";
import type { Snapshot } from "../log/snapshot.ts";
import { tableProperties } from "../actions/table_properties.ts";
import type { DeltaTable } from "./table.ts";
import { UnsupportedTableError } from "../errors.ts";
import { type StructType, unwritableType } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

/** Whether a write may add columns to the table. */
export interface EvolveChoice {
  /** True adds the columns, and the fields inside structs, that the table does not have; false refuses them. */
  readonly mergeSchema?: boolean;
}

/** What a change is about to do. */
export interface ChangePlan extends EvolveChoice {
  /** Rows that may bring new columns. */
  readonly frame?: Frame;
  /** True when rows of the table may go or change. */
  readonly removesRows?: boolean;
}

/** Where a change reads and writes files. */
export type ChangeTarget = FileTarget & FileSource;

/** The table as a change sees it. */
export interface WritePlan {
  readonly target: ChangeTarget;
  /** Only when the schema has grown: the metadata to commit. */
  readonly metadata?: Metadata;
}

/**
 * The table as a change sees it: at one snapshot, with its schema grown by the columns of the frame where that is requested.
 *
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 * @throws {TypeError} naming each column that is there with another type, or when rows cannot be removed
 */
export function planWrite(
  { store, options: { clock, ids, readElsewhere, maxDecodedBytes } }: DeltaTable,
  snapshot: Snapshot,
  { frame, mergeSchema = false, removesRows = false }: ChangePlan = {},
): WritePlan {
  const { metadata, schema } = snapshot;
  assertWritable(store.label, snapshot.protocol, metadata);
  assertTypes(schema, store.label);
  if (removesRows && tableProperties(metadata).appendOnly) {
    throw new TypeError(
      `Cannot change rows of "${store.label}": the table is append only, expected only new rows`,
    );
  }
  const places = { readElsewhere, maxDecodedBytes };
  const target: ChangeTarget = { store, metadata, schema, clock, ids, ...places };
  if (!mergeSchema || frame === undefined) return { target };
  const evolved = evolveSchema(schema, frameFields(frame), { label: store.label });
  if (evolved === schema) return { target };
  const grown = { ...metadata, schemaString: JSON.stringify(evolved) };
  return { target: { ...target, metadata: grown, schema: evolved }, metadata: grown };
}

function assertTypes({ fields }: StructType, label: string): void {
  const field = fields.find(({ type }) => unwritableType(type) !== undefined);
  if (field === undefined) return;
  const found = unwritableType(field.type) ?? "";
  throw new UnsupportedTableError(
    `Cannot write rows to the table "${label}": found the type ${found} in its column "${field.name}", ` +
      "expected types that are written here",
    [found],
    { table: label },
  );
}

/** The metrics of a WRITE, with the names that Spark gives them. */
export function writeMetrics(adds: readonly Add[], rows: number): Readonly<Record<string, string>> {
  return {
    numFiles: String(adds.length),
    numOutputRows: String(rows),
    numOutputBytes: String(adds.reduce((sum, { size }) => sum + size, 0)),
  };
}
