/** A report with something in every section. */

import { RULES } from "../../lib/quality/rules.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { buildReport, type Report } from "../../lib/report/build_report.ts";

const RUN: RunRecord = {
  runId: "run-1",
  topic: "trains",
  generatedAt: new Date("2025-02-17T05:00:00Z"),
  account: {
    offsets: 1250,
    landed: 1234,
    expired: 5,
    gaps: 11,
    accepted: 1000,
    duplicate: 200,
    stale: 30,
    quarantined: 4,
    rowsAdded: 50_000,
    rowsRemoved: 1_000,
    landingRows: 1234,
    quarantineRows: 4,
    standardRows: 49_000,
  },
  conflict: 0,
  newlyExpired: 0,
  lag: 7,
  missingValues: { trainNumber: 1, trainNumber_empty: 0, stationShortCode: 0, stationShortCode_empty: 2 },
  duplicateRecords: 0,
  anomalies: {
    departureDate_format_errors: 1,
    arrivalTime_format_errors: 0,
    departureTime_format_errors: 0,
    otherTime_format_errors: 0,
    ...Object.fromEntries(RULES.flatMap(({ count }) => count.from === "rows" ? [[count.anomaly, 0]] : [])),
  },
  quarantineReasons: { not_json: 1, date_format: 3 },
  schemaDrift: { "$.new\u001b[31mField": 12, "$.timetableType=NEW": 3 },
  newestMessageTime: new Date("2025-02-17T04:21:00Z"),
  ruleSet: "rules-1",
  units: { trains: 1200, stops: 23_300 },
  uncounted: {},
  ruleUnits: Object.fromEntries(
    RULES.flatMap(({ count }) =>
      count.from === "rows" && count.units !== undefined ? [[count.anomaly, 900]] : []
    ),
  ),
  trainsByCategory: { Commuter: 700, "Long-distance": 500 },
};

/** The report of a run that differs from a good one in these. */
export function makeReport(
  changes: Partial<RunRecord> = {},
  account: Partial<RunRecord["account"]> = {},
): Report {
  const run = { ...RUN, ...changes, account: { ...RUN.account, ...account } };
  const table = {
    name: "landing",
    path: "landing_zone/trains_travel",
    version: 3,
    files: 2,
    rows: 1234,
    sizeBytes: 5_678_901,
  };
  return buildReport(run, {
    history: [],
    samples: [],
    policy: null,
    since: { ingested: 0, unmerged: 0, waiting: null, isRefused: false },
    verdict: evaluateRun(run),
    tables: [table, { ...table, path: "standard_zone/trains_travel", sizeBytes: 999 }],
    madeAt: new Date("2025-02-17T05:00:30Z"),
  });
}
