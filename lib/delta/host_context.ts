/**
 * The clock and the ids of a table whose caller gives none. This is the one file of lib/ that may look at the clock
 * and draw names: the library's own door. Whoever wants the same bytes twice hands in a clock and ids.
 */
import type { TableContext } from "./table_context.ts";

/** What the caller gave, completed: the clock of this computer, and random UUIDs. */
export function completeContext<Given extends Partial<TableContext>>(given: Given): Given & TableContext {
  const { clock = () => Date.now(), ids = () => crypto.randomUUID() } = given;
  return { ...given, clock, ids };
}
