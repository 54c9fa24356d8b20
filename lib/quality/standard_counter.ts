/** The counter of all rules with what the lake knows of the world now. */
import type { Store, TableOptions } from "../delta/mod.ts";
import { rowCounter, type RuleCounter, STANDARD_COUNTER } from "./row_counter.ts";
import { RULES } from "./rules.ts";
import { readMetadata } from "./metadata/read_metadata.ts";

/** Gives the counter; it is made when it is first asked for, and once. */
export type CounterSource = () => Promise<RuleCounter>;

/** `storeOf` gives the store of a path below the data folder; without one, rules on metadata are skipped. */
export function counterSource(
  storeOf?: (path: string) => Store,
  options?: TableOptions,
): CounterSource {
  let counter: Promise<RuleCounter> | undefined;
  if (storeOf === undefined || options === undefined) return () => Promise.resolve(STANDARD_COUNTER);
  return () => counter ??= readMetadata(storeOf, options).then((metadata) => rowCounter(RULES, metadata));
}
