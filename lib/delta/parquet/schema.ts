/** Delta types as a Parquet schema, for files that polars does not write. */
import type { SchemaElement } from "hyparquet";
import { type DataType, decimalOf, type StructField } from "../schema/schema.ts";

/** How a primitive type is stored in Parquet. */
type Leaf = Omit<SchemaElement, "name" | "repetition_type" | "num_children">;

const LEAVES: Readonly<Record<string, Leaf>> = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  long: { type: "INT64" },
  integer: { type: "INT32" },
  short: { type: "INT32", converted_type: "INT_16" },
  byte: { type: "INT32", converted_type: "INT_8" },
  float: { type: "FLOAT" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  binary: { type: "BYTE_ARRAY" },
  date: { type: "INT32", converted_type: "DATE", logical_type: { type: "DATE" } },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
};

/** The schema of a Parquet file with these columns, as its footer lists it: depth first, parents before children. */
export function parquetSchema(fields: readonly StructField[]): SchemaElement[] {
  const columns = fields.flatMap(({ name, type, nullable }) => elementsOf(name, type, nullable));
  return [{ name: "schema", num_children: fields.length }, ...columns];
}

function elementsOf(name: string, type: DataType, nullable: boolean): SchemaElement[] {
  const head = { name, repetition_type: nullable ? "OPTIONAL" : "REQUIRED" } as const;
  if (typeof type === "string") return [{ ...head, ...leafOf(type) }];
  if (type.type === "struct") {
    const fields = type.fields.flatMap((field) => elementsOf(field.name, field.type, field.nullable));
    return [{ ...head, num_children: type.fields.length }, ...fields];
  }
  if (type.type === "array") {
    const list = { name: "list", repetition_type: "REPEATED", num_children: 1 } as const;
    const element = elementsOf("element", type.elementType, type.containsNull);
    return [
      { ...head, converted_type: "LIST", logical_type: { type: "LIST" }, num_children: 1 },
      list,
      ...element,
    ];
  }
  const entry = { name: "key_value", repetition_type: "REPEATED", num_children: 2 } as const;
  const key = elementsOf("key", type.keyType, false);
  const value = elementsOf("value", type.valueType, type.valueContainsNull);
  return [
    { ...head, converted_type: "MAP", logical_type: { type: "MAP" }, num_children: 1 },
    entry,
    ...key,
    ...value,
  ];
}

function leafOf(type: DataType & string): Leaf {
  const decimal = decimalOf(type);
  if (decimal !== undefined) return decimalLeaf(decimal.precision, decimal.scale);
  const leaf = LEAVES[type];
  if (leaf !== undefined) return leaf;
  throw new TypeError(
    `Cannot write the type ${type} to Parquet: found none, expected a type that Parquet and polars both have`,
  );
}

function decimalLeaf(precision: number, scale: number): Leaf {
  const decimal = { converted_type: "DECIMAL", precision, scale } as const;
  if (precision <= 9) return { ...decimal, type: "INT32" };
  if (precision <= 18) return { ...decimal, type: "INT64" };
  return { ...decimal, type: "FIXED_LEN_BYTE_ARRAY", type_length: 16 };
}
