/** The counter of all rules with the simulator's metadata, as a lake has it that fetched it. */
import type { Row } from "../../lib/delta/mod.ts";
import { METADATA_PARTS } from "../../lib/metadata/metadata_parts.ts";
import { type Metadata, metadataOf } from "../../lib/quality/metadata/metadata_lists.ts";
import { rowCounter } from "../../lib/quality/row_counter.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { simulatedMetadata } from "../../lib/simulator/metadata.ts";
import type { MetadataName } from "../../lib/tables/table_paths.ts";

/** The rows of the tables of metadata. */
export const SIMULATED_ROWS = {
  stations: rowsOf("stations"),
  operators: rowsOf("operators"),
  train_types: rowsOf("train_types"),
  train_categories: rowsOf("train_categories"),
  causes: rowsOf("causes"),
} as const;

/** The lists in them. */
export const SIMULATED_METADATA: Metadata = metadataOf(SIMULATED_ROWS);

/** Skips nothing. */
export const SIMULATED_COUNTER = rowCounter(RULES, SIMULATED_METADATA);

function rowsOf(wanted: MetadataName): readonly Row[] {
  return METADATA_PARTS.filter(({ name }) => name === wanted).flatMap(({ lists }) =>
    lists.flatMap(({ path, toRows }) => toRows(simulatedMetadata(path) ?? [], { source: path }).rows)
  );
}
