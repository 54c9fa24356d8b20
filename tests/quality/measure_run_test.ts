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

async function measure(rows: Counts, rejections: Counts, batches: Counts) {
  const landed = { kafkaMessageTimestamp: new Date(7) };
  const tables: Record<"landing" | "quarantine" | "standard" | "batches", DeltaTable> = {
    landing: await tableOf(LANDING_SCHEMA, {}, landed),
    quarantine: await tableOf(QUARANTINE_SCHEMA, countsTag(QUARANTINE_COUNTER, rejections)),
    standard: await tableOf(STANDARD_SCHEMA, countsTag(STANDARD_COUNTER, rows)),
    batches: await tableOf(BATCHES_SCHEMA, countsTag(BATCHES_COUNTER, batches)),
  };
  return await measureRun(tables, IDENTITY);
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
    { ...rows, ...prefixed("anomaly.", rules), ...prefixed("traffic.", traffic) },
    { ...rejections, ...prefixed("reason.", reasons) },
    { ...account, conflict: 900, ...prefixed("drift.", drift) },
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
    ruleSet: STANDARD_COUNTER.set,
    units: { trains: 702, stops: 703 },
    traffic,
  });
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
