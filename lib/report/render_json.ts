/** The report for machines. */
import type { Report } from "./build_report.ts";

/** One JSON object; times are ISO-8601 UTC, counts are numbers. */
export function renderJson(report: Report): string {
  return JSON.stringify({
    madeAt: report.madeAt,
    passed: report.verdict.passed,
    run: report.run,
    equations: report.verdict.equations,
    rules: report.verdict.rules,
    tables: report.tables,
    since: report.since,
    freshnessSeconds: report.freshnessSeconds,
    licence: report.licence,
  });
}
