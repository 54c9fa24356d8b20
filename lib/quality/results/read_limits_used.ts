/** The limits by which a run was evaluated when it was recorded, whatever they are today. */
import { columnBounds, type DeltaTable, type Row } from "../../delta/mod.ts";
import type { RunRecord } from "../../tables/run_record.ts";
import { type Limit, limitsOf, type Policy } from "../policy.ts";
import { RULES } from "../rules.ts";
import type { SchemaPolicy } from "../schema_policy.ts";

const COLUMNS = ["run_id", "rule_id", "segment", "thresholds", "schema_policy"];
const FIELD_MODES = ["evolve", "freeze", "discard_value", "discard_row"] as const;
const VALUE_MODES = ["evolve", "freeze", "discard_row"] as const;
const PARTS = ["fields", "values"] as const;
const OPERATORS = ["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"] as const;

/** Limits that differ from those of the rules; null when the table has no results of the run. */
export async function readLimitsUsed(results: DeltaTable, run: RunRecord): Promise<Policy | null> {
  const rows = await readResults(results, run);
  if (rows.length === 0) return null;
  const policy = new Map<string, readonly Limit[]>();
  for (const rule of RULES) {
    const row = rows.find(({ rule_id }) => rule_id === rule.id);
    const limits = limitsIn(row?.thresholds);
    const usual = limitsOf(rule, new Map());
    if (limits.length > 0 && JSON.stringify(limits) !== JSON.stringify(usual)) policy.set(rule.id, limits);
  }
  const schema = rows.map(({ schema_policy: text }) => schemaIn(text)).find((each) => each !== undefined);
  return schema === undefined ? policy : Object.assign(policy, { schema });
}

/** What was chosen for unknown fields and values; undefined where nothing was, or another writer wrote something else. */
function schemaIn(text: unknown): SchemaPolicy | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const { fields, values, known }: Partial<Record<keyof SchemaPolicy, unknown>> = Object(JSON.parse(text));
    const mode = FIELD_MODES.find((each) => each === fields),
      valueMode = VALUE_MODES.find((each) => each === values);
    if (mode === undefined || valueMode === undefined || !Array.isArray(known)) return undefined;
    return { fields: mode, values: valueMode, known: known.map(String) };
  } catch {
    return undefined;
  }
}

/** Opens the files that may have the run, and no others. */
async function readResults(
  results: DeltaTable,
  { runId, generatedAt }: RunRecord,
): Promise<readonly Row[]> {
  const boundsOf = columnBounds(["data_quality_generation_time"], results.snapshot);
  const micros = generatedAt.getTime() * 1000;
  const found: Row[] = [];
  for (const add of results.snapshot.files.values()) {
    const { lower, upper } = boundsOf(add);
    const isOutside = (lower !== undefined && Number(lower) > micros) ||
      (upper !== undefined && Number(upper) < micros);
    if (isOutside) continue;
    const rows = await results.readRows(add, { columns: COLUMNS });
    for (const row of rows) if (row.run_id === runId && row.segment === null) found.push(row);
  }
  return found;
}

/** Another writer may have written anything: what is no limit is left out. */
function limitsIn(thresholds: unknown): readonly Limit[] {
  if (!Array.isArray(thresholds)) return [];
  return thresholds.flatMap((threshold): readonly Limit[] => {
    const { severity, operator, value, unit, part: named } = Object(threshold);
    const part = PARTS.find((candidate) => candidate === named);
    const known = OPERATORS.find((candidate) => candidate === operator);
    if (known === undefined || typeof value !== "number" || !(value >= 0)) return [];
    if (severity !== "E" && severity !== "W" && severity !== "I") return [];
    return unit === "rows" || unit === "percent"
      ? [{ severity, operator: known, value, unit, ...(part && { part }) }]
      : [];
  });
}
