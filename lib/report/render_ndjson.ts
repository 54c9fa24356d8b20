/** The report for log pipelines and databases: one line per equation and rule, each complete in itself. */
import type { z } from "../packages/zod.ts";
import type { Report } from "./build_report.ts";
import { shareOf } from "./describe_rule.ts";
import { jsonText } from "./json_text.ts";
import type { LINE_SCHEMA } from "./report_schema.ts";

type Line = z.output<typeof LINE_SCHEMA>;

/** Lines of JSON, told apart by `kind`: the equations of the account, the rules, then the figures of the traffic. */
export function renderNdjson({ run, verdict, traffic }: Report): string {
  const ofRun = {
    schemaVersion: 1,
    runId: run.runId,
    time: run.generatedAt.toISOString(),
    topic: run.topic,
    ruleSet: run.ruleSet,
  } as const;
  const lines: readonly Line[] = [
    ...verdict.equations.map((equation): Line => ({ kind: "equation", ...ofRun, ...equation })),
    ...verdict.rules.map(({ id, ...rule }): Line => ({
      kind: "rule",
      ...ofRun,
      rule: id,
      ...rule,
      share: shareOf(rule),
    })),
    ...(traffic ?? []).map(({ kind, delays, ...figures }): Line => ({
      kind: "traffic",
      ...ofRun,
      trainKind: kind,
      ...figures,
      delays: [...delays],
    })),
  ];
  return lines.map(jsonText).join("\n");
}
