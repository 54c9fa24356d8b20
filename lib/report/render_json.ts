/** The report for programs: one object, as report.schema.json describes it. */
import type { z } from "../packages/zod.ts";
import type { RunRecord } from "../tables/run_record.ts";
import type { Report } from "./build_report.ts";
import { jsonText } from "./json_text.ts";
import type { REPORT_SCHEMA } from "./report_schema.ts";

type JsonReport = z.output<typeof REPORT_SCHEMA>;

/** One JSON object in one line; times are ISO-8601 UTC, counts are numbers. */
export function renderJson(report: Report): string {
  const { madeAt, verdict, run, tables, traffic, since, freshnessSeconds, licence } = report;
  const page: JsonReport = {
    schemaVersion: 1,
    madeAt: madeAt.toISOString(),
    passed: verdict.passed,
    run: runOf(run),
    equations: [...verdict.equations],
    rules: [...verdict.rules],
    scores: [...verdict.scores],
    traffic: traffic && traffic.map((kind) => ({ ...kind, delays: [...kind.delays] })),
    tables: [...tables],
    since,
    freshnessSeconds,
    licence,
  };
  return jsonText(page);
}

function runOf(run: RunRecord): JsonReport["run"] {
  return {
    ...run,
    generatedAt: run.generatedAt.toISOString(),
    newestMessageTime: run.newestMessageTime?.toISOString() ?? null,
  };
}
