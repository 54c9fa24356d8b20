/** Some rows of the standard table for the rules that a run broke, as it was when the run measured it. */
import type { DeltaTable } from "../../delta/mod.ts";
import { openTableAt } from "../../delta/reading.ts";
import type { ResultSample } from "../../tables/rule_result_row.ts";
import { type FailingRow, findFailures } from "../find_failures.ts";
import type { EvaluatedRun } from "./past_runs.ts";
import { RULES } from "../rules.ts";
import type { RowsCount } from "../rules/rule.ts";
import type { CounterSource } from "../standard_counter.ts";

/** Finding rows means reading data files: those of so many rules, and so many of each, are kept. */
const SAMPLED_RULES = 5;
const SAMPLES = 10;

/**
 * Up to ten rows of each of the first five rules on rows that fail the report; what is only worth a look is left to
 * `report --explain`. Where the version, or a file of it, is gone there is none.
 */
export async function sampleRun(
  { standard, counter }: { readonly standard: DeltaTable; readonly counter: CounterSource },
  { run, verdict }: EvaluatedRun,
): Promise<ReadonlyMap<string, readonly ResultSample[]>> {
  const samples = new Map<string, readonly ResultSample[]>();
  const broken = verdict.rules.filter(({ outcome }) => outcome === "failed").flatMap(({ id }) => {
    const count = RULES.find((rule) => rule.id === id)?.count;
    return count?.from === "rows" ? [{ id, count }] : [];
  }).slice(0, SAMPLED_RULES);
  const judged = broken.length === 0 ? null : await openJudged(standard, run.tableVersions?.standard);
  if (judged === null) return samples;
  for (const { id, count } of broken) samples.set(id, await tryToSample(judged, count, counter));
  return samples;
}

/** The version that a run measured; null when it is not known, or not there any more. */
export async function openJudged(
  table: DeltaTable,
  version: number | undefined,
): Promise<DeltaTable | null> {
  if (version === undefined) return null;
  if (table.snapshot.version === version) return table;
  try {
    return await openTableAt(table.store, { version }, table.options);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

async function tryToSample(
  standard: DeltaTable,
  count: RowsCount,
  counter: CounterSource,
): Promise<readonly ResultSample[]> {
  try {
    return (await findFailures(standard, count, { counter: await counter(), limit: SAMPLES })).map(sampleOf);
  } catch {
    // A file that was deleted, or is broken, must not keep the results of the run from being recorded.
    return [];
  }
}

function sampleOf(
  { trainNumber, departureDate, station, rowNumber, partition, offset }: FailingRow,
): ResultSample {
  return {
    ...{ trainNumber, departureDate, station, rowNumber },
    kafkaPartition: partition,
    kafkaOffset: offset,
  };
}
