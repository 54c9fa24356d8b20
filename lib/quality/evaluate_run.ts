/** The verdict on a run: which rules hold. Pure. */
import type { Counts } from "../tables/counts.ts";
import type { RunRecord } from "../tables/run_record.ts";
import { checkAccount, type Equation } from "./account.ts";
import { type Habit, RunComparer } from "./anomaly.ts";
import { faultText } from "../printable.ts";
import { brokenSeverity, gravest, type Limit, limitsOf, type Policy } from "./policy.ts";
import { anomaliesOf, RULES } from "./rules.ts";
import { countsSince } from "../tables/measures.ts";
import type { BatchesWindow, Figure, HistoryCount, Measured, Rule } from "./rules/rule.ts";
import { countedDrift, EVOLVE, type SchemaPolicy } from "./schema_policy.ts";

/**
 * What a rule came to: "look" is worth a look, "note" is for information, "learning" has nothing to compare with yet;
 * "skipped" lacked what it needs, and "error" threw: both are told with their reason; "unknown" was not counted by the run.
 */
export type Outcome = "passed" | "failed" | "look" | "note" | "learning" | "skipped" | "error" | "unknown";

/** Of so many runs a habit of batches is taken; of a lake that has fewer all of them count. */
const RECENT_RUNS = 20;

/** What a rule came to in one run. */
export interface RuleResult extends Pick<Rule, "id" | "dimension" | "severity" | "grain" | "title"> {
  /** Rows, stops, trains, messages or fields that break the rule; null when the run did not count them. */
  readonly failures: number | null;
  /** How many were looked at; null where nobody knows, as of unknown fields. */
  readonly units: number | null;
  readonly outcome: Outcome;
  /** Why there is no count, of a rule that was skipped or threw; printable. */
  readonly reason?: string;
  /** Of a rule that compares with the runs before: what was found, and what is usual. */
  readonly observed?: number;
  readonly usual?: Habit;
  /** Of a rule that is counted batch by batch: numbers that say more, since the run before; and the same of all. */
  readonly figures?: readonly Figure[];
  readonly overall?: Measured["overall"];
  /** Of the rule on unknown fields and values, where a policy says which of these count: those. */
  readonly drift?: Counts;
}

/** How good the data is in one respect. */
export interface Score {
  readonly dimension: Rule["dimension"] | "all";
  /** 0 to 100: the mean of the shares of units that pass each rule; null when no rule could be counted. */
  readonly score: number | null;
  readonly rules: number;
}

/** What a run amounts to. */
export interface Verdict {
  readonly equations: readonly Equation[];
  readonly rules: readonly RuleResult[];
  /** The dimensions by name, and all together last. */
  readonly scores: readonly Score[];
  /** True when the accounting adds up and no error-level rule is broken, threw or is uncounted; it may be skipped. */
  readonly passed: boolean;
}

/** What a run is evaluated beside. */
export interface Circumstances {
  /** The runs before, the oldest first. */
  readonly past?: readonly RunRecord[];
  /** Limits that differ from those of the rules. */
  readonly policy?: Policy;
  /** All rules by default. */
  readonly rules?: readonly Rule[];
  /** Of who evaluates many runs: knows the numbers of those before. */
  readonly comparer?: RunComparer;
}

/**
 * Evaluates a run. Messages in quarantine are dealt with and do not fail it; they are shown as a warning.
 */
export function evaluateRun(
  run: RunRecord,
  { past = [], policy = new Map(), rules: asked = RULES, comparer = new RunComparer() }: Circumstances = {},
): Verdict {
  const equations = checkAccount(run.account);
  const window = once(() => windowOf(run, past));
  const rules = asked.map((rule) => resultOf(rule, run, { past, policy, comparer, window }));
  const isBroken = rules.some(({ severity, outcome }) =>
    outcome === "failed" || (severity === "E" && (outcome === "unknown" || outcome === "error"))
  );
  return {
    equations,
    rules,
    scores: scoresOf(rules),
    passed: !isBroken && equations.every(({ holds }) => holds),
  };
}

interface RuleCircumstances extends Required<Omit<Circumstances, "rules">> {
  readonly window: () => BatchesWindow;
}

function resultOf(
  rule: Rule,
  run: RunRecord,
  { past, policy, comparer, window }: RuleCircumstances,
): RuleResult {
  const { id, dimension, grain, title } = rule;
  const limits = limitsOf(rule, policy);
  const severity = gravest(limits.map((limit) => limit.severity)) ?? rule.severity;
  const head = { id, dimension, severity, grain, title };
  const uncounted = run.uncounted[id];
  if (uncounted !== undefined) return { ...head, failures: null, units: null, ...uncounted };
  try {
    if (rule.count.from === "drift") return { ...head, ...driftResult(run, limits, policy.schema) };
    const found = findingOf(rule, run, { past, comparer, window });
    const isLearning = hasToLearn(rule) && found.failures === null;
    return { ...head, ...found, outcome: isLearning ? "learning" : outcomeOf(limits, found) };
  } catch (error) {
    return { ...head, failures: null, units: null, outcome: "error", reason: faultText(error) };
  }
}

type Finding = Pick<RuleResult, "failures" | "units" | "observed" | "usual" | "figures" | "overall">;

function findingOf(
  rule: Rule,
  run: RunRecord,
  { past, comparer, window }: Omit<RuleCircumstances, "policy">,
): Finding {
  const { count } = rule;
  if (count.from === "history") return compare(count, [...past, run], comparer);
  if (count.from === "batches") return count.measure(window()) ?? { failures: null, units: null };
  return { failures: failuresOf(rule, run), units: unitsOf(rule, run) };
}

/** What such a rule does not count it has nothing to go by for, or it does not apply: no reason to fail a run. */
function hasToLearn({ count }: Rule): boolean {
  return count.from === "history" || count.from === "batches";
}

/** What the batches since the run before have counted; of the first run, all batches. */
function windowOf(run: RunRecord, past: readonly RunRecord[]): BatchesWindow {
  const mine = past.filter(({ topic }) => topic === run.topic);
  const since = (before: RunRecord | undefined) => countsSince(run.measures, before?.measures ?? {});
  return {
    run,
    since: since(mine.at(-1)),
    recent: since(mine.at(-RECENT_RUNS)),
    overall: run.measures,
  };
}

/** The same for all rules that ask, made when one does. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Under a policy the names of what counts are a part of the result. */
function driftResult(
  { schemaDrift }: RunRecord,
  limits: readonly Limit[],
  schema: SchemaPolicy | undefined,
): Pick<RuleResult, "failures" | "units" | "outcome" | "drift"> {
  const { fields, values } = countedDrift(schemaDrift, schema ?? EVOLVE);
  const parts = { fields: sumOf(fields), values: sumOf(values) };
  const found = { failures: parts.fields + parts.values, units: null };
  const severity = brokenSeverity(limits, { ...found, parts });
  const outcome = severity === null ? "passed" : OUTCOMES[severity];
  return { ...found, outcome, ...(schema === undefined ? {} : { drift: { ...fields, ...values } }) };
}

function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** The run beside those before. */
function compare(count: HistoryCount, runs: readonly RunRecord[], comparer: RunComparer): Finding {
  const found = comparer.compare(count, runs);
  if (found === null) return { failures: null, units: null };
  const { observed, usual } = found;
  return { failures: observed < usual.lowest || observed > usual.highest ? 1 : 0, units: 1, observed, usual };
}

/** What failures amount to by these limits. */
export function outcomeOf(
  limits: readonly Limit[],
  { failures, units }: Pick<RuleResult, "failures" | "units">,
): Outcome {
  if (failures === null) return "unknown";
  const severity = brokenSeverity(limits, { failures, units });
  return severity === null ? "passed" : OUTCOMES[severity];
}

const OUTCOMES = { E: "failed", W: "look", I: "note" } as const;

function failuresOf(rule: Rule, run: RunRecord): number | null {
  if (rule.count.from === "run") return rule.count.failures(run);
  const counts = anomaliesOf(rule).map((name) => run.anomalies[name]);
  return counts.reduce<number | null>(
    (sum, count) => sum === null || count === undefined ? null : sum + count,
    0,
  );
}

function unitsOf({ grain, count }: Rule, { account, units, ruleUnits }: RunRecord): number | null {
  if (count.from === "rows" && count.units !== undefined) return ruleUnits[count.anomaly] ?? null;
  switch (grain) {
    case "row":
      return account.standardRows;
    case "stop":
      return units?.stops ?? null;
    case "train":
      return units?.trains ?? null;
    case "message":
      return account.landed + account.expired;
    case "run":
      return 1;
    // A rule that is counted batch by batch knows its own.
    default:
      return null;
  }
}

/** Each rule weighs the same, whatever it counts; what was not counted, skipped or threw, and what informs alone, has no weight. */
function scoresOf(rules: readonly RuleResult[]): readonly Score[] {
  const groups = Map.groupBy(rules, ({ dimension }) => dimension);
  const names = [...groups.keys()].sort();
  return [
    ...names.map((dimension) => scoreOf(dimension, groups.get(dimension) ?? [])),
    scoreOf("all", rules),
  ];
}

function scoreOf(dimension: Score["dimension"], rules: readonly RuleResult[]): Score {
  const shares = rules.flatMap(({ severity, failures, units }) =>
    severity === "I" || failures === null || units === null || units === 0
      ? []
      : [Math.max(0, 1 - failures / units)]
  );
  const score = shares.length === 0
    ? null
    : 100 * shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return { dimension, score, rules: shares.length };
}
