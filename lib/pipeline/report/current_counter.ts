/** What counts the rules on rows for who looks at rows; what reads the lists of the metadata is loaded only then. */
import type { Store, TableOptions } from "../../delta/mod.ts";
import type { RuleCounter } from "../../quality/row_counter.ts";
import type { RunRecord } from "../../tables/run_record.ts";

/** With the lists of now, or with those that a run has counted with, where it says which these were. */
export async function currentCounter(
  { storeOf, clock, ids }: TableOptions & { readonly storeOf: (path: string) => Store },
  then: RunRecord | null = null,
): Promise<RuleCounter> {
  const { counterSource } = await import("../../quality/standard_counter.ts");
  return await counterSource(storeOf, { clock, ids }, then?.tableVersions ?? undefined)();
}
