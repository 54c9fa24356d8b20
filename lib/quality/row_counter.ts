/** Missing values, duplicates and broken rules of one standard data file, in one pass over its columns. */
import type { Columns } from "../delta/mod.ts";
import { rowCount } from "../delta/reading.ts";
import { hash } from "node:crypto";
import type { ColumnCounter } from "../tables/count_tags.ts";
import { type Counts, keepLargest } from "../tables/counts.ts";
import { countDistinct } from "../tables/rows/column_numbers.ts";
import { countRule, sumFlags } from "./count_rule.ts";
import { type Metadata, type MetadataLists, NO_METADATA } from "./metadata/metadata_lists.ts";
import { columnsFrom, inRouteOrder } from "./read_train_rows.ts";
import { RULES } from "./rules.ts";
import type { RowsCount, Rule } from "./rules/rule.ts";
import { countTraffic, TRAFFIC_REVISION } from "./traffic/count_traffic.ts";
import { TrainRows } from "../tables/rows/train_rows.ts";

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
  "category: 20",
  "missing",
  "empty",
  "duplicates: trainTravelId",
  "keys: trainNumber",
  TRAFFIC_REVISION,
];

/** What the figures of the traffic are called among the counts of a file. */
export const TRAFFIC_PREFIX = "traffic.";

/** Names from outside may be endless, and long. */
const MOST_CATEGORIES = 20;
const MOST_CHARACTERS = 40;

/** A counter of rules on rows, with what it knows of the world. */
export interface RuleCounter extends ColumnCounter {
  /** Names the rules that are counted, whatever the lists say now: runs of one rule set can be compared. */
  readonly ruleSet: string;
  readonly lists: MetadataLists;
  /** Why rules are not counted, by their ids. */
  readonly skipped: ReadonlyMap<string, string>;
  /** The versions of the tables of the metadata that the lists are of, by their names. */
  readonly metadataVersions: Counts;
}

/**
 * Counts per file: `rows`, `trains`, `stops` (pairs of arrival and departure), `category.<name>` (trains),
 * `missing.<column>` (null), `empty.<column>` (""), `duplicates` (rows of one train with the same station, time and
 * type), of each rule on rows what `countRule` says, and the figures of the traffic. The rows lie in one departure date; where another engine has
 * rearranged them they are put in the order of the route first. Rules on metadata are skipped.
 */
export const STANDARD_COUNTER: RuleCounter = rowCounter(RULES);

/**
 * The counter for these rules. Its set is a hash of all of them and of the lists that they ask: a rule that means
 * something else has another revision, and a list that has changed another name.
 */
export function rowCounter(rules: readonly Rule[], metadata: Metadata = NO_METADATA): RuleCounter {
  const { lists, contents, versions: metadataVersions = {} } = metadata;
  const skipped = new Map(rules.flatMap((rule) => skipReason(rule, metadata)));
  const onRows = rules.flatMap(({ id, count }) => count.from === "rows" ? [{ id, count }] : []);
  const counted = onRows.flatMap(({ id, count }) => skipped.has(id) ? [] : [count]);
  const names = onRows.map(({ id, count: { anomaly, revision } }) => [anomaly, revision, !skipped.has(id)]);
  const asked = counted.flatMap(({ needs = [] }) => needs.map((need) => contents[need]));
  return {
    ruleSet: hashOf([BASIS, REQUIRED_COLUMNS, TEXT_COLUMNS, names]),
    set: hashOf([BASIS, REQUIRED_COLUMNS, TEXT_COLUMNS, names, asked]),
    lists,
    skipped,
    metadataVersions,
    count: (rows) => rows.height === 0 ? { rows: 0 } : countColumns(columnsFrom(rows), counted, lists),
    countColumns: (columns) => countColumns(columns, counted, lists),
    packed: TRAFFIC_PREFIX,
    keys: (rows) => rows.getColumn("trainNumber").dropNulls().unique().toArray().map(Number),
    keysOfColumns,
  };
}

function skipReason({ id, count }: Rule, { missing }: Metadata): readonly (readonly [string, string])[] {
  const needs = count.from === "rows" ? count.needs ?? [] : [];
  const [reason] = needs.flatMap((need) => missing[need] ?? []);
  return reason === undefined ? [] : [[id, reason]];
}

function hashOf(parts: readonly unknown[]): string {
  return hash("sha1", JSON.stringify(parts)).slice(0, 12);
}

function keysOfColumns(columns: Columns): readonly number[] {
  const keys = new Set<number>();
  let last = NaN;
  for (const number of TrainRows.of(columns).number("trainNumber")) {
    // The rows of a train lie side by side.
    if (number !== last && !Number.isNaN(number)) keys.add(last = number);
  }
  return [...keys];
}

function countColumns(columns: Columns, counted: readonly RowsCount[], lists: MetadataLists): Counts {
  const rows = rowCount(columns);
  if (rows === 0) return { rows };
  const trains = TrainRows.of(inRouteOrder(columns));
  const found = [
    ...REQUIRED_COLUMNS.map((name) => [`missing.${name}`, countMissing(columns, name)] as const),
    ...TEXT_COLUMNS.map((name) => [`empty.${name}`, countEmpty(trains, name)] as const),
    ...counted.flatMap((rule) => countRule(rule, trains, lists)),
    ...Object.entries(countCategories(trains)),
  ];
  const duplicates = rows - countDistinct(columns.trainTravelId);
  const units = { trains: trains.trains, stops: sumFlags(trains.stops()) };
  const traffic = Object.entries(countTraffic(trains)).map(([name, count]) =>
    [`${TRAFFIC_PREFIX}${name}`, count] as const
  );
  const counts = [...found.filter(([, count]) => count > 0), ...traffic];
  return { rows, ...units, duplicates, ...Object.fromEntries(counts) };
}

/** Trains by category; those without one are "". */
function countCategories(rows: TrainRows): Counts {
  const { codes, words } = rows.text("trainCategory");
  const counts = new Map<string, number>();
  rows.eachTrain((from) => {
    const name = (words[codes[from] ?? -1] ?? "").slice(0, MOST_CHARACTERS).toWellFormed();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  });
  const kept = Object.entries(keepLargest(Object.fromEntries(counts), MOST_CATEGORIES));
  return Object.fromEntries(kept.map(([name, count]) => [`category.${name}`, count]));
}

function countMissing(columns: Columns, name: string): number {
  const { present = null } = columns[name] ?? {};
  return present === null ? 0 : present.length - sumFlags(present);
}

function countEmpty(rows: TrainRows, name: string): number {
  const { codes, words } = rows.text(name);
  const empty = words.indexOf("");
  return empty < 0 ? 0 : codes.reduce((count, code) => code === empty ? count + 1 : count, 0);
}
