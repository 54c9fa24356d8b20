/** Reads a data file of the standard table as rules look at its rows, whoever wrote it. */
import type { Add, Column, Columns, DeltaTable, Frame } from "../delta/mod.ts";
import { columnsOfFrame, fitFrame, frameOfColumns } from "../delta/reading.ts";
import { STANDARD_PARTITION, STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";

const MS_PER_DAY = 86_400_000;

/** The rows of a file, its date among them; all columns, or those asked for, which have the two of the order. */
export async function readTrainRows(
  standard: DeltaTable,
  add: Add,
  options: { readonly columns?: readonly string[] } = {},
): Promise<TrainRows> {
  const columns = await standard.readColumns(add, inFile(options));
  if (columns === undefined) {
    return TrainRows.of(inRouteOrder(columnsFrom(await standard.readFile(add, options))));
  }
  return TrainRows.of(inRouteOrder({ ...columns, [STANDARD_PARTITION]: dateColumn(add, columns) }));
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

/** Rows of the standard table as columns: those that others have added are left out, those that they left out are null. */
export function columnsFrom(rows: Frame): Columns {
  const { fields } = STANDARD_SCHEMA;
  const known = new Set(fields.map(({ name }) => name));
  const ours = rows.select(...rows.columns.filter((name) => known.has(name)));
  return columnsOfFrame(fitFrame(ours, STANDARD_SCHEMA), fields);
}

/** The rows in the order of the route: other engines rearrange them, and rules look at neighbours. */
export function inRouteOrder(columns: Columns): Columns {
  if (!isRearranged(TrainRows.of(columns))) return columns;
  const fields = STANDARD_SCHEMA.fields.filter(({ name }) => Object.hasOwn(columns, name));
  return columnsOfFrame(frameOfColumns(columns, fields).sort(["trainNumber", "rowNumber"]), fields);
}

/** Whether a row neither starts a route nor follows its predecessor. */
function isRearranged(rows: TrainRows): boolean {
  const places = rows.number("rowNumber"), placesBefore = rows.numberBefore("rowNumber");
  const trains = rows.number("trainNumber"), trainsBefore = rows.numberBefore("trainNumber");
  for (let row = 0; row < rows.rows; row++) {
    const place = places[row] ?? NaN;
    const isNext = trains[row] === trainsBefore[row] && place === (placesBefore[row] ?? NaN) + 1;
    if (place !== 0 && !Number.isNaN(place) && !isNext) return true;
  }
  return false;
}
