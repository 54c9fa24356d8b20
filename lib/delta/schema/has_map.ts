/** Which types polars cannot hold as they are. */
import type { DataType } from "./schema.ts";

/** Whether a type is a map or has one in it: polars would read it as a list, and cannot write it. */
export function hasMap(type: DataType): boolean {
  if (typeof type === "string") return false;
  if (type.type === "map") return true;
  if (type.type === "array") return hasMap(type.elementType);
  return type.fields.some((field) => hasMap(field.type));
}
