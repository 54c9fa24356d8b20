/** A small table to ask things of. */
import { createTable, type DeltaTable, MemoryStore, tableSchema } from "../../lib/delta/mod.ts";
import { testContext } from "./test_context.ts";

/** A table with the column "id" and the rows 1 and 2, at version 1. */
export async function seededTable(): Promise<DeltaTable> {
  const table = await createTable(new MemoryStore(), { schema: tableSchema({ id: "long" }) }, testContext());
  const add = await table.stageRows([{ id: 1n }, { id: 2n }]);
  await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds: [add], reads: "none" });
  return table;
}
