/** Plans how each column of a table is made from the columns of a file. */
import type { DataType as ArrowType } from "apache-arrow";
import type { Metadata } from "../actions/actions.ts";
import { fitOf } from "./type_fit.ts";
import type { ColumnMatch } from "./column_match.ts";
import { arrowFields } from "../schema/arrow_fields.ts";
import { describeArrowType } from "../schema/frame_schema.ts";
import { type DataType, formatType, type StructField } from "../schema/schema.ts";
import type { Frame } from "../schema/polars_type.ts";

/** How one column of the table is made. */
export interface ColumnPlan {
  readonly field: StructField;
  /** Its name in the file; absent for partition columns and for those that the file does not have. */
  readonly source?: string | undefined;
  /** "literal": from the partition value, or null. */
  readonly how: "same" | "cast" | "rebuild" | "literal";
}

/** What is known of the columns of a file. */
export interface FileColumns {
  readonly path: string;
  /** Of the table's store. */
  readonly label: string;
  readonly types: ReadonlyMap<string, ArrowType>;
  readonly match: ColumnMatch;
}

/** The columns of a frame with their Arrow types. */
export function arrowTypes(frame: Frame): ReadonlyMap<string, ArrowType> {
  return new Map(arrowFields(frame).map(({ name, type }) => [name, type]));
}

/**
 * Decides how each field of the table is read from a file.
 *
 * @throws {TypeError} naming the column and both types when it cannot
 */
export function planColumns(
  fields: readonly StructField[],
  { partitionColumns }: Pick<Metadata, "partitionColumns">,
  { path, label, types, match }: FileColumns,
): readonly ColumnPlan[] {
  const names = [...types.keys()];
  const partition = new Set(partitionColumns);
  return fields.map((field): ColumnPlan => {
    if (partition.has(field.name) || field.type === "void") return { field, how: "literal" };
    const source = match(field, [], names);
    const found = source === undefined ? undefined : types.get(source);
    if (source === undefined || found === undefined) return missingColumn(field, { path, label });
    const fit = fitOf(found, field.type, match, [source]);
    if (fit !== "none") return { field, source, how: fit };
    throw wrongColumn(field, { path, label }, describeArrowType(found));
  });
}

type FilePlace = Pick<FileColumns, "path" | "label">;

function missingColumn(field: StructField, place: FilePlace): ColumnPlan {
  if (!field.nullable) throw wrongColumn(field, place, "nothing", " without nulls");
  return { field, how: isPlain(field.type) ? "literal" : "rebuild" };
}

function isPlain(type: DataType): boolean {
  return typeof type === "string";
}

function wrongColumn(
  { name, type }: StructField,
  { path, label }: FilePlace,
  found: string,
  more = "",
): TypeError {
  const expected = `${formatType(type)}${more} as the table "${label}" says`;
  return new TypeError(`Cannot read the column "${name}" of "${path}": found ${found}, expected ${expected}`);
}
