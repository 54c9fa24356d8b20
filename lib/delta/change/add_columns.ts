/** New columns for a table that is there, without a row: what a later version of a program needs of older tables. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import { evolveSchema } from "../schema/evolve_schema.ts";
import type { StructField } from "../schema/schema.ts";
import { commitComputed, type WriteOutcome } from "../table/commit_computed.ts";
import type { DeltaTable } from "../table/table.ts";

/**
 * Adds the columns, and the fields inside structs, that the table does not have, in one commit of new metadata; all
 * are nullable and stand at the end. Rows that are there read as null. Nothing is committed when all are there.
 *
 * @throws {TypeError} naming each column that is there with another type, or that is not nullable
 * @throws {CommitConflictError} when other writers won every race that the table allows
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addColumns, createTable, MemoryStore, tableSchema } from "../mod.ts";
 *
 * let names = 0;
 * const outside = { clock: () => Date.UTC(2025, 1, 17), ids: () => `id-${names++}` };
 * const table = await createTable(new MemoryStore(), { schema: tableSchema({ name: "string" }) }, outside);
 * await addColumns(table, tableSchema({ track: "double" }).fields);
 * assertEquals(table.snapshot.schema.fields.map(({ name }) => name), ["name", "track"]);
 * ```
 */
export async function addColumns(table: DeltaTable, columns: readonly StructField[]): Promise<WriteOutcome> {
  checkArguments("addColumns", { table, columns }, { table: KIND.table, columns: KIND.fields });
  const required = columns.find(({ name, nullable }) =>
    !nullable && !table.snapshot.schema.fields.some((field) => field.name === name)
  );
  if (required !== undefined) {
    throw new TypeError(
      `Cannot add the column "${required.name}" to "${table.store.label}": found one without nulls, expected a nullable one`,
    );
  }
  return await commitComputed(table, ({ schema, metadata }) => {
    const evolved = evolveSchema(schema, columns, { label: table.store.label });
    if (evolved === schema) return Promise.resolve(undefined);
    return Promise.resolve({
      operation: "ADD COLUMNS",
      operationParameters: { columns: JSON.stringify(columns.map(({ name }) => name)) },
      metadata: { ...metadata, schemaString: JSON.stringify(evolved) },
      reads: "none",
      isBlindAppend: false,
    });
  });
}
