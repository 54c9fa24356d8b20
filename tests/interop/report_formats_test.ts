/** The formats of the report as foreign parsers read them, with the worst of names in them. */
import { assertEquals } from "@std/assert";
import { printable } from "../../lib/printable.ts";
import { renderJson } from "../../lib/report/render_json.ts";
import { renderJunit } from "../../lib/report/render_junit.ts";
import { renderMarkdown } from "../../lib/report/render_markdown.ts";
import { renderNdjson } from "../../lib/report/render_ndjson.ts";
import { mixedReport } from "../report/mixed_report.ts";
import { takeApart } from "../report/parse_formats.ts";
import { HOSTILE_NAMES } from "../report/random_report.ts";
import { runPython, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const SCHEMA = new URL("../../lib/report/report.schema.json", import.meta.url).pathname;

/** Tag, attributes, what is inside. */
type Nested = readonly [string, Readonly<Record<string, string>>, readonly Nested[]];

interface Reading {
  readonly xml: Nested;
  readonly html: string;
  readonly faults: readonly string[];
  /** UTF-16 in hexadecimal digits. */
  readonly topics: readonly string[];
}

testUnless(await whyNoPython(["cmarkgfm", "jsonschema"]), {
  name:
    "Expat, GitHub's Markdown parser and a validator of JSON Schema find in each report what is in a harmless one",
  fn: async () => {
    const names = ["harmless", ...HOSTILE_NAMES];
    const readings = await readAll(names);
    const [harmless] = readings;
    for (const [at, { xml, html, faults, topics }] of readings.entries()) {
      const name = names[at] ?? "";
      assertEquals(shapeOf(xml), shapeOf(harmless?.xml ?? xml), name);
      for (const suite of xml[2]) assertEquals(countsOf(suite), countsIn(suite));
      const { tags, texts } = takeApart(html);
      assertEquals(tags, takeApart(harmless?.html ?? html).tags, name);
      const shown = printable(name).trim();
      // The topic, the run, a reason, a field and a cause.
      if (shown.length < 80) assertEquals(texts.filter((text) => text.trim() === shown).length, 5, name);
      assertEquals(faults, []);
      assertEquals(new Set(topics), new Set([utf16(name)]));
      assertEquals(topics.length, 18);
    }
  },
});

async function readAll(names: readonly string[]): Promise<readonly Reading[]> {
  const folder = await Deno.makeTempDir({ prefix: "ratalake-reports-" });
  for (const [at, name] of names.entries()) {
    const counts = { [name]: 2, other: 1 };
    const traffic = { "freight.delay.0": 9, [`freight.cause.${name}`]: 2, "freight.cause.E": 1 };
    const run = { topic: name, runId: name, schemaDrift: counts, quarantineReasons: counts, traffic };
    const report = mixedReport(run, name);
    await Deno.writeTextFile(`${folder}/${at}.xml`, renderJunit(report));
    await Deno.writeTextFile(`${folder}/${at}.md`, renderMarkdown(report));
    await Deno.writeTextFile(`${folder}/${at}.json`, renderJson(report));
    await Deno.writeTextFile(`${folder}/${at}.ndjson`, renderNdjson(report));
  }
  const read = await runPython<Readonly<Record<string, Reading>>>("read_reports.py", [folder, SCHEMA]);
  await Deno.remove(folder, { recursive: true });
  return names.map((name, at) => read[at] ?? fail(name));
}

function fail(name: string): never {
  throw new Error(`Cannot find the reading of ${name}`);
}

function shapeOf([tag, , inside]: Nested): string {
  return `${tag}(${inside.map(shapeOf).join(" ")})`;
}

function countsOf([, attributes]: Nested): readonly number[] {
  return ["tests", "failures", "errors", "skipped"].map((name) => Number(attributes[name]));
}

function countsIn([, , cases]: Nested): readonly number[] {
  const tests = cases.filter(([tag]) => tag === "testcase");
  const count = (kind: string) => tests.filter(([, , inside]) => inside[0]?.[0] === kind).length;
  return [tests.length, count("failure"), count("error"), count("skipped")];
}

function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text.charCodeAt(at).toString(16).padStart(4, "0");
    return unit.slice(2) + unit.slice(0, 2);
  }).join("");
}
