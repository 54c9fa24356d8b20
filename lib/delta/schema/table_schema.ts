/** Table schemas written as a record of names and types. */
import type { DataType, StructType } from "./schema.ts";

/**
 * A struct of nullable columns in the order given.
 *
 * @example tableSchema({ id: "long", names: { type: "array", elementType: "string", containsNull: true } })
 */
export function tableSchema(columns: Readonly<Record<string, DataType>>): StructType {
  const fields = Object.entries(columns).map(([name, type]) => ({
    name,
    type,
    nullable: true,
    metadata: {},
  }));
  return { type: "struct", fields };
}
