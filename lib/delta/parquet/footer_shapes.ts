/** What Parquet footers and page headers are made of, as parquet.thrift says: fields, their types and their ranges. */

/** What may stand in a field. Of numbers `most` is the largest of the known ones; those without it may be any. */
export type FieldShape =
  | { readonly kind: "flag" | "binary" }
  | { readonly kind: "number"; readonly bits: 8 | 16 | 32 | 64; readonly most?: number }
  | { readonly kind: "list"; readonly of: FieldShape }
  | { readonly kind: "struct"; readonly shape: StructShape };

/** A struct; fields that are not named here may hold anything. */
export interface StructShape {
  readonly name: string;
  readonly required: readonly number[];
  readonly fields: Readonly<Record<number, FieldShape>>;
}

const FLAG = { kind: "flag" } as const;
const TEXT = { kind: "binary" } as const;
const I8 = { kind: "number", bits: 8 } as const;
const I16 = { kind: "number", bits: 16 } as const;
const I32 = { kind: "number", bits: 32 } as const;
const I64 = { kind: "number", bits: 64 } as const;
/** Sizes and places: not below 0. */
const COUNT = { kind: "number", bits: 64, most: Number.MAX_SAFE_INTEGER } as const;
const SMALL_COUNT = { kind: "number", bits: 32, most: 2 ** 31 - 1 } as const;

const PHYSICAL_TYPE = oneOf(7);
const ENCODING = oneOf(9);
const EMPTY = structOf("an empty struct", {}, []);
const UNIT = structOf("TimeUnit", { 1: EMPTY, 2: EMPTY, 3: EMPTY }, []);
const TIME = structOf("TimeType", { 1: FLAG, 2: UNIT }, [1, 2]);
const DECIMAL = structOf("DecimalType", { 1: SMALL_COUNT, 2: SMALL_COUNT }, [1, 2]);
const INTEGER = structOf("IntType", { 1: I8, 2: FLAG }, [1, 2]);
const LOGICAL = {
  ...emptyFields([1, 2, 3, 4, 6, 11, 12, 13, 14, 15]),
  5: DECIMAL,
  7: TIME,
  8: TIME,
  10: INTEGER,
};
const PAIR = structOf("KeyValue", { 1: TEXT, 2: TEXT }, [1]);

/** A SchemaElement, of which the schema of a file is a list. */
export const ELEMENT_SHAPE: StructShape = {
  name: "SchemaElement",
  required: [4],
  fields: {
    1: PHYSICAL_TYPE,
    2: SMALL_COUNT,
    3: oneOf(2),
    4: TEXT,
    5: SMALL_COUNT,
    6: oneOf(21),
    7: SMALL_COUNT,
    8: SMALL_COUNT,
    9: I32,
    10: structOf("LogicalType", LOGICAL, []),
  },
};

const STATISTICS = structOf("Statistics", {
  1: TEXT,
  2: TEXT,
  3: I64,
  4: I64,
  5: TEXT,
  6: TEXT,
  7: FLAG,
  8: FLAG,
}, []);

const COLUMN = structOf("ColumnMetaData", {
  1: PHYSICAL_TYPE,
  2: listOf(ENCODING),
  3: listOf(TEXT),
  4: oneOf(7),
  5: COUNT,
  6: COUNT,
  7: COUNT,
  8: listOf(PAIR),
  9: COUNT,
  10: I64,
  11: I64,
  12: STATISTICS,
  13: listOf(structOf("PageEncodingStats", { 1: oneOf(3), 2: ENCODING, 3: I32 }, [1, 2, 3])),
  14: I64,
  15: I32,
  16: structOf("SizeStatistics", { 1: I64, 2: listOf(I64), 3: listOf(I64) }, []),
}, [1, 2, 3, 4, 5, 6, 7, 9]);

const CHUNK = structOf("ColumnChunk", {
  1: TEXT,
  2: I64,
  3: COLUMN,
  4: I64,
  5: I32,
  6: I64,
  7: I32,
  8: structOf("ColumnCryptoMetaData", {}, []),
  9: TEXT,
}, [2, 3]);

const GROUP = structOf("RowGroup", {
  1: listOf(CHUNK),
  2: COUNT,
  3: COUNT,
  4: listOf(structOf("SortingColumn", { 1: I32, 2: FLAG, 3: FLAG }, [1, 2, 3])),
  5: I64,
  6: I64,
  7: I16,
}, [1, 2, 3]);

/** FileMetaData, with which a footer begins. */
export const FOOTER_SHAPE: StructShape = {
  name: "FileMetaData",
  required: [1, 2, 3, 4],
  fields: {
    1: I32,
    2: listOf({ kind: "struct", shape: ELEMENT_SHAPE }),
    3: COUNT,
    4: listOf(GROUP),
    5: listOf(PAIR),
    6: TEXT,
    7: listOf(structOf("ColumnOrder", { 1: EMPTY }, [])),
  },
};

const NUMBERS = { 1: SMALL_COUNT, 2: ENCODING } as const;
const DATA_V1 = { ...NUMBERS, 3: ENCODING, 4: ENCODING, 5: STATISTICS };
const DATA_V2 = {
  1: SMALL_COUNT,
  2: SMALL_COUNT,
  3: SMALL_COUNT,
  4: ENCODING,
  5: SMALL_COUNT,
  6: SMALL_COUNT,
  7: FLAG,
  8: STATISTICS,
};

/** PageHeader, with which each page begins. */
export const PAGE_SHAPE: StructShape = {
  name: "PageHeader",
  required: [1, 2, 3],
  fields: {
    1: oneOf(3),
    2: SMALL_COUNT,
    3: SMALL_COUNT,
    4: I32,
    5: structOf("DataPageHeader", DATA_V1, [1, 2, 3, 4]),
    6: EMPTY,
    7: structOf("DictionaryPageHeader", { ...NUMBERS, 3: FLAG }, [1, 2]),
    8: structOf("DataPageHeaderV2", DATA_V2, [1, 2, 3, 4, 5, 6]),
  },
};

function oneOf(most: number): FieldShape {
  return { kind: "number", bits: 32, most };
}

function listOf(of: FieldShape): FieldShape {
  return { kind: "list", of };
}

function structOf(name: string, fields: StructShape["fields"], required: readonly number[]): FieldShape {
  return { kind: "struct", shape: { name, required, fields } };
}

function emptyFields(ids: readonly number[]): StructShape["fields"] {
  return Object.fromEntries(ids.map((id) => [id, structOf("an empty struct", {}, [])]));
}
