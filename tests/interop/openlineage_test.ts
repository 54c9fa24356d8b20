/** OpenLineage as its own classes read it, which are generated from the published schemas. */
import { assertEquals } from "@std/assert";
import { tableSchema } from "../../lib/delta/mod.ts";
import { columnsOfRules } from "../../lib/quality/rule_columns.ts";
import { RULES } from "../../lib/quality/rules.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { type LineagePlaces, renderOpenLineage } from "../../lib/report/openlineage/render_openlineage.ts";
import { LANDING_SCHEMA, QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { STANDARD_SCHEMA } from "../../lib/tables/standard_schema.ts";
import { seededRandom } from "../delta/test_context.ts";
import { withHistory } from "../report/made_up_history.ts";
import { makeReport } from "../report/made_up_report.ts";
import { mixedReport } from "../report/mixed_report.ts";
import { HOSTILE_NAMES, randomReport } from "../report/random_report.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const SCHEMAS = { landing: LANDING_SCHEMA, quarantine: QUARANTINE_SCHEMA, standard: STANDARD_SCHEMA };
const PLACES: LineagePlaces = {
  log: { namespace: "kafka://redpanda-0:9092" },
  folder: "/lake",
  schemas: SCHEMAS,
  columns: columnsOfRules(RULES),
};
const FACETS = [
  "DataQualityAssertionsDatasetFacet",
  "DataQualityMetricsInputDatasetFacet",
  "DatasetVersionDatasetFacet",
  "DocumentationDatasetFacet",
  "ErrorMessageRunFacet",
  "JobTypeJobFacet",
  "OutputStatisticsOutputDatasetFacet",
  "SchemaDatasetFacet",
  "TestRunFacet",
];

interface Reading {
  readonly faults: readonly string[];
  /** How many of each class. */
  readonly facets: Readonly<Record<string, number>>;
}

/** Texts of events by what they are of. */
async function eventsByName(): Promise<Readonly<Record<string, string>>> {
  const bare = { ...PLACES, log: { namespace: "file", path: "/lake/broker.db" }, schemas: {} };
  const hostileFolder = (name: string) => ({
    ...PLACES,
    folder: `/${name}`,
    schemas: { standard: tableSchema({ [name === "" ? "a" : name]: "binary" }) },
  });
  const passed = makeReport({ quarantineReasons: {}, schemaDrift: {} });
  const random = seededRandom(8);
  const reports: readonly (readonly [string, Report, LineagePlaces])[] = [
    ["passed", passed, PLACES],
    [
      "warned",
      makeReport({ duplicateRecords: 0, anomalies: { ...passed.run.anomalies, actualTime_out_of_order: 3 } }),
      PLACES,
    ],
    ["failed", mixedReport(), PLACES],
    ["with history", withHistory(makeReport(), 3), PLACES],
    ["no tables", { ...mixedReport(), tables: [] }, bare],
    [
      "uncounted",
      makeReport({
        uncounted: {
          C8: { outcome: "error", reason: "it threw" },
          V3: { outcome: "skipped", reason: "no lists" },
        },
      }),
      bare,
    ],
    ...HOSTILE_NAMES.map((name, at) =>
      [
        `hostile ${at}`,
        mixedReport({ topic: name, runId: name, schemaDrift: { [name]: 1 } }, name),
        hostileFolder(name),
      ] as const
    ),
    ...Array.from({ length: 50 }, (_, at) => [`random ${at}`, randomReport(random), PLACES] as const),
  ];
  const texts = reports.map(async ([name, report, places]) =>
    [name, await renderOpenLineage(report, places)] as const
  );
  return Object.fromEntries(await Promise.all(texts));
}

async function readAll(events: Readonly<Record<string, string>>): Promise<Readonly<Record<string, Reading>>> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-lineage-" });
  for (const [name, text] of Object.entries(events)) {
    await Deno.writeTextFile(`${folder}/${name}.ndjson`, text);
  }
  const readings = await runPython<Readonly<Record<string, Reading>>>("read_lineage.py", [folder]);
  await Deno.remove(folder, { recursive: true });
  return readings;
}

testUnless(await whyNoPython(["openlineage.client.generated"]), {
  name: "OpenLineage's own classes read every event whole, each facet at its place, and write it as it was",
  fn: async () => {
    const events = await eventsByName();
    const readings = await readAll(events);
    assertEquals(Object.keys(readings).sort(), Object.keys(events).sort());
    for (const [name, { faults }] of Object.entries(readings)) assertEquals([name, faults], [name, []]);
    assertEquals(Object.keys(readings.failed?.facets ?? {}).sort(), FACETS);
    assertEquals(
      Object.keys(readings.passed?.facets ?? {}).sort(),
      FACETS.filter((name) => !name.startsWith("Error")),
    );
  },
});

testUnless(await whyNoPython(["openlineage.client.generated"]), {
  name: "they see a field too many, one too few, another type, and a facet of another place or version",
  fn: async () => {
    const text = await renderOpenLineage(mixedReport(), PLACES);
    const changes: Readonly<Record<string, (text: string) => string>> = {
      "has no field severities": (events) => events.replace('"severity"', '"severities"'),
      "needs success": (events) => events.replace(/"success":\w+,/, ""),
      "is no <class 'int'>": (events) => events.replace(/"rowCount":\d+/, '"rowCount":"1"'),
      "no class has the schema": (events) => events.replace("facets/1-2-0/Schema", "facets/1-1-9/Schema"),
      "belongs elsewhere": (events) => events.replace('"outputStatistics":{', '"schema":{'),
      "is not a valid EventType": (events) => events.replace('"eventType":"FAIL"', '"eventType":"FAILED"'),
    };
    const changed = Object.fromEntries(
      Object.entries(changes).map(([, change], at) => [String(at), change(text)]),
    );
    const readings = await readAll(changed);
    for (const [at, fault] of Object.keys(changes).entries()) {
      const { faults = [] } = readings[at] ?? {};
      assertEquals([fault, faults.some((each) => each.includes(fault))], [fault, true], faults.join("\n"));
    }
  },
});
