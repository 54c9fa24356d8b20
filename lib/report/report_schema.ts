/**
 * The shape of the report for machines, said once: the renderers' types, report.schema.json and the tests follow from it.
 * At run time nothing loads it.
 *
 * Under one `schemaVersion` properties and lines of new kinds may come, and none goes or changes its meaning.
 */
import { z } from "../packages/zod.ts";

const TIME = z.iso.datetime().meta({ id: "time", description: "ISO-8601, UTC" });
const COUNT = z.int().meta({ id: "count" });
const COUNTS = z.record(z.string(), COUNT);
const SEVERITY = z.enum(["E", "W", "I"]).describe("E fails the report, W is worth a look, I informs");
const OUTCOME = z.enum(["passed", "failed", "look", "note", "learning", "skipped", "error", "unknown"])
  .describe(
    "failed of E, look of W, note of I; learning has nothing to compare with yet; skipped lacked what it needs; " +
      "error threw; unknown was not counted by the run; more may come",
  );
const REASON = z.string().optional().describe("Of a rule that was skipped or threw: why there is no count");
const DIMENSION = z.string().describe("completeness, validity, ...; more may come");
const GRAIN = z.string().describe(
  "What is counted: row, stop, leg, cause, train, message, field, run; more may come",
);
const FAILURES = COUNT.nullable().describe("Units that break the rule; null when nobody could count them");
const UNITS = COUNT.nullable().describe("Units that were looked at; null where nobody knows");

const COMPARISON = {
  observed: z.number().optional().describe("Of a rule that compares with the runs before: what was found"),
  usual: z.object({ median: z.number(), lowest: z.number(), highest: z.number() }).optional(),
};

const FIGURES = z.array(z.object({
  name: z.string(),
  unit: z.string().describe('"s", "%" or "", a number of units; more may come'),
  value: z.number().nullable().describe("Null when there was nothing to take it from"),
})).readonly();

/** Of a rule that is counted batch by batch. */
const MEASURED = {
  figures: FIGURES.optional().describe("Since the run before"),
  overall: z.object({ failures: COUNT, units: COUNT, figures: FIGURES.optional() }).optional()
    .describe("Of all batches; failures and units of the rule itself are those since the run before"),
};
const DRIFT = COUNTS.optional().describe("Of S2, where quality.yaml says which unknown names count: those");

const ACCOUNT = z.object({
  offsets: COUNT.describe("Offsets from where the log began for these tables up to where they are"),
  landed: COUNT,
  expired: COUNT.describe("Deleted by the broker before they were landed: lost"),
  gaps: COUNT.describe("Offsets that never were a message"),
  accepted: COUNT,
  duplicate: COUNT,
  stale: COUNT,
  quarantined: COUNT,
  rowsAdded: COUNT,
  rowsRemoved: COUNT,
  landingRows: COUNT,
  quarantineRows: COUNT,
  standardRows: COUNT,
});

const RUN = z.object({
  runId: z.string(),
  topic: z.string(),
  generatedAt: TIME,
  account: ACCOUNT,
  conflict: COUNT,
  newlyExpired: COUNT.describe("Expired offsets that no run before has told of"),
  lag: COUNT.describe("Offsets that waited in the broker when the run ended"),
  missingValues: COUNTS.describe('Absent values by column; <column>_empty counts ""'),
  duplicateRecords: COUNT,
  anomalies: COUNTS,
  quarantineReasons: COUNTS,
  schemaDrift: COUNTS.describe("Unknown fields and values by JSON path"),
  newestMessageTime: TIME.nullable(),
  ruleSet: z.string().nullable().describe("Names the rules that the rows were counted with"),
  units: z.object({ trains: COUNT, stops: COUNT }).nullable(),
  traffic: COUNTS.nullable().describe(
    "Trains by <kind>.onTime, .cancelled, .partlyCancelled, .unfinished, .cause.<code> and .delay.<s>, which is the bin that begins at so many seconds; null when the run did not count them",
  ),
  uncounted: z.record(z.string(), z.object({ outcome: z.enum(["error", "skipped"]), reason: z.string() }))
    .describe("Rules that the run could not count, by their ids"),
  ruleUnits: COUNTS.describe("Units of rules that have their own, by the anomaly of the rule"),
  trainsByCategory: COUNTS.nullable().describe('Trains of the standard table; "" has none'),
  measures: COUNTS.describe("Sums over all batches; the README names them"),
  tableVersions: COUNTS.nullable().describe("Versions of the tables that were measured, by name"),
});

const EQUATION = z.object({ name: z.string(), left: COUNT, right: COUNT, holds: z.boolean() });

const RULE = z.object({
  id: z.string(),
  dimension: DIMENSION,
  severity: SEVERITY,
  grain: GRAIN,
  title: z.string(),
  failures: FAILURES,
  units: UNITS,
  outcome: OUTCOME,
  reason: REASON,
  drift: DRIFT,
  ...COMPARISON,
  ...MEASURED,
});

const SECONDS = z.number().nullable().describe(
  "At the final station, below 0 early; right to the bin; null without trains",
);

const TRAFFIC = {
  kind: z.string().describe("longDistance, commuterAIKP, commuter, freight; more may come"),
  name: z.string(),
  rule: z.string().describe("When a train of the kind is on time"),
  limitSeconds: z.number().describe("From where on a delay at the final station is late"),
  trains: COUNT.describe("arrived + cancelled + partlyCancelled + unfinished"),
  arrived: COUNT.describe("Ran to their end, nothing of them cancelled: all figures of delays are theirs"),
  onTime: COUNT.describe("Of those that arrived"),
  medianSeconds: SECONDS,
  p90Seconds: SECONDS,
  cancelled: COUNT,
  partlyCancelled: COUNT,
  unfinished: COUNT.describe("On their way, or without a time that is needed"),
  delays: z.array(z.object({ from: z.number(), to: z.number().nullable(), trains: COUNT })).describe(
    "Bins of seconds that are not empty; the first holds what is earlier too, null is no end",
  ),
  causes: COUNTS.describe("Trains by the categories of causes that are given for them"),
};

/** `--format json`. */
export const REPORT_SCHEMA = z.object({
  schemaVersion: z.literal(1),
  madeAt: TIME.describe("With --run the time of the run"),
  passed: z.boolean().describe("The accounting adds up and no E rule is broken, threw or is uncounted"),
  run: RUN,
  equations: z.array(EQUATION),
  rules: z.array(RULE),
  scores: z.array(z.object({
    dimension: DIMENSION.describe('By name; "all" is all together'),
    score: z.number().min(0).max(100).nullable().describe("Null when no rule could be counted"),
    rules: COUNT.describe("How many rules it is the mean of"),
  })),
  traffic: z.array(z.object(TRAFFIC)).nullable().describe(
    "By kind of train; null when the run did not count it",
  ),
  tables: z.array(z.object({
    name: z.string(),
    path: z.string(),
    version: COUNT,
    files: COUNT,
    rows: COUNT,
    sizeBytes: COUNT,
  })),
  since: z.object({
    ingested: COUNT.describe("Offsets that later runs have ingested without being measured"),
    unmerged: COUNT.describe("Landed offsets that standard does not have yet"),
    waiting: COUNT.nullable().describe("Offsets that wait in the broker now; null when it was not asked"),
    isRefused: z.boolean().describe("process would refuse the log: it is not the one of these tables"),
  }).nullable().describe("What has happened since the run; null with --run, which shows a run as it was"),
  freshnessSeconds: z.number().nullable().describe("From the newest message to madeAt"),
  licence: z.string(),
}).meta({ title: "Ratalake quality report" });

const OF_RUN = {
  schemaVersion: z.literal(1),
  runId: z.string(),
  time: TIME.describe("When the run measured"),
  topic: z.string(),
  ruleSet: z.string().nullable(),
};

/** One line of `--format ndjson`. */
export const LINE_SCHEMA = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("equation"), ...OF_RUN, ...EQUATION.shape }),
  z.object({
    kind: z.literal("rule"),
    ...OF_RUN,
    rule: z.string(),
    title: z.string(),
    dimension: DIMENSION,
    severity: SEVERITY,
    grain: GRAIN,
    units: UNITS,
    failures: FAILURES,
    share: z.number().nullable().describe("Failures over units; null where one of them is unknown"),
    outcome: OUTCOME,
    reason: REASON,
    drift: DRIFT,
    ...COMPARISON,
    ...MEASURED,
  }),
  z.object({ ...TRAFFIC, kind: z.literal("traffic"), ...OF_RUN, trainKind: TRAFFIC.kind }),
]);
