/** Schema evolution: new columns of a frame become columns of the table. */
import { assertColumnNames } from "./column_name.ts";
import { frameType } from "./frame_type.ts";
import { type DataType, formatType, type StructField, type StructType } from "./schema.ts";

/** What evolving needs beside the schema. */
export interface EvolveOptions {
  /** Names the table in errors. */
  readonly label: string;
}

/**
 * Adds the columns, and the fields inside structs, that the table does not have yet: at the end, nullable. Gives the
 * same object back when there is nothing to add.
 *
 * @throws {TypeError} naming each column that is there with another type, with both types
 */
export function evolveSchema(
  schema: StructType,
  columns: readonly StructField[],
  { label }: EvolveOptions,
): StructType {
  const faults: string[] = [];
  const evolved = mergeStruct(schema, columns, { above: "", faults });
  if (faults.length > 0) throw new TypeError(`Cannot write the frame: ${faults.join("; ")}`);
  assertColumnNames(evolved, label);
  return evolved;
}

interface MergeState {
  /** "train." inside the struct "train". */
  readonly above: string;
  readonly faults: string[];
}

function mergeStruct(known: StructType, columns: readonly StructField[], state: MergeState): StructType {
  const found = new Map(columns.map((column) => [column.name, column]));
  const fields = known.fields.map((field) => mergeField(field, found.get(field.name), state));
  const names = new Set(known.fields.map(({ name }) => name));
  const added = columns.filter(({ name }) => !names.has(name));
  const isSame = added.length === 0 && fields.every((field, index) => field === known.fields[index]);
  return isSame ? known : { type: "struct", fields: [...fields, ...added] };
}

function mergeField(field: StructField, found: StructField | undefined, state: MergeState): StructField {
  if (found === undefined) return field;
  const name = `${state.above}${field.name}`;
  const type = mergeType(field.type, found.type, { ...state, above: `${name}.` });
  if (type !== undefined) return type === field.type ? field : { ...field, type };
  state.faults.push(`column "${name}" is ${formatType(found.type)}, expected ${formatType(field.type)}`);
  return field;
}

function mergeType(known: DataType, found: DataType, state: MergeState): DataType | undefined {
  if (formatType(frameType(known)) === formatType(found)) return known;
  if (typeof known === "string" || typeof found === "string") return undefined;
  if (known.type === "struct" && found.type === "struct") return mergeStruct(known, found.fields, state);
  if (known.type !== "array" || found.type !== "array") return undefined;
  const elementType = mergeType(known.elementType, found.elementType, state);
  if (elementType === undefined) return undefined;
  return elementType === known.elementType ? known : { ...known, elementType };
}
