/** Finds columns of a table in its files, whatever column mapping calls them there. */
import { parquetMetadata, type SchemaElement } from "../../packages/hyparquet.ts";
import type { Metadata } from "../actions/actions.ts";
import { columnMappingMode, physicalName } from "../actions/column_mapping.ts";
import type { StructField } from "../schema/schema.ts";

/**
 * Finds the field of the table among the names that a struct of a file has; undefined when the file does not have it.
 * `path` leads to the struct: the names in the file from the top down, with element, key and value for lists and maps.
 */
export type ColumnMatch = (
  field: StructField,
  path: readonly string[],
  names: readonly string[],
) => string | undefined;

/** No table writes deeper files. */
const MAX_DEPTH = 200;
const FIELD_ID = "delta.columnMapping.id";

/**
 * How the columns of a table are found in one of its files.
 *
 * @throws {TypeError} when columns are found by number, and the file has no numbers
 */
export function columnMatch(metadata: Pick<Metadata, "configuration">, file: Uint8Array): ColumnMatch {
  const mode = columnMappingMode(metadata);
  if (mode === "id") return matchById(fieldIds(file));
  return (field, _path, names) => {
    const name = physicalName(field, mode);
    return names.includes(name) ? name : undefined;
  };
}

function matchById(ids: ReadonlyMap<string, number>): ColumnMatch {
  if (ids.size === 0) throw new TypeError("found columns without field ids, expected one for each");
  return (field, path, names) => {
    const expected = field.metadata[FIELD_ID];
    // Columns that are not the table's own, such as those of changed rows, have no number.
    if (expected === undefined) return names.find((name) => name === field.name);
    return names.find((name) => ids.get(pathKey([...path, name])) === expected);
  };
}

function fieldIds(file: Uint8Array): ReadonlyMap<string, number> {
  const { schema } = parquetMetadata(new Uint8Array(file).buffer);
  const ids = new Map<string, number>();
  readGroup(schema, 0, [], ids);
  return ids;
}

// The schema is in depth-first order; gives the index after the element and all below it.
function readGroup(
  schema: readonly SchemaElement[],
  index: number,
  path: readonly string[],
  ids: Map<string, number>,
): number {
  const { num_children: children = 0 } = schema[index] ?? {};
  if (path.length > MAX_DEPTH) throw new TypeError(`found more than ${MAX_DEPTH} levels, expected fewer`);
  let next = index + 1;
  for (let child = 0; child < children; child++) {
    const element = schema[next];
    if (element === undefined) return next;
    if (element.field_id !== undefined) ids.set(pathKey([...path, element.name]), element.field_id);
    next = readGroup(schema, next, [...path, ...stepInto(element, schema[index])], ids);
  }
  return next;
}

// Of the two levels between a list and its elements, or a map and its keys, only one is a step.
function stepInto(element: SchemaElement, parent: SchemaElement | undefined): readonly string[] {
  const isRepeatedGroup = element.repetition_type === "REPEATED" &&
    (parent?.converted_type === "LIST" || parent?.converted_type === "MAP" ||
      parent?.logical_type?.type === "LIST" || parent?.logical_type?.type === "MAP");
  return isRepeatedGroup ? [] : [element.name];
}

function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}
