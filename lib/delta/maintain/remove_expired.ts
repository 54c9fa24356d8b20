/** Removes the files that left a table long ago by their names in the log, without listing the table. */
import { KIND, optionsOf } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Remove } from "../actions/actions.ts";
import { realPath } from "../actions/log_encoding.ts";
import { assertWritable } from "../log/protocol.ts";
import { planVacuum } from "./vacuum_plan.ts";
import type { DeltaTable } from "../table/table.ts";

/** What decides which files go. */
export interface ExpiryOptions {
  /** How long files stay after they left the table, in milliseconds. */
  readonly retentionMs: number;
}

/**
 * Removes data files that left the table before the retention, and forgets that they did: checkpoints that the table
 * object writes from then on do not name them any more. Gives the number of files.
 *
 * For tables that change all the time: unlike `vacuumTable` it costs nothing where nothing has expired, whatever else
 * lies in the folder. What no commit names, as crashed writers leave it, only that one finds, and deletion vectors.
 *
 * @throws {UnsupportedTableError} when the table has rules for writers that are not known here
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import pl from "nodejs-polars";
 * import { appendFrame, createTable, MemoryStore, overwriteTable, removeExpired, tableSchema } from "../mod.ts";
 *
 * let names = 0, now = Date.UTC(2025, 1, 17);
 * const outside = { clock: () => now, ids: () => `id-${names++}` };
 * const schema = tableSchema({ name: "string", track: "double" });
 * const table = await createTable(new MemoryStore(), { schema }, outside);
 * await appendFrame(table, pl.DataFrame({ name: ["HKI"], track: [4] }));
 * await overwriteTable(table, pl.DataFrame({ name: ["TKU"], track: [1] }));
 * assertEquals(await removeExpired(table, { retentionMs: 3_600_000 }), 0);
 * now += 2 * 3_600_000;
 * assertEquals(await removeExpired(table, { retentionMs: 3_600_000 }), 1);
 * ```
 */
export async function removeExpired(table: DeltaTable, options: ExpiryOptions): Promise<number> {
  checkArguments("removeExpired", { table, options }, {
    table: KIND.table,
    options: optionsOf({ retentionMs: KIND.duration }),
  });
  const { store, snapshot, options: { clock } } = table;
  const { tombstones, metadata, protocol } = snapshot;
  assertWritable(store.label, protocol, metadata);
  const oldestMs = clock() - options.retentionMs;
  const isExpired = ({ path, deletionTimestamp = 0 }: Remove) =>
    deletionTimestamp < oldestMs && !isAbsolute(path);
  const expired = [...tombstones.values()].filter(isExpired);
  if (expired.length === 0) return 0;
  // A file that was removed may be live all the same: with another deletion vector, or under another spelling.
  const entries = expired.map(({ path, deletionTimestamp = 0 }) => (
    { path: realPath(path), sizeBytes: 0, modifiedMs: deletionTimestamp }
  ));
  const paths = new Set(planVacuum(entries, { snapshot, oldestMs }).map(({ path }) => path));
  for (const path of paths) await store.remove(path);
  table.forgetRemoved(new Set(expired.filter(({ path }) => paths.has(realPath(path)))));
  return paths.size;
}

/** It leads out of the table, or nobody can say where. */
function isAbsolute(path: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:|^\//.test(path);
}
