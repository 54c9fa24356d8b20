/** Which rules are about one column, for those who show results by column. */
import { STANDARD_SCHEMA } from "../tables/standard_schema.ts";
import { anomaliesOf } from "./rules.ts";
import type { Rule } from "./rules/rule.ts";

/** Columns by the ids of rules; an anomaly of one column begins with its name. */
export function columnsOfRules(rules: readonly Rule[]): ReadonlyMap<string, string> {
  const names = new Set(STANDARD_SCHEMA.fields.map(({ name }) => name));
  return new Map(rules.flatMap((rule): readonly (readonly [id: string, column: string])[] => {
    const anomalies = anomaliesOf(rule);
    const [column = ""] = anomalies[0]?.split("_") ?? [];
    return anomalies.length === 1 && names.has(column) ? [[rule.id, column]] : [];
  }));
}
