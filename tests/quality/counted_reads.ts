/** A table that counts how often its data files are read. */
import type { DeltaTable } from "../../lib/delta/mod.ts";

/** The same table; `reads` says how often a data file was read through it so far. */
export function countReads(table: DeltaTable): { readonly table: DeltaTable; readonly reads: () => number } {
  let reads = 0;
  const counting = new Proxy(table, {
    get: (target, name) => {
      if (name === "readFile" || name === "readColumns") reads++;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { table: counting, reads: () => reads };
}
