/** Runs before a made-up one: two failed, some rules came and went, one run asked other rules. */
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { PastRun, Report } from "../../lib/report/build_report.ts";

const HOUR = 3_600_000;

/** The report with so many runs before its own, one an hour; the same ones at every call. */
export function withHistory(report: Report, runs: number): Report {
  return { ...report, history: Array.from({ length: runs }, (_, at) => pastRun(report, at - runs)) };
}

/** A run so many hours before (below 0) that of the report. */
function pastRun({ run }: Report, hours: number): PastRun {
  const wave = (period: number) => Math.abs(hours) % period;
  const { account } = run;
  const quarantined = Math.max(account.quarantined + wave(3) - 1, 0);
  const past: Report["run"] = {
    ...run,
    runId: `run${hours}`,
    generatedAt: new Date(run.generatedAt.getTime() + hours * HOUR),
    account: {
      ...account,
      offsets: account.offsets + quarantined - account.quarantined,
      landed: account.landed + quarantined - account.quarantined,
      landingRows: account.landingRows + quarantined - account.quarantined,
      quarantined,
      quarantineRows: quarantined,
    },
    duplicateRecords: wave(9) === 5 ? 120 : 0,
    anomalies: {
      ...run.anomalies,
      actualTime_out_of_order: 40 * wave(4),
      stop_backwards: wave(5) === 3 ? 7 : 0,
      departureDate_contradicts: wave(7) === 2 ? 300 : 0,
    },
    measures: latencies(run, wave(8)),
    schemaDrift: wave(6) < 2 ? {} : run.schemaDrift,
    ruleSet: hours === -11 ? "rules-0" : run.ruleSet,
  };
  return { run: past, verdict: evaluateRun(past) };
}

/** Up to ten minutes; a run in eight has brought nothing. */
function latencies({ measures }: Report["run"], step: number): Report["run"]["measures"] {
  const { "whole.40": messages = 0, ...others } = measures;
  if (step === 0) return others;
  const usual = 40 + step, late = 46 + 4 * step;
  return {
    ...others,
    [`whole.${usual}`]: messages - 100,
    [`whole.${late}`]: 100,
    [`landing.${usual}`]: messages,
  };
}
