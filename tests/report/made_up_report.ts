/** A report with something in every section. */

import { RULES } from "../../lib/quality/rules.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import { trafficFigures } from "../../lib/quality/traffic/traffic_figures.ts";
import type { RunRecord } from "../../lib/tables/run_record.ts";
import { buildReport, type Report } from "../../lib/report/build_report.ts";

/** Trains by their delays, the first of 15 s each from 30 s before their time on; and what else is counted. */
function trains(kind: string, delays: readonly number[], others: Readonly<Record<string, number>>) {
  const starts = [
    -30,
    -15,
    0,
    15,
    30,
    45,
    60,
    75,
    90,
    105,
    120,
    150,
    180,
    210,
    240,
    270,
    300,
    360,
    600,
    1800,
  ];
  return Object.fromEntries([
    ...delays.map((count, at) => [`${kind}.delay.${starts[at]}`, count] as const),
    ...Object.entries(others).map(([name, count]) => [`${kind}.${name}`, count] as const),
  ].filter(([, count]) => count > 0));
}

const TRAFFIC = {
  ...trains("longDistance", [2, 5, 9, 12, 14, 10, 8, 6, 5, 4, 7, 5, 4, 3, 2, 2, 1, 6, 5, 1], {
    ...{ onTime: 98, cancelled: 6, partlyCancelled: 3, unfinished: 83 },
    ...{ "cause.E": 12, "cause.L": 5, "cause.A": 1 },
  }),
  ...trains("commuterAIKP", [12, 60, 98, 80, 41, 20, 9, 4, 2, 1, 1, 0, 2], {
    ...{ onTime: 326, unfinished: 148, "cause.E": 4 },
  }),
  ...trains("commuter", [0, 10, 31, 44, 20, 9, 8, 2, 2, 1, 1, 2, 3, 1], { onTime: 129, cancelled: 2 }),
  ...trains("freight", [9, 1, 2, 0, 1, 3, 0, 0, 1, 0, 0, 2, 0, 0, 1, 0, 3, 6, 5, 4], {
    ...{ "delay.-3600": 7, onTime: 40, cancelled: 16, partlyCancelled: 10, unfinished: 72 },
  }),
};

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
  traffic: TRAFFIC,
  uncounted: {},
  ruleUnits: Object.fromEntries(
    RULES.flatMap(({ count }) =>
      count.from === "rows" && count.units !== undefined ? [[count.anomaly, 900]] : []
    ),
  ),
  trainsByCategory: { Commuter: 700, "Long-distance": 500 },
  measures: {
    messages: 1234,
    versions: 800,
    "versions.revised": 2,
    "lag.60": 30,
    "lag.64": 3,
    "whole.40": 1234,
  },
  tableVersions: { landing: 3, quarantine: 1, standard: 3, batches: 3 },
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
    traffic: run.traffic && trafficFigures(run.traffic),
    policy: null,
    missing: [],
    since: { ingested: 0, unmerged: 0, waiting: null, isRefused: false },
    verdict: evaluateRun(run),
    tables: [table, { ...table, path: "standard_zone/trains_travel", sizeBytes: 999 }],
    madeAt: new Date("2025-02-17T05:00:30Z"),
  });
}
