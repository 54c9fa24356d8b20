/** The schema that a table made from a frame would have. */
import type { DataType as ArrowType } from "apache-arrow";
import { arrow } from "../../packages/arrow.ts";
import { arrowFields } from "./arrow_fields.ts";
import { describeArrowType } from "./frame_schema.ts";
import { type DataType, parseSchema, type StructField, unwritableType } from "./schema.ts";
import type { Frame } from "./polars_type.ts";

/**
 * The columns of a frame as those of a table: nullable, with the types of Delta.
 *
 * @throws {TypeError} naming the column whose type Delta does not have
 */
export function frameFields(frame: Frame): readonly StructField[] {
  return arrowFields(frame).map(({ name, type }) => fieldOf(name, deltaType(type, name)));
}

function deltaType(type: ArrowType, name: string): DataType {
  const parts = type.children ?? [];
  if (type.typeId === arrow.Type.Struct) {
    const fields = parts.map((part) => fieldOf(part.name, deltaType(part.type, `${name}.${part.name}`)));
    return { type: "struct", fields };
  }
  const [element] = parts;
  const isList = type.typeId === arrow.Type.List || type.typeId === arrow.Type.LargeList;
  if (isList && element !== undefined) {
    return { type: "array", elementType: deltaType(element.type, `${name}[]`), containsNull: true };
  }
  return primitiveType(describeArrowType(type), name);
}

function primitiveType(text: string, name: string): DataType {
  try {
    const [field] = parseSchema(JSON.stringify({ type: "struct", fields: [{ name, type: text }] })).fields;
    if (field !== undefined && unwritableType(field.type) === undefined) return field.type;
  } catch (cause) {
    throw new TypeError(`Cannot write the column "${name}": found ${text}, expected a type of Delta`, {
      cause,
    });
  }
  throw new TypeError(`Cannot write the column "${name}": found ${text}, expected a type of Delta`);
}

function fieldOf(name: string, type: DataType): StructField {
  return { name, type, nullable: true, metadata: {} };
}
