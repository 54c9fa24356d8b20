/** A run out of what the files of the tables carry: each count in its place, sums where two tables speak of one thing. */
import { assertEquals } from "@std/assert";
import { appendFile, createTable, type DeltaTable, MemoryStore, type Row } from "../../lib/delta/mod.ts";
import { BATCHES_COUNTER } from "../../lib/quality/batch_counter.ts";
import { measureRun } from "../../lib/quality/measure_run.ts";
import { QUARANTINE_COUNTER } from "../../lib/quality/rejection_counter.ts";
import { REQUIRED_COLUMNS, STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { anomaliesOf, RULES } from "../../lib/quality/rules.ts";
import { BATCHES_SCHEMA } from "../../lib/tables/batch_record.ts";
import { countsTag } from "../../lib/tables/count_tags.ts";
import type { Counts } from "../../lib/tables/counts.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { SIMULATED_COUNTER } from "./simulated_counter.ts";
import { testContext } from "../delta/test_context.ts";

const IDENTITY = { runId: "run", topic: "trains", generatedAt: new Date(5), lag: 4 };
const ACCOUNT = ["offsets", "landed", "expired", "gaps", "accepted", "duplicate", "stale", "quarantined"];
const ROWS = ["rowsAdded", "rowsRemoved"];

/** A number of its own for each name. */
function numbered(names: readonly string[], from: number): Counts {
  return Object.fromEntries(names.map((name, i) => [name, from + i]));
}

function prefixed(prefix: string, counts: Counts): Counts {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [`${prefix}${name}`, count]));
}

/** A table of one file that says of itself what it holds, whatever its row is. */
async function tableOf(schema: typeof LANDING_SCHEMA, tags: Readonly<Record<string, string>>, row: Row = {}) {
  const table = await createTable(new MemoryStore(), { schema }, testContext());
  const nulls = Object.fromEntries(schema.fields.map(({ name }) => [name, null]));
  await appendFile(table, await table.stageRows([{ ...nulls, ...row }], { tags }), { rows: 1 });
  return table;
}

async function measure(rows: Counts, rejections: Counts, batches: Counts, counter = SIMULATED_COUNTER) {
  const landed = { kafkaMessageTimestamp: new Date(7) };
  const tables: Record<"landing" | "quarantine" | "standard" | "batches", DeltaTable> = {
    landing: await tableOf(LANDING_SCHEMA, {}, landed),
    quarantine: await tableOf(QUARANTINE_SCHEMA, countsTag(QUARANTINE_COUNTER, rejections)),
    standard: await tableOf(STANDARD_SCHEMA, countsTag(counter, rows)),
    batches: await tableOf(BATCHES_SCHEMA, countsTag(BATCHES_COUNTER, batches)),
  };
  return await measureRun(tables, counter, IDENTITY);
}

Deno.test("every count of the files stands in the run under its name, missing values of rows and rejections together", async () => {
  const missing = numbered(REQUIRED_COLUMNS, 1), empty = numbered(REQUIRED_COLUMNS, 11);
  const lacking = numbered(REQUIRED_COLUMNS, 100), blank = numbered(REQUIRED_COLUMNS, 200);
  const onRows = RULES.flatMap((rule) => rule.count.from === "rows" ? anomaliesOf(rule) : []);
  const rules = numbered(onRows, 300), account = numbered([...ACCOUNT, ...ROWS], 400);
  const reasons = { date_format: 500, arrival_time_format: 501, departure_time_format: 502, not_json: 504 };
  const drift = { "$.a": 600, "$.b=c": 601 };
  const rows = {
    rows: 700,
    trains: 702,
    stops: 703,
    duplicates: 701,
    ...prefixed("missing.", missing),
    ...prefixed("empty.", empty),
  };
  const traffic = { "freight.delay.-30": 1000, "freight.onTime": 1001, "commuter.cause.A": 1002 };
  const rejections = { rows: 800, ...prefixed("missing.", lacking), ...prefixed("empty.", blank) };
  const run = await measure(
    {
      ...{ ...rows, "units.cause_unknown": 950, "category.Cargo": 702 },
      ...prefixed("anomaly.", rules),
      ...prefixed("traffic.", traffic),
    },
    { ...rejections, ...prefixed("reason.", reasons) },
    { ...account, conflict: 900, ...prefixed("drift.", drift), "measure.lag.4": 901 },
  );
  assertEquals(run, {
    ...IDENTITY,
    account: { ...account, landingRows: 1, quarantineRows: 800, standardRows: 700 } as typeof run.account,
    conflict: 900,
    missingValues: Object.fromEntries(REQUIRED_COLUMNS.flatMap((name, i) => [
      [name, 101 + 2 * i],
      [`${name}_empty`, 211 + 2 * i],
    ])),
    duplicateRecords: 701,
    anomalies: {
      ...rules,
      departureDate_format_errors: 500,
      arrivalTime_format_errors: 501,
      departureTime_format_errors: 502,
      otherTime_format_errors: 0,
    },
    quarantineReasons: reasons,
    schemaDrift: drift,
    newestMessageTime: new Date(7),
    ruleSet: SIMULATED_COUNTER.ruleSet,
    units: { trains: 702, stops: 703 },
    traffic,
    uncounted: {},
    ruleUnits: {
      ...{ cause_unknown: 950, leg_too_fast: 0, leg_without_time: 0 },
      ...{ passed_without_actualTime: 0, actualTime_on_whole_minute: 0 },
    },
    trainsByCategory: { Cargo: 702 },
    measures: { "lag.4": 901 },
    tableVersions: { landing: 1, quarantine: 1, standard: 1, batches: 1 },
  });
});

Deno.test("a rule that threw on one file has no count at all, whatever it counted in others", async () => {
  const { anomalies, uncounted } = await measure(
    { "anomaly.scheduledTime_out_of_order": 3, "error.scheduledTime_out_of_order: out of \ncheese": 1 },
    {},
    {},
  );
  assertEquals(anomalies.scheduledTime_out_of_order, undefined);
  assertEquals(uncounted, { C1: { outcome: "error", reason: "out of \ncheese" } });
});

Deno.test("rules on metadata have no count without it, and say what to do; all others have theirs", async () => {
  const { anomalies, uncounted, ruleUnits } = await measure(
    { "anomaly.station_unknown": 3 },
    {},
    {},
    STANDARD_COUNTER,
  );
  assertEquals(Object.keys(uncounted).sort(), ["C15", "C16", "V3", "V4", "V5"]);
  assertEquals(uncounted.V5, {
    outcome: "skipped",
    reason: "there is no metadata yet: run `deno task fetch --metadata`, then `deno task process`",
  });
  const missing = RULES.flatMap((rule) =>
    anomaliesOf(rule).some((name) => anomalies[name] === undefined) ? [rule.id] : []
  );
  assertEquals(missing.sort(), Object.keys(uncounted).sort());
  assertEquals(Object.keys(ruleUnits).sort().reverse(), [
    "passed_without_actualTime",
    "actualTime_on_whole_minute",
  ]);
});

Deno.test("what no file counts is 0 in the run: every column and every rule is named", async () => {
  const { account, conflict, missingValues, anomalies, ...run } = await measure({}, {}, {});
  const none = [...Object.values(missingValues), ...Object.values(anomalies), conflict, run.duplicateRecords];
  assertEquals([new Set(none), none.length], [
    new Set([0]),
    2 * REQUIRED_COLUMNS.length + RULES.flatMap(anomaliesOf).length + 2,
  ]);
  const { landingRows, ...rest } = account;
  assertEquals([landingRows, new Set(Object.values(rest))], [1, new Set([0])]);
  assertEquals([run.quarantineReasons, run.schemaDrift, run.traffic], [{}, {}, {}]);
});
