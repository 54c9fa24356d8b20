/** The trains of one departure date, each with its rows in the order of its route, as the analyses walk over them. */
import { type Columns, columnsOfFrame, frameOfColumns, type StructType } from "../delta/mod.ts";
import { type Texts, TrainRows, YES } from "../tables/rows/train_rows.ts";
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";

/** Columns of the standard table from which everything is worked out. */
export const ROUTE_COLUMNS: readonly string[] = [
  ...["trainNumber", "rowNumber", "operatorShortCode", "trainType", "trainCategory", "commuterLineID"],
  ...["trainCancelled", "version", "kafkaMessageTimestamp", "stationShortCode", "type", "trainStopping"],
  ...["cancelled", "scheduledTime", "actualTime", "causes", "trainDeleted", "sourceEpoch"],
];

/** {@linkcode ROUTE_COLUMNS} with their types. */
export const ROUTE_SCHEMA: StructType = {
  type: "struct",
  fields: STANDARD_SCHEMA.fields.filter(({ name }) => ROUTE_COLUMNS.includes(name)),
};

/** Trains in rising order of their numbers. Times are microseconds since 1970 UTC, NaN where there is none. */
export interface Routes {
  readonly rows: TrainRows;
  readonly trains: number;
  readonly numbers: Float64Array;
  /** Per train its first row, and one beyond its last. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly scheduled: Float64Array;
  /** Actual times of rows that are not off. */
  readonly ran: Float64Array;
  readonly stations: Texts;
  readonly departs: Uint8Array;
  readonly arrives: Uint8Array;
  /** 1 in rows where the train does not run: they are cancelled, or it is cancelled or deleted as a whole. */
  readonly isOff: Uint8Array;
  /** Whole seconds of the actual time after the scheduled one; NaN where the train was not, or not yet, or for 68 years. */
  readonly delays: Float64Array;
}

const MICROS_PER_SECOND = 1_000_000;

/** Reads rows of one departure date. Rows without a train number are nobody's. */
export function routesOf(columns: Columns): Routes {
  const given = TrainRows.of(columns);
  const rows = isInOrder(given) ? given : new TrainRows(sorted(columns));
  const spans = spansOf(rows);
  const scheduled = rows.number("scheduledTime"), isOff = offRows(rows);
  return {
    rows,
    trains: spans.length,
    numbers: Float64Array.from(spans, ({ number }) => number),
    from: Int32Array.from(spans, ({ from }) => from),
    to: Int32Array.from(spans, ({ to }) => to),
    ...{ scheduled, isOff, stations: rows.text("stationShortCode") },
    ...ranAt(rows.number("actualTime"), scheduled, isOff),
    departs: rows.isText("type", (type) => type === "DEPARTURE"),
    arrives: rows.isText("type", (type) => type === "ARRIVAL"),
  };
}

interface Span {
  readonly number: number;
  readonly from: number;
  readonly to: number;
}

function spansOf(rows: TrainRows): readonly Span[] {
  const numbers = rows.number("trainNumber");
  const spans: Span[] = [];
  rows.eachTrain((from, to) => {
    const number = numbers[from] ?? NaN;
    if (!Number.isNaN(number)) spans.push({ number, from, to });
  });
  return spans.sort((a, b) => a.number - b.number);
}

function offRows(rows: TrainRows): Uint8Array {
  const cancelled = rows.flag("cancelled"), whole = rows.flag("trainCancelled");
  const deleted = rows.flag("trainDeleted");
  const isOff = new Uint8Array(rows.rows);
  for (let row = 0; row < isOff.length; row++) {
    if (cancelled[row] === YES || whole[row] === YES || deleted[row] === YES) isOff[row] = 1;
  }
  return isOff;
}

function ranAt(actual: Float64Array, scheduled: Float64Array, isOff: Uint8Array) {
  const ran = new Float64Array(actual.length), delays = new Float64Array(actual.length);
  for (let row = 0; row < ran.length; row++) {
    const time = isOff[row] === 1 ? NaN : actual[row] ?? NaN;
    ran[row] = time;
    const seconds = (time - (scheduled[row] ?? NaN)) / MICROS_PER_SECOND, whole = seconds | 0;
    delays[row] = Math.abs(seconds - whole) < 1 ? whole : NaN;
  }
  return { ran, delays };
}

/** Whether the rows of each train lie side by side and in the order of its route: others may have moved them. */
function isInOrder(rows: TrainRows): boolean {
  const places = rows.number("rowNumber"), numbers = rows.number("trainNumber");
  const known = new Set<number>();
  let inOrder = true;
  rows.eachTrain((from, to) => {
    const number = numbers[from] ?? NaN;
    if (known.has(number) && !Number.isNaN(number)) inOrder = false;
    known.add(number);
    for (let row = from + 1; row < to; row++) {
      if ((places[row] ?? NaN) < (places[row - 1] ?? NaN)) inOrder = false;
    }
  });
  return inOrder;
}

/** polars puts the rows in order. */
function sorted(columns: Columns): Columns {
  const fields = ROUTE_SCHEMA.fields.filter(({ name }) => Object.hasOwn(columns, name));
  return columnsOfFrame(frameOfColumns(columns, fields).sort(["trainNumber", "rowNumber"]), fields);
}
