/** Reads a data file of the standard table as rules look at its rows, whoever wrote it. */
import type { Add, Column, Columns, DeltaTable } from "../delta/mod.ts";
import { STANDARD_PARTITION } from "../tables/standard_schema.ts";
import { columnsFrom } from "./row_counter.ts";
import { TrainRows } from "./train_rows.ts";

const MS_PER_DAY = 86_400_000;

/** The rows of a file, its date among them; of the other columns those that are asked for, by default all. */
export async function readTrainRows(
  standard: DeltaTable,
  add: Add,
  asked?: readonly string[],
): Promise<TrainRows> {
  const columns = await standard.readColumns(add, { columns: asked });
  if (columns === undefined) {
    const frame = await standard.readFile(add, { columns: asked && [...asked, STANDARD_PARTITION] });
    return new TrainRows(columnsFrom(frame));
  }
  return new TrainRows({ ...columns, [STANDARD_PARTITION]: dateColumn(add, columns) });
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
