/** OpenLineage: the events are what the specification asks for, and say what the report says. */
import { assert, assertEquals } from "@std/assert";
import { tableSchema } from "../../lib/delta/mod.ts";
import { z } from "../../lib/packages/zod.ts";
import { columnsOfRules } from "../../lib/quality/rule_columns.ts";
import { RULES } from "../../lib/quality/rules.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { type LineagePlaces, renderOpenLineage } from "../../lib/report/openlineage/render_openlineage.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { seededRandom } from "../delta/test_context.ts";
import { makeReport } from "./made_up_report.ts";
import { mixedReport } from "./mixed_report.ts";
import { HOSTILE_NAMES, randomReport } from "./random_report.ts";

const SCHEMA = new URL("testdata/openlineage.schema.json", import.meta.url);
const GOLDEN = new URL("testdata/report_openlineage.txt", import.meta.url);

const CAUSE = tableSchema({ categoryCode: "string" });
const PLACES: LineagePlaces = {
  log: { namespace: "kafka://redpanda-0:9092" },
  folder: "/lake",
  schemas: {
    standard: tableSchema({
      trainNumber: "long",
      causes: { type: "array", elementType: CAUSE, containsNull: true },
      trainReady: tableSchema({ source: "string" }),
    }),
  },
  columns: columnsOfRules(RULES),
};

type Facets = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets?: Facets;
  readonly inputFacets?: Facets;
  readonly outputFacets?: Facets;
}

interface Event {
  readonly eventType: string;
  readonly run: { readonly runId: string; readonly facets?: Facets };
  readonly job: { readonly name: string };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

async function eventsOf(report: Report, places = PLACES): Promise<readonly Event[]> {
  return (await renderOpenLineage(report, places)).split("\n").map((line) => JSON.parse(line));
}

async function lastEvent(report: Report): Promise<Event> {
  const [, last] = await eventsOf(report);
  assert(last !== undefined);
  return last;
}

/** By the path behind the folder. */
function datasetOf(datasets: readonly Dataset[], path: string): Dataset | undefined {
  return datasets.find(({ name }) => name === `/lake/${path}`);
}

Deno.test({
  name: "the format openlineage is what it was",
  permissions: { read: [GOLDEN] },
  async fn() {
    // To change it: write what the renderer gives, and a line feed, to the file.
    assertEquals(`${await renderOpenLineage(mixedReport(), PLACES)}\n`, await Deno.readTextFile(GOLDEN));
  },
});

Deno.test({
  name: "every event is valid by the specification, whatever the report and whatever its names are",
  permissions: { read: [SCHEMA] },
  async fn() {
    const schema = z.fromJSONSchema(JSON.parse(await Deno.readTextFile(SCHEMA)));
    const random = seededRandom(5);
    const hostile = HOSTILE_NAMES.map((name) => mixedReport({ topic: name, runId: name }, name));
    const reports = [
      mixedReport(),
      makeReport(),
      ...hostile,
      ...Array.from({ length: 50 }, () => randomReport(random)),
    ];
    const places = {
      ...PLACES,
      schemas: { standard: STANDARD_SCHEMA, landing: tableSchema({ a: "binary" }) },
    };
    for (const report of reports) {
      const events = await eventsOf(report, places);
      for (const event of events) assertEquals(schema.safeParse(event).error?.issues ?? [], []);
      assertEquals(events.map(({ eventType }) => eventType), [
        "START",
        report.verdict.passed ? "COMPLETE" : "FAIL",
      ]);
      assertEquals(new Set(events.map(({ run }) => run.runId)).size, 1);
      assertEquals(events.map(({ job }) => job.name), Array(2).fill(`process.${report.run.topic}`));
    }
    // The schema refuses what is not whole.
    const [event] = await eventsOf(mixedReport());
    for (const name of ["run", "job", "eventTime", "producer"]) {
      assert(!schema.safeParse({ ...event, [name]: undefined }).success, name);
    }
    assert(!schema.safeParse({ ...event, run: { runId: "run-1" } }).success);
  },
});

Deno.test("each rule is told once: as an assertion on the table that it looks at, or as a test that was skipped", async () => {
  const report = mixedReport();
  const { run, inputs } = await lastEvent(report);
  const told = inputs.flatMap(({ name, inputFacets }) => {
    const assertions = inputFacets?.dataQualityAssertions?.assertions ?? [];
    return (assertions as readonly Record<string, unknown>[]).map((
      { assertion, success, severity, column },
    ) =>
      [name.replace(/^\/lake\/|_zone.*$/g, ""), assertion, success, severity, column].filter((value) =>
        value !== undefined
      ).join(" ")
    );
  });
  assertEquals(told, [
    "landing S1 false warn",
    "landing S2 false warn",
    "standard U1 true error",
    "standard C1 false error scheduledTime",
    "standard O1 true error",
    "standard M1 false warn",
    "standard O1b false warn",
    "standard M4 false",
  ]);
  const tests = run.facets?.test?.tests as readonly { readonly name: string; readonly status: string }[];
  assertEquals(tests.map(({ name, status }) => `${name.split(" ")[0]} ${status}`), [
    "landed pass",
    "quarantined fail",
    "T3 skip",
    "M3 skip",
    "O1c skip",
    "C8 skip",
    "C6 skip",
    "V3 skip",
    "V5 skip",
  ]);
  assert(String(run.facets?.errorMessage?.message).includes("C1 times rise: 49 of 49,000 rows"));
});

Deno.test("a table has its columns, and what was counted of it; nulls only where it is known whose they are", async () => {
  const { missingValues } = makeReport().run;
  const metrics = async (report: Report) => {
    const { inputs } = await lastEvent(report);
    return datasetOf(inputs, "standard_zone/trains_travel")?.inputFacets?.dataQualityMetrics;
  };
  assertEquals(missingValues, {
    trainNumber: 1,
    trainNumber_empty: 0,
    stationShortCode: 0,
    stationShortCode_empty: 2,
  });
  const some = await metrics(makeReport());
  assertEquals([some?.rowCount, some?.bytes, some?.fileCount], [49_000, 999, 2]);
  assertEquals(some?.columnMetrics, { stationShortCode: { nullCount: 0 } });
  const all = await metrics(makeReport({}, { quarantineRows: 0 }));
  assertEquals(all?.columnMetrics, { trainNumber: { nullCount: 1 }, stationShortCode: { nullCount: 0 } });

  const { outputs } = await lastEvent(makeReport());
  assertEquals(datasetOf(outputs, "standard_zone/trains_travel")?.facets?.schema?.fields, [
    { name: "trainNumber", type: "long", ordinal_position: 1 },
    {
      name: "causes",
      type: "array<struct<categoryCode:string>>",
      ordinal_position: 2,
      fields: [{ name: "categoryCode", type: "string", ordinal_position: 1 }],
    },
    {
      name: "trainReady",
      type: "struct<source:string>",
      ordinal_position: 3,
      fields: [{ name: "source", type: "string", ordinal_position: 1 }],
    },
  ]);
});

Deno.test("what was written is what the run before did not have yet", async () => {
  const written = async (report: Report) =>
    (await lastEvent(report)).outputs.map(({ outputFacets }) => outputFacets?.outputStatistics?.rowCount);
  const report = makeReport();
  assertEquals(await written(report), [1234, 4, 50_000]);
  const { run, verdict } = makeReport({}, { landed: 1000, rowsAdded: 49_990, quarantineRows: 4 });
  assertEquals(await written({ ...report, history: [{ run, verdict }] }), [234, 0, 10]);
});

Deno.test("a run that has a UUID keeps it, any other id always makes the same one", async () => {
  const idOf = async (runId: string) => (await lastEvent(makeReport({ runId }))).run.runId;
  assertEquals(
    await idOf("0B6F3C1E-7D1B-4A52-9C55-3E8E0F1A2B3C"),
    "0b6f3c1e-7d1b-4a52-9c55-3e8e0f1a2b3c",
  );
  assertEquals(await idOf("run-1"), await idOf("run-1"));
  assert(await idOf("run-1") !== await idOf("run-2"));
});

Deno.test("topics of the embedded broker are named by its file, those of a cluster by its address", async () => {
  const topicOf = async (log: LineagePlaces["log"]) => {
    const [{ inputs: [topic] } = { inputs: [] }] = await eventsOf(makeReport(), { ...PLACES, log });
    return topic;
  };
  assertEquals(await topicOf({ namespace: "kafka://a:9092" }), {
    namespace: "kafka://a:9092",
    name: "trains",
  });
  assertEquals(await topicOf({ namespace: "file", path: "/lake/broker.db" }), {
    namespace: "file",
    name: "/lake/broker.db/trains",
  });
});

Deno.test("names stay text: the lines are two, and hold nothing that a terminal obeys", async () => {
  for (const name of HOSTILE_NAMES) {
    const text = await renderOpenLineage(mixedReport({ topic: name, runId: name }, name), PLACES);
    const lines = text.split("\n");
    assertEquals(lines.length, 2);
    assert(!/[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.test(lines.join("")), name);
    assertEquals(JSON.parse(lines[0] ?? "").inputs[0].name, name);
  }
});

Deno.test("rules on one column name a column that there is, others none", () => {
  const columns = columnsOfRules(RULES);
  assertEquals(["C1", "C2", "C6", "T3", "M1", "V1", "S3"].map((id) => columns.get(id)), [
    "scheduledTime",
    "actualTime",
    "differenceInMinutes",
    "actualTime",
    undefined,
    undefined,
    undefined,
  ]);
});
