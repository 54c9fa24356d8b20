/** Missing values, duplicates and broken rules of one standard data file, in one pass over its columns. */
import {
  type Columns,
  columnsOfFrame,
  fitFrame,
  type Frame,
  frameOfColumns,
  rowCount,
} from "../delta/mod.ts";
import { hash } from "node:crypto";
import type { ColumnCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import { ColumnNumbers, countDistinct } from "./column_numbers.ts";
import { RULES } from "./rules.ts";
import type { RowsCount, Rule } from "./rules/rule.ts";
import { countTraffic, TRAFFIC_REVISION } from "./traffic/count_traffic.ts";
import { TrainRows } from "./train_rows.ts";

/** Columns whose absence the report counts. */
export const REQUIRED_COLUMNS = [
  "trainNumber",
  "departureDate",
  "scheduledTime",
  "stationShortCode",
  "type",
] as const;

const TEXT_COLUMNS = ["stationShortCode", "type"] as const;

/** Names what is counted beside the rules, and what the keys of a file are. */
const BASIS = [
  "rows",
  "trains",
  "stops",
  "missing",
  "empty",
  "duplicates: trainTravelId",
  "keys: trainNumber",
  TRAFFIC_REVISION,
];

/** What the figures of the traffic are called among the counts of a file. */
export const TRAFFIC_PREFIX = "traffic.";

/**
 * Counts per file: `rows`, `trains`, `stops` (pairs of arrival and departure), `missing.<column>` (null),
 * `empty.<column>` (""), `duplicates` (rows of one train with the same station, time and type), `anomaly.<name>` of each
 * rule on rows, and the figures of the traffic. The rows lie in one departure date; where another engine has rearranged
 * them they are put in the order of the route first.
 */
export const STANDARD_COUNTER: ColumnCounter = rowCounter(RULES);

/** The counter for these rules. Its set is a hash of all of them: a rule that means something else has another revision. */
export function rowCounter(rules: readonly Rule[]): ColumnCounter {
  const counted = rules.flatMap(({ count }) => count.from === "rows" ? [count] : []);
  const names = counted.map(({ anomaly, revision }) => [anomaly, revision]);
  return {
    set: hash("sha1", JSON.stringify([BASIS, REQUIRED_COLUMNS, TEXT_COLUMNS, names])).slice(0, 12),
    count: (rows) => rows.height === 0 ? { rows: 0 } : countColumns(columnsFrom(rows), counted),
    countColumns: (columns) => countColumns(columns, counted),
    packed: TRAFFIC_PREFIX,
    keys: (rows) => rows.getColumn("trainNumber").dropNulls().unique().toArray().map(Number),
    keysOfColumns,
  };
}

function keysOfColumns(columns: Columns): readonly number[] {
  const keys = new Set<number>();
  let last = NaN;
  for (const number of new ColumnNumbers(columns).of("trainNumber")) {
    // The rows of a train lie side by side.
    if (number !== last && !Number.isNaN(number)) keys.add(last = number);
  }
  return [...keys];
}

/** Rows of the standard table as columns: those that others have added are left out, those that they left out are null. */
export function columnsFrom(rows: Frame): Columns {
  const { fields } = STANDARD_SCHEMA;
  const known = new Set(fields.map(({ name }) => name));
  const ours = rows.select(...rows.columns.filter((name) => known.has(name)));
  return columnsOfFrame(fitFrame(ours, STANDARD_SCHEMA), fields);
}

function countColumns(columns: Columns, counted: readonly RowsCount[]): Counts {
  const rows = rowCount(columns);
  if (rows === 0) return { rows };
  const trains = new TrainRows(isRearranged(new ColumnNumbers(columns)) ? inOrder(columns) : columns);
  const found = [
    ...REQUIRED_COLUMNS.map((name) => [`missing.${name}`, countMissing(columns, name)] as const),
    ...TEXT_COLUMNS.map((name) => [`empty.${name}`, countEmpty(trains, name)] as const),
    ...counted.map(({ anomaly, breaks }) => [`anomaly.${anomaly}`, sum(breaks(trains))] as const),
  ];
  const duplicates = rows - countDistinct(columns.trainTravelId);
  const units = { trains: trains.trains, stops: sum(trains.stops()) };
  const traffic = Object.entries(countTraffic(trains)).map(([name, count]) =>
    [`${TRAFFIC_PREFIX}${name}`, count] as const
  );
  const counts = [...found.filter(([, count]) => count > 0), ...traffic];
  return { rows, ...units, duplicates, ...Object.fromEntries(counts) };
}

/** polars puts the rows in the order of the route. */
function inOrder(columns: Columns): Columns {
  const fields = STANDARD_SCHEMA.fields.filter(({ name }) => Object.hasOwn(columns, name));
  return columnsOfFrame(frameOfColumns(columns, fields).sort(["trainNumber", "rowNumber"]), fields);
}

function countMissing(columns: Columns, name: string): number {
  const { present = null } = columns[name] ?? {};
  return present === null ? 0 : present.length - sum(present);
}

function countEmpty(rows: TrainRows, name: string): number {
  const { codes, words } = rows.text(name);
  const empty = words.indexOf("");
  return empty < 0 ? 0 : codes.reduce((count, code) => code === empty ? count + 1 : count, 0);
}

function sum(flags: Uint8Array): number {
  let total = 0;
  for (let row = 0; row < flags.length; row++) total += flags[row] ?? 0;
  return total;
}

/** Whether a row neither starts a route nor follows its predecessor. */
function isRearranged(numbers: ColumnNumbers): boolean {
  const places = numbers.of("rowNumber"), placesBefore = numbers.before("rowNumber");
  const trains = numbers.of("trainNumber"), trainsBefore = numbers.before("trainNumber");
  for (let row = 0; row < numbers.rows; row++) {
    const place = places[row] ?? NaN;
    const isNext = trains[row] === trainsBefore[row] && place === (placesBefore[row] ?? NaN) + 1;
    if (place !== 0 && !Number.isNaN(place) && !isNext) return true;
  }
  return false;
}
