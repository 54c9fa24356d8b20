import { assertEquals, assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import type { Metadata, Protocol } from "../../../lib/delta/actions/actions.ts";
import { UnsupportedTableError } from "../../../lib/delta/errors.ts";
import { assertReadable, assertWritable, newTableProtocol } from "../../../lib/delta/log/protocol.ts";

const NONE = { permissions: "none" } as const;

const mapped = metadataOf({ "delta.columnMapping.mode": "name" });
const plain = metadataOf({});

// Protocol, table, what is named; "" when it is fine.
const READERS: readonly (readonly [Protocol, Metadata, string])[] = [
  [{ minReaderVersion: 1, minWriterVersion: 2 }, plain, ""],
  [{ minReaderVersion: 2, minWriterVersion: 5 }, plain, ""],
  [{ minReaderVersion: 2, minWriterVersion: 5 }, mapped, ""],
  [
    { minReaderVersion: 2, minWriterVersion: 5 },
    metadataOf({ "delta.columnMapping.mode": "place" }),
    "columnMapping",
  ],
  [{ minReaderVersion: 3, minWriterVersion: 7, readerFeatures: [] }, plain, ""],
  [{ minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["vacuumProtocolCheck"] }, plain, ""],
  [
    {
      minReaderVersion: 3,
      minWriterVersion: 7,
      readerFeatures: ["deletionVectors", "variantType", "catalogManaged"],
    },
    plain,
    "catalogManaged",
  ],
  [{ minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["toString"] }, plain, "toString"],
  [{ minReaderVersion: 0, minWriterVersion: 2 }, plain, "reader version 0"],
  [{ minReaderVersion: 4, minWriterVersion: 7 }, plain, "reader version 4"],
  // Only version 3 lists features.
  [{ minReaderVersion: 1, minWriterVersion: 2, readerFeatures: ["x"] }, plain, ""],
  [{ minReaderVersion: 1, minWriterVersion: 2 }, metadataOf({ "delta.columnMapping.mode": "place" }), ""],
  [{ minReaderVersion: 2, minWriterVersion: 5, readerFeatures: ["x"] }, plain, ""],
  [{ minReaderVersion: 1, minWriterVersion: 2 }, { ...plain, format: { provider: "orc" } }, "format orc"],
];

const WRITERS: readonly (readonly [Protocol, Metadata, string])[] = [
  [{ minReaderVersion: 1, minWriterVersion: 2 }, plain, ""],
  [{ minReaderVersion: 1, minWriterVersion: 2 }, withFieldKey("delta.invariants"), "invariants"],
  [{ minReaderVersion: 1, minWriterVersion: 3 }, plain, ""],
  [
    { minReaderVersion: 1, minWriterVersion: 3 },
    metadataOf({ "delta.constraints.c": "id > 0" }),
    "checkConstraints",
  ],
  [
    { minReaderVersion: 1, minWriterVersion: 4 },
    metadataOf({ "delta.enableChangeDataFeed": "true" }),
    "changeDataFeed",
  ],
  [
    { minReaderVersion: 1, minWriterVersion: 4 },
    withFieldKey("delta.generationExpression"),
    "generatedColumns",
  ],
  [{ minReaderVersion: 1, minWriterVersion: 6 }, withFieldKey("delta.identity.start"), "identityColumns"],
  [{ minReaderVersion: 1, minWriterVersion: 6 }, plain, ""],
  [{ minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["appendOnly", "invariants"] }, plain, ""],
  [
    { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["rowTracking", "x"] },
    plain,
    "rowTracking, x",
  ],
  [{ minReaderVersion: 1, minWriterVersion: 0 }, plain, "writer version 0"],
  [{ minReaderVersion: 1, minWriterVersion: 8 }, plain, "writer version 8"],
  // A version asks for what it and those before it brought, and for nothing newer.
  [{ minReaderVersion: 1, minWriterVersion: 1 }, withFieldKey("delta.invariants"), ""],
  [{ minReaderVersion: 1, minWriterVersion: 3 }, withFieldKey("delta.invariants"), "invariants"],
  [{ minReaderVersion: 1, minWriterVersion: 3 }, metadataOf({ "delta.enableChangeDataFeed": "true" }), ""],
  [{ minReaderVersion: 1, minWriterVersion: 4 }, metadataOf({ "delta.enableChangeDataFeed": "false" }), ""],
  // Spark reads the word in any case.
  [
    { minReaderVersion: 1, minWriterVersion: 4 },
    metadataOf({ "delta.enableChangeDataFeed": "True" }),
    "changeDataFeed",
  ],
  [{ minReaderVersion: 1, minWriterVersion: 4 }, mapped, ""],
  [{ minReaderVersion: 2, minWriterVersion: 5 }, mapped, "columnMapping"],
  [{ minReaderVersion: 2, minWriterVersion: 5 }, metadataOf({ "delta.columnMapping.mode": "none" }), ""],
  [{ minReaderVersion: 1, minWriterVersion: 5 }, withFieldKey("delta.identity.start"), ""],
  [{ minReaderVersion: 1, minWriterVersion: 7 }, withFieldKey("delta.identity.start"), ""],
  [{ minReaderVersion: 1, minWriterVersion: 6, writerFeatures: ["x"] }, plain, ""],
  [
    { minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["allowColumnDefaults"] },
    withFieldKey("CURRENT_DEFAULT"),
    "allowColumnDefaults",
  ],
  [{ minReaderVersion: 1, minWriterVersion: 7, writerFeatures: ["allowColumnDefaults"] }, plain, ""],
  [{ minReaderVersion: 3, minWriterVersion: 7, writerFeatures: ["timestampNtz"] }, plain, ""],
];

Deno.test({
  name: "a table is read unless it uses what is not known here",
  ...NONE,
  fn: () => {
    for (const [protocol, metadata, named] of READERS) check(assertReadable, protocol, metadata, named);
  },
});

Deno.test({
  name: "a table is written unless it sets rules that are not kept here",
  ...NONE,
  fn: () => {
    for (const [protocol, metadata, named] of WRITERS) check(assertWritable, protocol, metadata, named);
  },
});

/** Columns that have a rule somewhere in their types. */
const RULED = { name: "x", type: "long", nullable: true, metadata: { "delta.generationExpression": "1" } };
const RULED_STRUCT = {
  type: "struct",
  fields: [{ name: "free", type: "long", nullable: true, metadata: {} }, RULED],
};
const PLACES: Readonly<Record<string, unknown>> = {
  "in a struct": RULED_STRUCT,
  "in a list": { type: "array", elementType: RULED_STRUCT, containsNull: true },
  "in the keys of a map": { type: "map", keyType: RULED_STRUCT, valueType: "long", valueContainsNull: true },
  "in the values of a map": {
    type: "map",
    keyType: "long",
    valueType: RULED_STRUCT,
    valueContainsNull: true,
  },
};

Deno.test({
  name: "a rule of a column is seen at any depth",
  ...NONE,
  fn: () => {
    const protocol = { minReaderVersion: 1, minWriterVersion: 4 };
    for (const [place, type] of Object.entries(PLACES)) {
      const fields = [{ name: "top", type, nullable: true, metadata: {} }];
      const metadata = { ...plain, schemaString: JSON.stringify({ type: "struct", fields }) };
      const error = assertThrows(() => assertWritable("here", protocol, metadata), UnsupportedTableError);
      assertStringIncludes(error.message, "generatedColumns", place);
    }
  },
});

/** Properties of a new table and what is named of them; "" when it is made. */
const NEW_TABLES: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
  [{}, ""],
  [{ "delta.appendOnly": "true", "delta.logRetentionDuration": "interval 7 days", mine: "x" }, ""],
  [{ "delta.enableChangeDataFeed": "FALSE", "delta.columnMapping.mode": "none" }, ""],
  [{ "delta.checkpointPolicy": "classic", "delta.enableDeletionVectors": "false" }, ""],
  [{ "delta.checkpointPolicy": "v2" }, "delta.checkpointPolicy=v2"],
  [{ "delta.enableChangeDataFeed": "true" }, "delta.enableChangeDataFeed=true"],
  [{ "delta.enableDeletionVectors": "" }, "delta.enableDeletionVectors="],
  [{ "delta.feature.appendOnly": "supported" }, "delta.feature.appendOnly=supported"],
  [
    { "delta.columnMapping.mode": "name", "delta.enableRowTracking": "true" },
    "delta.columnMapping.mode=name, delta.enableRowTracking=true",
  ],
];

Deno.test({
  name: "a new table has the oldest protocol that does, and none that is not written here",
  ...NONE,
  fn: () => {
    for (const [configuration, named] of NEW_TABLES) {
      const make = () => newTableProtocol("here", metadataOf(configuration));
      if (named === "") assertEquals(make(), { minReaderVersion: 1, minWriterVersion: 2 });
      else {assertThrows(
          make,
          UnsupportedTableError,
          `Cannot create the table "here": found ${named}, expected`,
        );}
    }
    const checked = metadataOf({ "delta.constraints.c": "id > 0" });
    const id = { name: "id", type: "long", nullable: true, metadata: {} };
    const known = { ...checked, schemaString: JSON.stringify({ type: "struct", fields: [id] }) };
    assertEquals(newTableProtocol("here", known), { minReaderVersion: 1, minWriterVersion: 3 });
    assertThrows(() => newTableProtocol("here", checked), UnsupportedTableError, "checkConstraints");
    assertThrows(
      () => newTableProtocol("here", withFieldKey("delta.identity.start")),
      UnsupportedTableError,
      "identityColumns",
    );
  },
});

function check(
  assertion: typeof assertReadable,
  protocol: Protocol,
  metadata: Metadata,
  named: string,
): void {
  if (named === "") return assertion("here", protocol, metadata);
  const error = assertThrows(() => assertion("here", protocol, metadata), UnsupportedTableError);
  assertInstanceOf(error, UnsupportedTableError);
  assertStringIncludes(error.message, `"here": found ${named}, expected`);
}

function metadataOf(configuration: Readonly<Record<string, string>>, fieldMetadata = {}): Metadata {
  const inside = {
    type: "struct",
    fields: [{ name: "id", type: "long", nullable: true, metadata: fieldMetadata }],
  };
  const list = { type: "array", elementType: inside, containsNull: true };
  const fields = [{ name: "list", type: list, nullable: true, metadata: {} }];
  const schemaString = JSON.stringify({ type: "struct", fields });
  return { id: "x", format: { provider: "parquet" }, schemaString, partitionColumns: [], configuration };
}

function withFieldKey(key: string): Metadata {
  return metadataOf({}, { [key]: "1" });
}
