import { assertInstanceOf, assertStringIncludes, assertThrows } from "@std/assert";
import type { Metadata, Protocol } from "../../../lib/delta/actions/actions.ts";
import { UnsupportedTableError } from "../../../lib/delta/errors.ts";
import { assertReadable, assertWritable } from "../../../lib/delta/log/protocol.ts";

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
  [{ minReaderVersion: 4, minWriterVersion: 7 }, plain, "reader version 4"],
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
  [{ minReaderVersion: 1, minWriterVersion: 8 }, plain, "writer version 8"],
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
