/** The JSON formats are what their schema says, and the schema that is published is that one. */
import { assert, assertEquals } from "@std/assert";
import { z } from "../../lib/packages/zod.ts";
import { renderJson } from "../../lib/report/render_json.ts";
import { renderNdjson } from "../../lib/report/render_ndjson.ts";
import { LINE_SCHEMA, REPORT_SCHEMA } from "../../lib/report/report_schema.ts";
import { readImports } from "../architecture/read_imports.ts";
import { seededRandom } from "../delta/test_context.ts";
import { makeReport } from "./made_up_report.ts";
import { mixedReport } from "./mixed_report.ts";
import { randomReport } from "./random_report.ts";

const LIB = new URL("../../lib/", import.meta.url);
const PUBLISHED = new URL("../../lib/report/report.schema.json", import.meta.url);

Deno.test({
  name: "the published JSON Schema is the one that the code has",
  permissions: { read: [PUBLISHED] },
  async fn() {
    // To publish a change: write what is expected here to the file, and `deno fmt` it.
    const expected = z.toJSONSchema(REPORT_SCHEMA, { io: "input" });
    assertEquals(JSON.parse(await Deno.readTextFile(PUBLISHED)), JSON.parse(JSON.stringify(expected)));
  },
});

Deno.test({
  name: "no report waits for the schema to load: what is written follows from its types",
  permissions: { read: [LIB] },
  fn() {
    const users = ["report", "pipeline"].flatMap((folder) =>
      Deno.readDirSync(new URL(folder, LIB)).map(({ name }) => `lib/${folder}/${name}`).filter((path) =>
        path.endsWith(".ts")
      ).toArray()
    );
    const loading = users.filter((path) =>
      readImports(path, Deno.readTextFileSync(new URL(`../${path}`, LIB))).some(({ to, kind }) =>
        to === "lib/report/report_schema.ts" && kind === "value"
      )
    );
    assert(users.includes("lib/report/render_json.ts"));
    assertEquals(loading, []);
  },
});

Deno.test("every report fits the schema, and has no property that the schema does not tell", () => {
  const random = seededRandom(1);
  const reports = [makeReport(), mixedReport(), ...Array.from({ length: 300 }, () => randomReport(random))];
  for (const report of reports) {
    const object = JSON.parse(renderJson(report));
    // What is not told is stripped.
    assertEquals(REPORT_SCHEMA.parse(object), object);
    for (const line of renderNdjson(report).split("\n")) {
      assertEquals(LINE_SCHEMA.parse(JSON.parse(line)), JSON.parse(line));
    }
  }
});

Deno.test("the properties of before have their names still", () => {
  const names = Object.keys(JSON.parse(renderJson(makeReport())));
  const before = [
    "madeAt",
    "passed",
    "run",
    "equations",
    "rules",
    "tables",
    "since",
    "freshnessSeconds",
    "licence",
  ];
  assertEquals(before.filter((name) => !names.includes(name)), []);
});

Deno.test("NDJSON has a line per equation, rule and kind of train, each with its run", () => {
  const report = mixedReport();
  const lines = renderNdjson(report).split("\n").map((line) => JSON.parse(line));
  const { equations, rules } = report.verdict;
  assertEquals(lines.map(({ kind, name, rule }) => [kind, name ?? rule]), [
    ...equations.map(({ name }) => ["equation", name]),
    ...rules.map(({ id }) => ["rule", id]),
    ...(report.traffic ?? []).map(({ name }) => ["traffic", name]),
  ]);
  assert(
    lines.every(({ runId, topic, ruleSet }) => `${runId} ${topic} ${ruleSet}` === "run-1 trains rules-1"),
  );
  const shares = new Map(lines.filter(({ kind }) => kind === "rule").map(({ rule, share }) => [rule, share]));
  assertEquals([shares.get("C1"), shares.get("U1"), shares.get("T3"), shares.get("S2")], [
    0.001,
    0,
    null,
    null,
  ]);
});
