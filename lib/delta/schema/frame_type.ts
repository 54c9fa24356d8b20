/** How a frame holds a type of Delta: polars has no maps, so they are lists of their entries. */
import { type DataType, tableSchema } from "./schema.ts";

/** The type that a column of a frame has when the table has this one: a map is a list of structs of key and value. */
export function frameType(type: DataType): DataType {
  if (typeof type === "string") return type;
  if (type.type === "struct") {
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: frameType(field.type) })) };
  }
  if (type.type === "array") return { ...type, elementType: frameType(type.elementType) };
  const entry = tableSchema({ key: frameType(type.keyType), value: frameType(type.valueType) });
  return { type: "array", elementType: entry, containsNull: true };
}

/** True when there is a map somewhere in a type. */
export function hasMap(type: DataType): boolean {
  if (typeof type === "string") return false;
  if (type.type === "map") return true;
  if (type.type === "array") return hasMap(type.elementType);
  return type.fields.some((field) => hasMap(field.type));
}
