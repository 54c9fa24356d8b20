/** Headers and footers of Parquet files, byte for byte those that hyparquet-writer makes of the same facts. */
import { assertEquals } from "@std/assert";
import type { ColumnChunk } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader as writeTheirHeader } from "hyparquet-writer/src/datapage.js";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import type { DataType, StructField } from "../../../lib/delta/mod.ts";
import { parquetSchema } from "../../../lib/delta/parquet/schema.ts";
import { ThriftWriter } from "../../../lib/delta/parquet/thrift_writer.ts";
import {
  type Footer,
  type FooterColumn,
  type PageHeader,
  writeFooter,
  writePageHeader,
} from "../../../lib/delta/parquet/write_footer.ts";
import { seededRandom } from "../test_context.ts";
import { randomText } from "../random_values.ts";

const NOTHING = { permissions: "none" } as const;
const PRIMITIVES: readonly DataType[] = [
  ...["string", "long", "integer", "short", "byte", "float", "double", "boolean", "binary"] as const,
  ...["date", "timestamp", "decimal(9,2)", "decimal(18,0)", "decimal(38,10)"] as const,
];

Deno.test("the header of a page is that of hyparquet-writer", NOTHING, () => {
  const random = seededRandom(11);
  for (let round = 0; round < 200; round++) {
    const header = randomHeader(random), ours = new ThriftWriter(), theirs = new ByteWriter();
    writePageHeader(ours, header);
    writeTheirHeader(theirs, theirHeader(header));
    assertEquals(ours.view(), theirs.getBytes(), JSON.stringify(header));
  }
});

Deno.test("the footer of any schema and of files of any size is that of hyparquet-writer", NOTHING, () => {
  const random = seededRandom(12);
  for (let round = 0; round < 60; round++) {
    const footer = randomFooter(random), ours = new ThriftWriter(), theirs = new ByteWriter();
    ours.append(new TextEncoder().encode("PAR1"));
    theirs.appendBytes(new TextEncoder().encode("PAR1"));
    writeFooter(ours, footer);
    writeMetadata(theirs, theirFooter(footer));
    assertEquals(ours.view(), theirs.getBytes(), JSON.stringify(footer.schema));
  }
});

/** Of all magnitudes: lengths in bytes change at powers of 128. */
function anySize(random: () => number, bits: number): number {
  return Math.floor(2 ** (random() * bits)) - 1;
}

function randomHeader(random: () => number): PageHeader {
  const size = () => anySize(random, 31), kind = random() < 0.5 ? "data" : "dictionary";
  return {
    kind,
    values: size(),
    isCoded: kind === "data" && random() < 0.5,
    sizeBytes: size(),
    compressedBytes: size(),
  };
}

function theirHeader({ kind, values, isCoded, sizeBytes, compressedBytes }: PageHeader) {
  const sizes = { uncompressed_page_size: sizeBytes, compressed_page_size: compressedBytes };
  const encoding = isCoded ? "RLE_DICTIONARY" : "PLAIN";
  if (kind === "dictionary") {
    return {
      type: "DICTIONARY_PAGE",
      ...sizes,
      dictionary_page_header: { num_values: values, encoding },
    } as const;
  }
  const levels = { definition_level_encoding: "RLE", repetition_level_encoding: "RLE" } as const;
  return {
    type: "DATA_PAGE",
    ...sizes,
    data_page_header: { num_values: values, encoding, ...levels },
  } as const;
}

function randomFooter(random: () => number): Footer {
  const fields = Array.from({ length: 1 + Math.floor(random() * 20) }, () => randomField(random, 0));
  const schema = parquetSchema(fields);
  const columns = schema.filter(({ type }) => type !== undefined).map(() => randomColumn(random));
  return { schema, rows: anySize(random, 53), columns };
}

function randomField(random: () => number, depth: number): StructField {
  return {
    name: randomText(random, 20),
    type: randomType(random, depth),
    nullable: random() < 0.5,
    metadata: {},
  };
}

function randomType(random: () => number, depth: number): DataType {
  const kind = depth > 2 ? 1 : random();
  if (kind < 0.1) {
    return { type: "array", elementType: randomType(random, depth + 1), containsNull: random() < 0.5 };
  }
  if (kind < 0.2) {
    return { type: "struct", fields: [randomField(random, depth + 1), randomField(random, depth + 1)] };
  }
  if (kind < 0.25) {
    return {
      type: "map",
      keyType: "string",
      valueType: randomType(random, depth + 1),
      valueContainsNull: random() < 0.5,
    };
  }
  return PRIMITIVES[Math.floor(random() * PRIMITIVES.length)] ?? "string";
}

function randomColumn(random: () => number): FooterColumn {
  const size = () => anySize(random, 53);
  return {
    path: Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomText(random, 20)),
    codec: random() < 0.5 ? "ZSTD" : "UNCOMPRESSED",
    values: size(),
    uncompressedBytes: anySize(random, 48),
    compressedBytes: size(),
    start: size(),
    dataStart: size(),
    hasDictionary: random() < 0.5,
  };
}

function theirFooter({ schema, rows, columns }: Footer): Parameters<typeof writeMetadata>[1] {
  const types = schema.flatMap(({ type }) => type ?? []);
  const size = columns.reduce((sum, { uncompressedBytes }) => sum + BigInt(uncompressedBytes), 0n);
  const chunks = columns.map((column, place) => theirColumn(column, types[place] ?? "INT32"));
  return {
    version: 2,
    schema: [...schema],
    num_rows: BigInt(rows),
    row_groups: [{ columns: chunks, total_byte_size: size, num_rows: BigInt(rows) }],
    created_by: "ratalake",
    metadata_length: 0,
  };
}

function theirColumn(column: FooterColumn, type: NonNullable<ColumnChunk["meta_data"]>["type"]): ColumnChunk {
  const coded = column.hasDictionary ? { dictionary_page_offset: BigInt(column.start) } : {};
  return {
    file_offset: BigInt(column.start),
    meta_data: {
      type,
      encodings: column.hasDictionary ? ["PLAIN", "RLE", "RLE_DICTIONARY"] : ["PLAIN", "RLE"],
      path_in_schema: [...column.path],
      codec: column.codec,
      num_values: BigInt(column.values),
      total_uncompressed_size: BigInt(column.uncompressedBytes),
      total_compressed_size: BigInt(column.compressedBytes),
      data_page_offset: BigInt(column.dataStart),
      ...coded,
    },
  };
}
