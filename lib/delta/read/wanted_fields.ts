/** Finds the columns that a caller wants to read among those of the table. */
import { UnsupportedTableError } from "../errors.ts";
import { type StructField, unreadableType } from "../schema/schema.ts";
import type { FileSource } from "./open_file.ts";

/** The columns to read, in the order of the schema. */
export function wantedFields(
  { schema: { fields }, store }: Pick<FileSource, "schema" | "store">,
  columns: readonly string[] | undefined,
): readonly StructField[] {
  const expected = new Set(columns ?? fields.map(({ name }) => name));
  const known = new Set(fields.map(({ name }) => name));
  const unknown = columns?.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `Cannot read the column "${unknown}": found ${[...known].join(", ")}, expected one of them`,
    );
  }
  const wanted = fields.filter(({ name }) => expected.has(name));
  const unreadable = wanted.find(({ type }) => unreadableType(type) !== undefined);
  if (unreadable !== undefined) throw unsupportedColumn(unreadable, store.label);
  return wanted;
}

function unsupportedColumn({ name, type }: StructField, table: string): UnsupportedTableError {
  const found = unreadableType(type) ?? "";
  const message = `Cannot read the column "${name}" of the table "${table}": found the type ${found}, ` +
    "expected a type that is read here; name the other columns to read them";
  return new UnsupportedTableError(message, [found], { table });
}
