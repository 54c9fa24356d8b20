/** The runs in `quality_zone/trains_travel`: one row is appended per run, and the newest read back. */
import type { Add, DeltaTable, Row } from "../../delta/mod.ts";
import { columnBounds } from "../../delta/reading.ts";
import type { Counts } from "../../tables/counts.ts";
import { type RunRecord, runRow, RUNS_SCHEMA, type UncountedRule } from "../../tables/run_record.ts";
import { faultText } from "../../printable.ts";
import { compareRuns, runsOfTag, runsTag, type TaggedRuns } from "../../tables/run_tag.ts";
import type { MeasuredRun } from "../measure_run.ts";

const TIME = "data_quality_generation_time";

/** How many expired offsets the runs so far have told of, as a `txn`: so each is told of once, whatever crashes. */
const EXPIRED_ID = "runs.expired";

/**
 * Appends what a run measured, as one row, and returns it with what no run before has told of.
 *
 * @throws {CommitConflictError} when other writers won every race that the table allows
 */
export async function recordRun(runs: DeltaTable, run: MeasuredRun): Promise<RunRecord> {
  const { appendChange, commitComputed } = await import("../../delta/mod.ts");
  for (;;) {
    let record: RunRecord = { ...run, newlyExpired: 0 };
    const outcome = await commitComputed(runs, async ({ metadata, txns }) => {
      const told = Number(txns.get(EXPIRED_ID)?.version ?? 0n);
      const newlyExpired = Math.max(run.account.expired - told, 0);
      record = { ...run, newlyExpired };
      const row = runRow(record);
      const change = appendChange([await runs.stageRows([row], { tags: runsTag([row]) })], 1, metadata);
      if (newlyExpired === 0) return change;
      return { ...change, txns: [{ appId: EXPIRED_ID, version: BigInt(run.account.expired) }] };
    }, { isFresh: true });
    // Another run has told of the same loss at the same moment.
    if (outcome.status !== "conflict") return record;
    await runs.update();
  }
}

/** What the newest run measured; null when there was none. Opens one data file, whatever the table's age. */
export async function readNewestRun(runs: DeltaTable): Promise<RunRecord | null> {
  return (await readRuns(runs, 1)).at(-1) ?? null;
}

/**
 * What the newest runs measured, the oldest of them first. Opens no more data files than it needs: the log says what a
 * run wrote, and where files were joined, that no run in one is newer than the newest of it.
 */
export async function readRuns(runs: DeltaTable, limit: number): Promise<readonly RunRecord[]> {
  // A table of an older version lacks the newest columns.
  const known = new Set(runs.snapshot.schema.fields.map(({ name }) => name));
  const columns = RUNS_SCHEMA.fields.map(({ name }) => name).filter((name) => known.has(name));
  let newest: readonly Row[] = [];
  const merged = (rows: readonly Row[]) =>
    [...newest, ...rows].sort((left, right) => compareRuns(right, left)).slice(0, limit);
  for (const { add, time } of newestFilesFirst(runs)) {
    const oldest = newest.length < limit ? undefined : newest.at(-1);
    if (oldest !== undefined && time < Number(oldest[TIME])) break;
    const tagged = runsOfTag(add);
    newest = tagged !== null && isEnough(tagged, merged(tagged.rows), limit)
      ? merged(tagged.rows)
      : merged(await runs.readRows(add, { columns }));
  }
  return newest.toReversed().map(toRecord);
}

/** Whether no run that the log leaves out is among the newest. */
function isEnough({ rows, isWhole }: TaggedRuns, newest: readonly Row[], limit: number): boolean {
  const [last, oldestTagged] = [newest.at(-1), rows.at(-1)];
  if (isWhole || last === undefined || oldestTagged === undefined) return isWhole;
  return newest.length === limit && (last === oldestTagged || compareRuns(last, oldestTagged) > 0);
}

/** Files by the newest run that each may have; one whose statistics do not say has to be looked into. */
function newestFilesFirst({ snapshot }: DeltaTable): readonly { readonly add: Add; readonly time: number }[] {
  const boundsOf = columnBounds([TIME], snapshot);
  const upperOf = (add: Add) => {
    const { upper } = boundsOf(add);
    return upper === undefined ? Infinity : Number(upper);
  };
  const timed = [...snapshot.files.values()].map((add) => ({ add, time: upperOf(add) }));
  return timed.sort((a, b) => a.time === b.time ? 0 : b.time - a.time);
}

function toRecord(row: Row): RunRecord {
  const count = (name: string) => Number(row[name] ?? 0);
  return {
    runId: String(row.run_id),
    topic: String(row.topic),
    generatedAt: dateOf(row[TIME]) ?? new Date(0),
    account: {
      offsets: count("published"),
      landed: count("landed"),
      // Runs of version 0.1.0 did not tell the two apart.
      expired: row.expired === null || row.expired === undefined
        ? count("published") - count("landed")
        : count("expired"),
      gaps: count("gaps"),
      accepted: count("accepted"),
      duplicate: count("duplicate"),
      stale: count("stale"),
      quarantined: count("quarantined"),
      rowsAdded: count("rows_added"),
      rowsRemoved: count("rows_removed"),
      landingRows: count("landing_rows"),
      quarantineRows: count("quarantine_rows"),
      standardRows: count("total_train_travel_records"),
    },
    conflict: count("conflict"),
    newlyExpired: count("newly_expired"),
    lag: count("lag"),
    missingValues: countsIn(row.missing_values),
    duplicateRecords: count("duplicate_records"),
    anomalies: countsIn(row.anomalies),
    quarantineReasons: countsIn(row.quarantine_reasons),
    schemaDrift: countsIn(row.schema_drift),
    newestMessageTime: dateOf(row.newest_message_time),
    ruleSet: typeof row.rule_set === "string" ? row.rule_set : null,
    units: row.trains === null || row.trains === undefined
      ? null
      : { trains: count("trains"), stops: count("stops") },
    traffic: row.traffic instanceof Map ? countsIn(row.traffic) : null,
    uncounted: uncountedIn(row.uncounted_rules),
    ruleUnits: countsIn(row.rule_units),
    trainsByCategory: row.trains_by_category instanceof Map ? countsIn(row.trains_by_category) : null,
    measures: countsIn(row.measures),
    tableVersions: row.table_versions instanceof Map ? countsIn(row.table_versions) : null,
  };
}

/** Texts like "skipped: why". */
function uncountedIn(entries: unknown): Readonly<Record<string, UncountedRule>> {
  if (!(entries instanceof Map)) return {};
  return Object.fromEntries([...entries].map(([id, text]) => {
    const [, word, reason] = /^(skipped|error): (.*)$/s.exec(String(text)) ?? [];
    return [id, { outcome: word === "skipped" ? word : "error", reason: faultText(reason ?? text) }];
  }));
}

/** Microseconds since 1970 UTC as a date. */
function dateOf(micros: unknown): Date | null {
  return typeof micros === "bigint" ? new Date(Number(micros / 1000n)) : null;
}

function countsIn(entries: unknown): Counts {
  if (!(entries instanceof Map)) return {};
  return Object.fromEntries([...entries].map(([name, count]) => [name, Number(count ?? 0)]));
}
