/** Reads a data file of the standard table as rules look at its rows, whoever wrote it. */
import type { Add, Column, Columns, DeltaTable } from "../delta/mod.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";
import { columnsFrom } from "./row_counter.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";

const MS_PER_DAY = 86_400_000;

/** The rows of a file, its date among them; all columns, or those that are asked for. */
export async function readTrainRows(
  standard: DeltaTable,
  add: Add,
  options: { readonly columns?: readonly string[] } = {},
): Promise<TrainRows> {
  const columns = await standard.readColumns(add, inFile(options));
  if (columns === undefined) return new TrainRows(columnsFrom(await standard.readFile(add, options)));
  return new TrainRows({ ...columns, [STANDARD_PARTITION]: dateColumn(add, columns) });
}

function inFile({ columns }: { readonly columns?: readonly string[] }) {
  return columns === undefined ? {} : { columns: columns.filter((name) => name !== STANDARD_PARTITION) };
}

/** A partition column is in no file. */
function dateColumn({ partitionValues }: Add, columns: Columns): Column {
  const length = Object.values(columns)[0]?.length ?? 0;
  const date = partitionValues[STANDARD_PARTITION];
  const isKnown = date !== null && date !== undefined;
  const day = isKnown ? Date.parse(`${date}T00:00:00Z`) / MS_PER_DAY : 0;
  return {
    ...{ kind: "int32", length, values: new Int32Array(length).fill(day) },
    present: isKnown ? null : new Uint8Array(length),
  };
}
