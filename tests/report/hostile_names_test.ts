/** Names of topics, fields and reasons come from outside: in no format they become more than text. */
import { assert, assertEquals } from "@std/assert";
import { printable } from "../../lib/printable.ts";
import type { Report } from "../../lib/report/build_report.ts";
import { renderGithub } from "../../lib/report/render_github.ts";
import { renderJson } from "../../lib/report/render_json.ts";
import { renderJunit } from "../../lib/report/render_junit.ts";
import { renderMarkdown } from "../../lib/report/render_markdown.ts";
import { renderNdjson } from "../../lib/report/render_ndjson.ts";
import { renderText } from "../../lib/report/render_text.ts";
import { mixedReport } from "./mixed_report.ts";
import { parseCommands, parseMarkdown, parseXml, type XmlElement } from "./parse_formats.ts";
import { HOSTILE_NAMES } from "./random_report.ts";

/** What terminals obey, what ends lines and what turns the direction of reading. */
const UNSAFE = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** The name is in every place that takes one from outside. */
function reportWith(name: string, reason = name): Report {
  const counts = { [name]: 7, other: 1 };
  const traffic = { "freight.delay.0": 9, [`freight.cause.${name}`]: 7, "freight.cause.E": 1 };
  const names = { topic: name, runId: name, ruleSet: name };
  const report = mixedReport({ traffic, schemaDrift: counts, quarantineReasons: counts, ...names }, reason);
  return { ...report, tables: report.tables.map((table) => ({ ...table, path: `${name}/${table.path}` })) };
}

function shapeOfXml({ name, inside }: XmlElement): string {
  return `${name}(${inside.map(shapeOfXml).join(" ")})`;
}

Deno.test("JSON gives back the very names, in lines that hold", () => {
  for (const name of HOSTILE_NAMES) {
    const report = reportWith(name);
    const { run, tables } = JSON.parse(renderJson(report));
    assertEquals([run.topic, run.runId, run.ruleSet], [name, name, name]);
    assertEquals(tables[0].path, `${name}/landing_zone/trains_travel`);
    assertEquals(Object.keys(run.schemaDrift), [name, "other"]);
    const lines = renderNdjson(report).split("\n");
    assert(lines.every((line) => JSON.parse(line).topic === name));
    assertEquals([renderJson(report), ...lines].filter((line) => UNSAFE.test(line)), []);
  }
});

Deno.test("XML is well-formed, and has the elements of every other report and the name as text", () => {
  const expected = shapeOfXml(parseXml(renderJunit(reportWith("harmless"))));
  for (const name of HOSTILE_NAMES) {
    const text = renderJunit(reportWith(name));
    const root = parseXml(text);
    assertEquals(shapeOfXml(root), expected, name);
    const shown = printable(name);
    assertEquals(root.attributes.name, `Ratalake quality report of ${shown}`);
    assertEquals(root.inside[0]?.inside[0]?.inside[0]?.attributes, { name: "runId", value: shown });
    assert(!UNSAFE.test(text.replaceAll("\n", "")), name);
  }
});

Deno.test("GitHub sees the commands of every other report, and the name in their texts", () => {
  const shape = (text: string) =>
    parseCommands(text).map(({ command, properties }) => [command, Object.keys(properties)]);
  const expected = shape(renderGithub(reportWith("harmless")));
  for (const name of HOSTILE_NAMES) {
    const text = renderGithub(reportWith(name));
    assertEquals(shape(text), expected, name);
    const titles = parseCommands(text).map(({ properties }) => properties.title);
    assertEquals(titles[0], `Quality report of ${printable(name)}: failed`);
    assert(!UNSAFE.test(text.replaceAll("\n", "")), name);
  }
});

Deno.test("Markdown has the tags of every other page, no link among them, and the name as text", () => {
  const { tags: expected } = parseMarkdown(renderMarkdown(reportWith("harmless")));
  assert(expected.includes("table") && !expected.some((tag) => /^(?:a|img|script)\b/.test(tag)));
  for (const name of HOSTILE_NAMES) {
    const text = renderMarkdown(reportWith(name));
    const { tags, texts } = parseMarkdown(text);
    assertEquals(tags, expected, name);
    const shown = printable(name).trim();
    // The topic, the run, a reason, a field and a cause.
    const times = texts.filter((each) => each.trim() === shown).length;
    if (shown.length < 80) assertEquals(times, 5, name);
    assert(!UNSAFE.test(text.replaceAll("\n", "")), name);
  }
});

Deno.test("the page for people has nothing that a terminal obeys, and a line for each field and reason", () => {
  // The head of the page, what rules threw and the line of causes are folded where their names are long.
  const linesOf = (name: string, head: string) => {
    const { run, ...report } = reportWith(name, head);
    const page = {
      ...report,
      run: { ...run, topic: head, ruleSet: head },
      tables: [],
      ...(head !== name && { traffic: [] }),
    };
    return renderText(page, { colour: false }).split("\n");
  };
  for (const name of HOSTILE_NAMES) {
    assertEquals(linesOf(name, "t").length, linesOf("harmless", "t").length, name);
    assertEquals(linesOf(name, name).filter((line) => UNSAFE.test(line)), []);
  }
});
