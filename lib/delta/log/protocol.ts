/** Which tables can be read and written here, and what prevents reading and writing the others. */
import type { Metadata, Protocol } from "../actions/actions.ts";
import { UnsupportedTableError } from "../errors.ts";
import { type DataType, parseSchema } from "../schema/schema.ts";
import { checkConstraints, columnInvariants } from "../predicate/table_rules.ts";

/** Whether a table that lists a feature also uses it; an unused feature stops nobody. */
type IsUsed = (metadata: Metadata) => boolean;

const NEVER: IsUsed = () => false;

// All of these are read.
const READER_FEATURES: Readonly<Record<string, IsUsed>> = {
  columnMapping: ({ configuration }) =>
    !["none", "name", "id"].includes(configuration["delta.columnMapping.mode"] ?? "none"),
  deletionVectors: NEVER,
  timestampNtz: NEVER,
  typeWidening: NEVER,
  "typeWidening-preview": NEVER,
  v2Checkpoint: NEVER,
  vacuumProtocolCheck: NEVER,
  // Columns of this type cannot be read, the others can.
  variantType: NEVER,
  "variantType-preview": NEVER,
  variantShredding: NEVER,
  "variantShredding-preview": NEVER,
};

// Writers may ignore a feature that is listed but not used. Reading a feature does not mean writing it, so
// these are not taken from the list above.
const WRITER_FEATURES: Readonly<Record<string, IsUsed>> = {
  columnMapping: usesColumnMapping,
  vacuumProtocolCheck: NEVER,
  // Rows are removed by writing files again, and the vector goes with its file.
  deletionVectors: NEVER,
  // Types are not widened here, and files are written with the current types.
  typeWidening: NEVER,
  "typeWidening-preview": NEVER,
  // A table that has it may have checkpoints in one file too.
  v2Checkpoint: NEVER,
  timestampNtz: ({ schemaString }) => schemaString.includes('"timestamp_ntz"'),
  // `commit.ts` keeps this one, `write/stage_frame.ts` the next two.
  appendOnly: NEVER,
  invariants: (metadata) => columnInvariants(metadata).some(({ predicate }) => predicate === undefined),
  checkConstraints: (metadata) => checkConstraints(metadata).some(({ predicate }) => predicate === undefined),
  allowColumnDefaults: (metadata) => hasFieldKey(metadata, "CURRENT_DEFAULT"),
  changeDataFeed: ({ configuration }) =>
    configuration["delta.enableChangeDataFeed"]?.toLowerCase() === "true",
  generatedColumns: (metadata) => hasFieldKey(metadata, "delta.generationExpression"),
  identityColumns: (metadata) => hasFieldKey(metadata, "delta.identity.start"),
};

// What the numbers below 7 stand for, each with all before it.
const FEATURES_BY_WRITER_VERSION: Readonly<Record<number, readonly string[]>> = {
  2: ["appendOnly", "invariants"],
  3: ["checkConstraints"],
  4: ["changeDataFeed", "generatedColumns"],
  5: ["columnMapping"],
  6: ["identityColumns"],
};

/** Properties that need a newer protocol than new tables have, with the values that do not. */
const NEWER_PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  "delta.enableChangeDataFeed": ["false"],
  "delta.columnMapping.mode": ["none"],
  "delta.enableDeletionVectors": ["false"],
  "delta.enableRowTracking": ["false"],
  "delta.enableInCommitTimestamps": ["false"],
  "delta.enableTypeWidening": ["false"],
  "delta.checkpointPolicy": ["classic"],
  "delta.enableIcebergCompatV1": ["false"],
  "delta.enableIcebergCompatV2": ["false"],
};

/**
 * The protocol of a new table with this metadata: the oldest that every engine can read.
 *
 * @throws {UnsupportedTableError} naming the properties and columns that this library does not write
 */
export function newTableProtocol(label: string, metadata: Metadata): Protocol {
  const newer = Object.entries(metadata.configuration).filter(([name, value]) =>
    name.startsWith("delta.feature.") ||
    (Object.hasOwn(NEWER_PROPERTIES, name) && NEWER_PROPERTIES[name]?.includes(value.toLowerCase()) === false)
  ).map(([name, value]) => `${name}=${value}`);
  if (newer.length > 0) throw unsupported("create", label, newer, "properties of writer version 2 or 3");
  const hasConstraints = checkConstraints(metadata).length > 0;
  const protocol = { minReaderVersion: 1, minWriterVersion: hasConstraints ? 3 : 2 };
  refuseUsed("create", label, Object.keys(WRITER_FEATURES), WRITER_FEATURES, metadata);
  return protocol;
}

/**
 * Throws unless every row of the table can be read correctly.
 *
 * @throws {UnsupportedTableError} naming the versions or features
 */
export function assertReadable(label: string, protocol: Protocol, metadata: Metadata): void {
  const { minReaderVersion, readerFeatures = [] } = protocol;
  if (minReaderVersion < 1 || minReaderVersion > 3) {
    throw unsupported("read", label, [`reader version ${minReaderVersion}`], "reader version 1, 2 or 3");
  }
  if (metadata.format.provider !== "parquet") {
    throw unsupported("read", label, [`format ${metadata.format.provider}`], "format parquet");
  }
  const listed = minReaderVersion === 3 ? readerFeatures : minReaderVersion === 2 ? ["columnMapping"] : [];
  refuseUsed("read", label, listed, READER_FEATURES, metadata);
}

/**
 * Throws unless this library keeps every rule that the table sets for its writers.
 *
 * @throws {UnsupportedTableError} naming the versions or features
 */
export function assertWritable(label: string, protocol: Protocol, metadata: Metadata): void {
  const { minWriterVersion, writerFeatures = [] } = protocol;
  if (minWriterVersion < 1 || minWriterVersion > 7) {
    throw unsupported("write", label, [`writer version ${minWriterVersion}`], "writer version 1 to 7");
  }
  const listed = minWriterVersion === 7 ? writerFeatures : legacyFeatures(minWriterVersion);
  refuseUsed("write", label, listed, WRITER_FEATURES, metadata);
}

function legacyFeatures(writerVersion: number): readonly string[] {
  return Object.entries(FEATURES_BY_WRITER_VERSION)
    .filter(([version]) => Number(version) <= writerVersion)
    .flatMap(([, features]) => features);
}

function refuseUsed(
  operation: string,
  label: string,
  listed: readonly string[],
  known: Readonly<Record<string, IsUsed>>,
  metadata: Metadata,
): void {
  const refused = listed.filter((name) => !Object.hasOwn(known, name) || known[name]?.(metadata) !== false);
  if (refused.length > 0) throw unsupported(operation, label, refused, "only features that are supported");
}

function unsupported(
  operation: string,
  label: string,
  found: readonly string[],
  expected: string,
): UnsupportedTableError {
  return new UnsupportedTableError(
    `Cannot ${operation} the table "${label}": found ${found.join(", ")}, expected ${expected}`,
    found,
    { table: label },
  );
}

function usesColumnMapping({ configuration }: Metadata): boolean {
  return (configuration["delta.columnMapping.mode"] ?? "none") !== "none";
}

function hasFieldKey(metadata: Metadata, key: string): boolean {
  return typeHasKey(parseSchema(metadata.schemaString), key);
}

function typeHasKey(type: DataType, key: string): boolean {
  if (typeof type === "string") return false;
  if (type.type === "array") return typeHasKey(type.elementType, key);
  if (type.type === "map") return typeHasKey(type.keyType, key) || typeHasKey(type.valueType, key);
  return type.fields.some((field) => Object.hasOwn(field.metadata, key) || typeHasKey(field.type, key));
}
