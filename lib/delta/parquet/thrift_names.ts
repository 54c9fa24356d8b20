/** What parquet.thrift calls the numbers in footers, each in its place. */

/** Type: how values are stored. */
export const PHYSICAL_TYPES: readonly string[] = [
  ...["BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"],
];

/** CompressionCodec. */
export const CODECS: readonly string[] = [
  ...["UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"],
];

/** FieldRepetitionType. */
export const REPETITIONS: readonly string[] = ["REQUIRED", "OPTIONAL", "REPEATED"];

/** ConvertedType. */
export const CONVERTED_TYPES: readonly string[] = [
  ...["UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS"],
  ...["TIMESTAMP_MILLIS", "TIMESTAMP_MICROS", "UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16"],
  ...["INT_32", "INT_64", "JSON", "BSON", "INTERVAL"],
];

/** LogicalType, by the number of its field. */
export const LOGICAL_TYPES: readonly (string | undefined)[] = [
  ...[
    undefined,
    "STRING",
    "MAP",
    "LIST",
    "ENUM",
    "DECIMAL",
    "DATE",
    "TIME",
    "TIMESTAMP",
    undefined,
    "INTEGER",
  ],
  ...["NULL", "JSON", "BSON", "UUID", "FLOAT16"],
];

/** TimeUnit, by the number of its field. */
export const TIME_UNITS: readonly (string | undefined)[] = [undefined, "MILLIS", "MICROS", "NANOS"];
