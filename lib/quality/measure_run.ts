/**
 * Stage 6 of 7. Receives the tables from landing, quarantine and standard; hands one row per run, and the accounting
 * of every batch, to the report.
 */
import type { DeltaTable } from "../delta/mod.ts";
import { countTable } from "../tables/count_tags.ts";
import { type Counts, countsUnder, keepLargest } from "../tables/counts.ts";
import type { LakeTables } from "../tables/lake_tables.ts";
import type { Account, RunRecord, UncountedRule } from "../tables/run_record.ts";
import { BATCHES_COUNTER } from "./batch_counter.ts";
import { newestMessageTime } from "./newest_message.ts";
import { errorIn } from "./count_rule.ts";
import { countAcrossFiles } from "./overlapping_files.ts";
import { QUARANTINE_COUNTER } from "./rejection_counter.ts";
import { REQUIRED_COLUMNS, type RuleCounter, TRAFFIC_PREFIX } from "./row_counter.ts";
import { RULES } from "./rules.ts";
import type { Rule } from "./rules/rule.ts";

/** The tables that a run is measured from. */
export type MeasuredTables = Omit<LakeTables, "runs" | "results">;

/** What a measurement cannot find in the tables. */
export interface RunIdentity {
  readonly runId: string;
  readonly topic: string;
  readonly generatedAt: Date;
  /** Offsets that waited in the broker. */
  readonly lag: number;
}

/** A run before it is recorded: what is new in it follows from the runs before. */
export type MeasuredRun = Omit<RunRecord, "newlyExpired">;

/** Names of a run's schema drift; each batch may bring as many new ones. */
const DRIFT_NAMES = 1000;
/** There are seven; names from outside may be others. */
const MOST_CATEGORIES = 50;

/** Measures the tables as their snapshots stand; the rows with this counter. */
export async function measureRun(
  tables: MeasuredTables,
  counter: RuleCounter,
  identity: RunIdentity,
): Promise<MeasuredRun> {
  const rows = await countTable(tables.standard, counter);
  const rejections = await countTable(tables.quarantine, QUARANTINE_COUNTER);
  const batches = await countTable(tables.batches, BATCHES_COUNTER);
  const uncounted = Object.fromEntries(RULES.flatMap((rule) => uncountedOf(rule, rows, counter)));
  const counted = RULES.filter(({ id }) => uncounted[id] === undefined);
  return {
    ...identity,
    account: accountOf({ rows, rejections, batches }, await landingRows(tables.landing)),
    conflict: batches.conflict ?? 0,
    missingValues: missingValues(rows, rejections),
    duplicateRecords: (rows.duplicates ?? 0) + await countAcrossFiles(tables.standard, counter),
    anomalies: Object.fromEntries(counted.flatMap((rule) => anomalies(rule, rows, rejections))),
    quarantineReasons: countsUnder(rejections, "reason."),
    schemaDrift: keepLargest(countsUnder(batches, "drift."), DRIFT_NAMES),
    newestMessageTime: await newestMessageTime(tables.landing),
    ruleSet: counter.ruleSet,
    units: { trains: rows.trains ?? 0, stops: rows.stops ?? 0 },
    traffic: countsUnder(rows, TRAFFIC_PREFIX),
    uncounted,
    ruleUnits: Object.fromEntries(counted.flatMap((rule) => ownUnits(rule, rows))),
    trainsByCategory: keepLargest(countsUnder(rows, "category."), MOST_CATEGORIES),
    measures: countsUnder(batches, "measure."),
    tableVersions: { ...versionsOf(tables), ...counter.metadataVersions },
  };
}

function versionsOf({ landing, quarantine, standard, batches }: MeasuredTables): Counts {
  return {
    landing: landing.snapshot.version,
    quarantine: quarantine.snapshot.version,
    standard: standard.snapshot.version,
    batches: batches.snapshot.version,
  };
}

/** What a rule threw on one file says nothing of the others: then no count of it is right. */
function uncountedOf(
  { id, count }: Rule,
  rows: Counts,
  { skipped }: RuleCounter,
): readonly (readonly [id: string, UncountedRule])[] {
  const reason = skipped.get(id);
  if (reason !== undefined) return [[id, { outcome: "skipped", reason }]];
  const error = count.from === "rows" ? errorIn(rows, count) : null;
  return error === null ? [] : [[id, { outcome: "error", reason: error }]];
}

function ownUnits({ count }: Rule, rows: Counts): readonly (readonly [anomaly: string, units: number])[] {
  if (count.from !== "rows" || count.units === undefined) return [];
  return [[count.anomaly, rows[`units.${count.anomaly}`] ?? 0]];
}

function accountOf(
  { rows, rejections, batches }: Readonly<Record<"rows" | "rejections" | "batches", Counts>>,
  landingRows: number,
): Account {
  return {
    offsets: batches.offsets ?? 0,
    landed: batches.landed ?? 0,
    expired: batches.expired ?? 0,
    gaps: batches.gaps ?? 0,
    accepted: batches.accepted ?? 0,
    duplicate: batches.duplicate ?? 0,
    stale: batches.stale ?? 0,
    // What was released is accepted, duplicate or stale.
    quarantined: (batches.quarantined ?? 0) - (batches.released ?? 0),
    rowsAdded: batches.rowsAdded ?? 0,
    rowsRemoved: batches.rowsRemoved ?? 0,
    landingRows,
    quarantineRows: rejections.rows ?? 0,
    standardRows: rows.rows ?? 0,
  };
}

/** Absent values in accepted rows and in quarantined messages together: neither is allowed to hide the other. */
function missingValues(rows: Counts, rejections: Counts): Counts {
  const counts: Record<string, number> = {};
  for (const name of REQUIRED_COLUMNS) {
    counts[name] = (rows[`missing.${name}`] ?? 0) + (rejections[`missing.${name}`] ?? 0);
    counts[`${name}_empty`] = (rows[`empty.${name}`] ?? 0) + (rejections[`empty.${name}`] ?? 0);
  }
  return counts;
}

/** The anomalies that a rule counts, by name. */
function anomalies(
  { count }: Rule,
  rows: Counts,
  rejections: Counts,
): readonly (readonly [name: string, count: number])[] {
  if (count.from === "rows") return [[count.anomaly, rows[`anomaly.${count.anomaly}`] ?? 0]];
  if (count.from !== "rejections") return [];
  return Object.entries(count.anomalies).map(([name, reason]) => [name, rejections[`reason.${reason}`] ?? 0]);
}

async function landingRows(landing: DeltaTable): Promise<number> {
  let rows = 0;
  for (const add of landing.snapshot.files.values()) rows += await landing.countRows(add);
  return rows;
}
