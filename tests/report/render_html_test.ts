/** The page: what it says, that nothing breaks out of it, that it asks for nothing, and how large it becomes. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type DefaultTreeAdapterTypes, parse } from "parse5";
import { grouped } from "../../lib/printable.ts";
import { RULES } from "../../lib/quality/rules.ts";
import { evaluateRun } from "../../lib/quality/evaluate_run.ts";
import type { Report } from "../../lib/report/build_report.ts";
import type { Pictures } from "../../lib/report/html/pictures.ts";
import { renderHtml } from "../../lib/report/render_html.ts";
import { scoreText } from "../../lib/report/text_scores.ts";
import { withHistory } from "./made_up_history.ts";
import { makePictures } from "./made_up_pictures.ts";
import { makeReport } from "./made_up_report.ts";

const GOLDEN = new URL("testdata/report.html", import.meta.url);
const NODE_MODULES = new URL("../../node_modules", import.meta.url);

const BROKEN = { ...makeReport().run.anomalies, stop_backwards: 9, ended_without_final_actualTime: 40 };

type Element = DefaultTreeAdapterTypes.Element;

function render(report: Report, pictures?: Pictures): string {
  return renderHtml(report, { rules: RULES, ...(pictures && { pictures }) });
}

function isElement(node: DefaultTreeAdapterTypes.Node): node is Element {
  return "tagName" in node;
}

/** All elements as a parser of HTML finds them, in their order. */
function elementsOf(html: string): readonly Element[] {
  const below = (node: DefaultTreeAdapterTypes.ParentNode): readonly Element[] =>
    node.childNodes.filter(isElement).flatMap((child) => [child, ...below(child)]);
  return below(parse(html));
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((attr) => attr.name === name)?.value;
}

/** What a reader sees or hears, without the style. */
function textOf(html: string): string {
  const text = (node: DefaultTreeAdapterTypes.ChildNode): string => {
    if (node.nodeName === "#text" && "value" in node) return node.value;
    if (node.nodeName === "style" || !("childNodes" in node)) return "";
    return node.childNodes.map(text).join("");
  };
  return parse(html).childNodes.map(text).join("");
}

Deno.test({
  name: "the page is what it was, byte by byte, whenever it is rendered",
  permissions: { read: [GOLDEN, NODE_MODULES] },
  async fn() {
    const page = () => render(withHistory(makeReport({ anomalies: BROKEN }), 12), makePictures());
    assertEquals(page(), await Deno.readTextFile(GOLDEN));
    assertEquals(page(), page());
  },
});

Deno.test("every number of the verdict is on the page", () => {
  const report = withHistory(
    makeReport({
      duplicateRecords: 12_345,
      anomalies: { ...makeReport().run.anomalies, stop_backwards: 98_765 },
    }, {
      stale: 29,
    }),
    3,
  );
  const { rules, scores, equations } = report.verdict;
  const text = textOf(render(report));
  const numbers = [
    ...rules.flatMap(({ failures, units }) => [failures, units]).filter((count) => count !== null).map(
      grouped,
    ),
    ...scores.flatMap((
      { score, rules },
    ) => [score === null ? "not counted" : scoreText(score), String(rules)]),
    ...equations.flatMap(({ left, right }) => [grouped(left), grouped(right)]),
    ...Object.values(report.run.account).map(grouped),
  ];
  assertEquals(numbers.filter((number) => !text.includes(number)), []);
  for (const { id, title } of rules) assert(text.includes(id) && text.includes(title), id);
  for (const { why } of RULES) assertStringIncludes(text, why);
});

Deno.test("the verdict comes first, as a sentence", () => {
  const cases: readonly [Report, string][] = [
    [makeReport(), "All 12 error rules hold and every message is accounted for."],
    [makeReport({ duplicateRecords: 1 }), "1 of 12 error rules is broken; every message is accounted for."],
    [makeReport({}, { stale: 29 }), "All 12 error rules hold, but the sums do not add up."],
    [
      makeReport({ duplicateRecords: 1, anomalies: {} }, { stale: 29 }),
      "1 of 12 error rules is broken, 8 of 12 error rules are not counted, and the sums do not add up.",
    ],
  ];
  for (const [report, sentence] of cases) {
    const html = render(report);
    assertStringIncludes(html, `<h1>${sentence}</h1>`);
    assertStringIncludes(html, `<title>${report.verdict.passed ? "PASSED" : "FAILED"}: `);
  }
});

Deno.test("what is new since the run before is said, and nothing of runs that asked other rules", () => {
  const before = withHistory(
    makeReport({ anomalies: { ...makeReport().run.anomalies, stop_backwards: 3 } }),
    1,
  );
  assertStringIncludes(
    textOf(render(before)),
    "C4b no longer holds: no train leaves a stop before it has arrived (3",
  );
  const [other] = before.history;
  assert(other !== undefined);
  const history = [{ ...other, run: { ...other.run, ruleSet: "rules-0" } }];
  assertStringIncludes(textOf(render({ ...before, history })), "no run before that asked the same rules");
});

Deno.test("nothing from outside becomes an element, an attribute or a link, nor turns the text around", () => {
  const hostile = [
    `</title></style></svg></td><script>alert(1)</script>`,
    `"><img src=x onerror=alert(1)>`,
    `' onmouseover='alert(1)`,
    `<!-- ]]> --!>`,
    `&lt;b&gt; javascript:alert(1)`,
    `\u001b[2J\u202egnp.exe\u2066\u0000`,
    "x".repeat(5000),
  ];
  const drift = { schemaDrift: { a: 1 }, quarantineReasons: { b: 1 }, anomalies: BROKEN };
  const traffic = { ...makeReport().run.traffic, "longDistance.cause.other": 77 };
  const clean = withHistory(makeReport({ ...drift, traffic }), 2);
  for (const text of hostile) {
    const names = { [text]: 1 };
    const run = {
      ...clean.run,
      topic: text,
      runId: text,
      ruleSet: text,
      quarantineReasons: names,
      schemaDrift: names,
      missingValues: { trainNumber: 1, ...clean.run.missingValues },
    };
    const history = clean.history.map((past) => ({
      ...past,
      run: { ...past.run, topic: text, ruleSet: text, runId: text },
    }));
    const tables = clean.tables.map((table) => ({ ...table, name: text, path: text }));
    const kinds =
      clean.traffic?.map((kind) => ({ ...kind, causes: { ...kind.causes, [text]: 77, other: 0 } })) ?? [];
    const html = render({ ...clean, run, history, tables, traffic: kinds }, makePictures([text, `${text}2`]));
    const shape = (elements: readonly Element[]) =>
      elements.map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(" "));
    assertEquals(shape(elementsOf(html)), shape(elementsOf(render(clean, makePictures(["a", "b"])))));
    // deno-lint-ignore no-control-regex
    assert(!/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/.test(html));
    if (text.length < 200) assert(textOf(html).includes(text.replace(/[^ -~].*/s, "")));
  }
});

Deno.test("the page asks for nothing: its one address is the licence's, and no browser may load or run anything", () => {
  const html = render(withHistory(makeReport({ anomalies: BROKEN }), 12), makePictures());
  const elements = elementsOf(html);
  const links = elements.flatMap((element) =>
    ["src", "href", "srcset", "action", "xlink:href", "data"].flatMap((name) =>
      attribute(element, name) ?? []
    )
  );
  assertEquals(links.filter((link) => !link.startsWith("#")), [
    "https://creativecommons.org/licenses/by/4.0/",
  ]);
  assertEquals([...new Set(html.match(/[a-z]+:\/\/[^\s"<;]*/g))], [
    "https://creativecommons.org/licenses/by/4.0/",
  ]);
  assert(!/url\(|@import/.test(html));
  assertEquals(
    elements.filter(({ tagName }) => ["script", "link", "img", "iframe", "object"].includes(tagName)),
    [],
  );
  const policy = elements.find((element) => attribute(element, "http-equiv") === "Content-Security-Policy");
  assertEquals(policy && attribute(policy, "content"), "default-src 'none'; style-src 'unsafe-inline'");
});

Deno.test("each command of the page has the settings that lead to its tables, and what is not told is said", () => {
  const since = { ingested: 3, unmerged: 0, waiting: 1, isRefused: false };
  const skipped = {
    V3: { outcome: "skipped", reason: "no stations: run `deno task fetch --metadata`" },
  } as const;
  for (const untold of [null, "…"]) {
    const complete = (text: string) =>
      text.replaceAll(/deno task \w+/g, `$& --data-dir ${untold ?? "<lake>"}`);
    const report = { ...makeReport({ anomalies: BROKEN, traffic: null, uncounted: skipped }), since };
    const made = { rules: RULES, pictures: makePictures(), commands: { complete, untold } };
    const text = textOf(renderHtml({ ...report, traffic: null, missing: ["see `deno task process`"] }, made));
    const commands = text.match(/deno task \w+( --data-dir (<lake>|…))?/g) ?? [];
    assert(commands.length > 5);
    assertEquals(commands.filter((command) => !command.includes("--data-dir")), []);
    const scripts = commands.map((command) => command.split(" ")[2]);
    assertEquals([...new Set(scripts)].sort(), ["fetch", "process", "report"]);
    assertEquals(text.includes("… stands for a place, a host or a user"), untold !== null);
  }
});

Deno.test("headings are in order, ids are unique, and what refers to an id finds it", () => {
  for (const report of [makeReport(), withHistory(makeReport({ anomalies: BROKEN }), 12)]) {
    const elements = elementsOf(render(report, makePictures()));
    const levels = elements.flatMap(({ tagName }) => /^h(\d)$/.exec(tagName)?.[1] ?? []).map(Number);
    assertEquals(levels.filter((level) => level === 1).length, 1);
    levels.forEach((level, at) => assert(level <= (levels[at - 1] ?? 0) + 1));
    const ids = elements.flatMap((element) => attribute(element, "id") ?? []);
    assertEquals(ids.length, new Set(ids).size);
    const used = elements.flatMap((element) => [
      ...(attribute(element, "aria-labelledby")?.split(" ") ?? []),
      ...(attribute(element, "href")?.match(/^#(.+)/)?.slice(1) ?? []),
    ]);
    assertEquals(used.filter((id) => !ids.includes(id)), []);
    for (const table of elements.filter(({ tagName }) => tagName === "table")) {
      assert(table.childNodes.some((child) => isElement(child) && child.tagName === "caption"));
    }
    for (const head of elements.filter(({ tagName }) => tagName === "th")) assert(attribute(head, "scope"));
  }
});

Deno.test("after 1,000 runs in which everything broke the page is below 500 kB", () => {
  const anomalies = Object.fromEntries(
    Object.keys(makeReport().run.anomalies).map((name, at) => [name, 1000 + at]),
  );
  const names = Object.fromEntries(
    Array.from({ length: 1000 }, (_, at) => [`$.field${at}${"x".repeat(300)}`, at + 1]),
  );
  const report = withHistory(makeReport({ anomalies, schemaDrift: names, duplicateRecords: 9 }), 1000);
  const html = render(report, makePictures(["first", ...Object.keys(names)]));
  const { length } = new TextEncoder().encode(html);
  assert(length < 500_000, `${length} bytes`);
  assertStringIncludes(textOf(html), "each point but the last is the least score of up to 9 runs");
});

Deno.test("a run of version 0.1.0, an empty lake and a first run have a page too", () => {
  const old = makeReport({ ruleSet: null, units: null, anomalies: {}, newestMessageTime: null });
  assertStringIncludes(textOf(render(withHistory(old, 2))), "of version 0.1.0");
  const none = Object.fromEntries(Object.keys(makeReport().run.account).map((name) => [name, 0]));
  const empty = render(makeReport({ quarantineReasons: {}, schemaDrift: {}, missingValues: {} }, none));
  assert(!/NaN|Infinity|undefined|null/.test(empty));
  assertStringIncludes(textOf(empty), "Nothing is in quarantine");
});

Deno.test("pictures say what they show: where rules are broken, how late trains were, hours and batches", () => {
  const text = textOf(render(makeReport({ anomalies: BROKEN, duplicateRecords: 5 }), makePictures()));
  for (
    const part of [
      "Of the newest 45,000 of 49,000 rows, departure dates from 2025-02-16 on",
      "By operator: vr has 42 of 81 failures",
      "6, 0.05%",
      "88.3% of 111 trains on time, half of them at most 1:07 late",

      "L Liikenteenhoito",
      "Messages per hour: 99 messages in the busiest of 48 hours, none in 8",
      "12 messages of files that were not read",
      "Seconds per batch: half of the last 12 batches took 1.00 s or more",
    ]
  ) assertStringIncludes(text, part);
});

/** A run whose messages took so many seconds: half of them, and the others. */
function latencyPage(times: readonly (readonly [half: number, most: number])[]): string {
  const binOf = (seconds: number) => seconds === 0 ? 0 : Math.round(4 * Math.log2(1000 * seconds));
  const report = makeReport();
  const runs = times.map(([half, most], at) => {
    const measures = { messages: 100, [`whole.${binOf(half)}`]: 60, [`whole.${binOf(most)}`]: 40 };
    const generatedAt = new Date(report.run.generatedAt.getTime() - (times.length - at) * 60_000);
    const run = { ...report.run, runId: `run-${at}`, generatedAt, measures };
    return { run, verdict: evaluateRun(run) };
  });
  const newest = runs.at(-1);
  if (newest === undefined) throw new Error("no runs");
  return render({ ...report, ...newest, history: runs.slice(0, -1) });
}

Deno.test("the latency of each run that brought messages is a column between two times, with its numbers beside it", () => {
  const html = latencyPage([[1, 500], [2, 30], [0.25, 40]]);
  const text = textOf(html);
  assertStringIncludes(
    text,
    "Latency: half of the messages of the newest run were in the tables within 279 ms, 95 % within 42 s",
  );
  assertStringIncludes(text, "In 1 run more than one message in twenty took over 5 minutes");
  assertStringIncludes(text, "The dashed line is at 5 minutes");
  const chart = elementsOf(html).find((each) =>
    attribute(each, "aria-labelledby")?.startsWith("latency-wide")
  );
  const columns = (chart?.childNodes ?? []).filter(isElement).filter((each) =>
    attribute(each, "class") === "p2"
  );
  const heights = columns.map((each) => [Number(attribute(each, "y")), Number(attribute(each, "height"))]);
  // The first and the last are longest on a scale by times ten; the last one ends near the second.
  assertEquals(heights.length, 3);
  const [[firstTop = 0, first = 0] = [], [secondTop = 0, second = 0] = [], [lastTop = 0, last = 0] = []] =
    heights;
  assert(first > last && last > second && firstTop < lastTop && lastTop < secondTop, JSON.stringify(heights));
});

Deno.test("latencies of nothing and of years, of one run and of many have a picture within its frame", () => {
  const many = Array.from({ length: 100 }, (_, at) => [0.01 * (at + 1), at + 1] as const);
  for (const times of [[[0, 0]], [[0, 4_000_000]], [[4_000_000, 4_000_000]], many] as const) {
    const html = latencyPage(times);
    assert(!/NaN|Infinity|undefined/.test(html));
    const chart = elementsOf(html).find((each) =>
      attribute(each, "aria-labelledby")?.startsWith("latency-wide")
    );
    const shown = (chart?.childNodes ?? []).filter(isElement).filter(({ tagName }) => tagName === "rect");
    assertEquals(shown.length, 2 * Math.min(times.length, 40));
    for (const rect of shown) {
      const [x = -1, y = -1, wide = -1, high = -1] = ["x", "y", "width", "height"].map((name) =>
        Number(attribute(rect, name))
      );
      assert(
        x >= 0 && y >= 0 && wide > 0 && high > 0 && x + wide <= 900 && y + high <= 200,
        `${times[0]}: ${[x, y, wide, high]}`,
      );
    }
  }
  assert(!textOf(render(makeReport({ measures: {} }))).includes("Latency"));
});

Deno.test("what was not counted or could not be read has no picture, and the rest of the page is there", () => {
  const nothing = { segments: null, messages: null, batches: null, causeNames: null };
  const text = textOf(render(makeReport({ traffic: null, measures: {} }), nothing));
  assertStringIncludes(text, "This run did not count how the trains ran");
  assert(!text.includes("Pipeline") && !text.includes("Where rules are broken"));
  assertStringIncludes(text, "Accounting");
  const empty = {
    ...makePictures(),
    batches: [],
    segments: { by: { trainCategory: [], operator: [], station: [] }, rows: 0, allRows: 0, since: null },
  };
  const none = render(makeReport({ traffic: {} }), empty);
  assertStringIncludes(textOf(none), "There is no long-distance, commuter or freight train");
  assert(!/NaN|Infinity|undefined|null/.test(none));
});

Deno.test("a histogram has as many trains in its columns and beyond them as have arrived", () => {
  const { traffic } = makeReport();
  assert(traffic !== null && traffic.length === 4);
  const html = render(makeReport());
  const figures = html.match(/<svg[^>]*aria-labelledby="delay-[\s\S]*?<\/svg>/g) ?? [];
  assertEquals(figures.length, 4);
  const beyond = figures.map((svg) =>
    [...svg.matchAll(/(\d+) (?:earlier|later)/g)].reduce((sum, [, count]) => sum + Number(count), 0)
  );
  const outside = traffic.map(({ kind, delays }) =>
    delays.filter(({ from }) =>
      kind === "freight" ? from < -3600 || from >= 3600 : from < -300 || from >= 900
    )
      .reduce((sum, { trains }) => sum + trains, 0)
  );
  assertEquals(beyond, outside);
  for (const svg of figures) assert(/class="limit"/.test(svg) && /class="ontime"/.test(svg));
});
