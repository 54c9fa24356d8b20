/** Joins what stays of replaced files with the rows that replace the rest, as frames: for files that are not plain. */
import { pl } from "../packages/polars.ts";
import {
  type Add,
  type Columns,
  type DeltaTable,
  fitFrame,
  type Frame,
  frameOfColumns,
  type StructType,
} from "../delta/mod.ts";
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";

/** With the columns that others have added to the table, null in what is new. */
export async function joinFrames(
  removes: readonly Add[],
  fresh: Columns,
  { table, numbers, schema }: {
    readonly table: DeltaTable;
    readonly numbers: ReadonlySet<number>;
    readonly schema: StructType;
  },
): Promise<Frame> {
  const parts: Frame[] = [];
  for (const add of removes) parts.push(withoutTrains(await table.readFile(add), [...numbers]));
  const added = fitFrame(frameOfColumns(fresh, STANDARD_SCHEMA.fields), schema);
  return pl.concat([...parts, added], { how: "vertical", rechunk: false });
}

/** A filter instead of an anti join: a sixth of the time. */
function withoutTrains(rows: Frame, numbers: readonly number[]): Frame {
  const isGone = pl.col("trainNumber").isIn([...numbers]).fillNull(false);
  return rows.filter(isGone.not());
}
