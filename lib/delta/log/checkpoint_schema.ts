/** The Parquet schema of a checkpoint. */
import type { Protocol } from "../actions/actions.ts";
import type { ArrayType, MapType, StructField, StructType } from "../schema/schema.ts";
import { tableSchema } from "../schema/schema.ts";

const TEXT_MAP: MapType = { type: "map", keyType: "string", valueType: "string", valueContainsNull: true };
const TEXTS: ArrayType = { type: "array", elementType: "string", containsNull: true };

const DELETION_VECTOR = tableSchema({
  storageType: "string",
  pathOrInlineDv: "string",
  offset: "integer",
  sizeInBytes: "integer",
  cardinality: "long",
});

const ADD = {
  path: "string",
  partitionValues: TEXT_MAP,
  size: "long",
  modificationTime: "long",
  dataChange: "boolean",
  tags: TEXT_MAP,
  stats: "string",
} as const;

// Statistics and tags of removed files are left out of checkpoints.
const REMOVE = {
  path: "string",
  deletionTimestamp: "long",
  dataChange: "boolean",
  extendedFileMetadata: "boolean",
  partitionValues: TEXT_MAP,
  size: "long",
} as const;

const METADATA = tableSchema({
  id: "string",
  name: "string",
  description: "string",
  format: tableSchema({ provider: "string", options: TEXT_MAP }),
  schemaString: "string",
  partitionColumns: TEXTS,
  createdTime: "long",
  configuration: TEXT_MAP,
});

const PROTOCOL = tableSchema({
  minReaderVersion: "integer",
  minWriterVersion: "integer",
  readerFeatures: TEXTS,
  writerFeatures: TEXTS,
});

/** The columns of a checkpoint, one per kind of action; each row has one of them. */
export function checkpointFields({ readerFeatures = [] }: Protocol): readonly StructField[] {
  const vector: Readonly<Record<string, StructType>> = readerFeatures.includes("deletionVectors")
    ? { deletionVector: DELETION_VECTOR }
    : {};
  return tableSchema({
    txn: tableSchema({ appId: "string", version: "long", lastUpdated: "long" }),
    add: tableSchema({ ...ADD, ...vector }),
    remove: tableSchema({ ...REMOVE, ...vector }),
    metaData: METADATA,
    protocol: PROTOCOL,
  }).fields;
}
