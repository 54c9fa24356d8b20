/** The report as a page for the terminal. */
import { styleText } from "node:util";
import { counted, grouped, printable } from "../printable.ts";
import { formatAge, formatSize, textTable } from "./text_table.ts";
import { LICENCE } from "../tables/licence.ts";
import type { Account } from "../tables/run_record.ts";
import type { Report, SinceRun, TableFigures } from "./build_report.ts";

/** Colours only where a person reads. */
export interface TextOptions {
  readonly colour: boolean;
}

type Style = "bold" | "dim" | "green" | "red" | "yellow";
type Paint = (style: Style, text: string) => string;

/** Renders sections one under the other, the verdict first and the licence line last. */
export function renderText(report: Report, { colour }: TextOptions): string {
  const paint: Paint = (style, text) => colour ? styleText(style, text, { validateStream: false }) : text;
  return [
    headline(report, paint),
    section("Accounting", paint) + accounting(report, paint),
    section("Rules", paint) + rules(report, paint),
    section("Missing values", paint) + missingValues(report),
    section("Anomalies", paint) + countsTable(report.run.anomalies, ["anomaly", "count"]),
    ...optional("Quarantine", report.run.quarantineReasons, ["reason", "messages"], paint),
    ...optional("Schema drift", report.run.schemaDrift, ["field", "times seen"], paint),
    section("Tables", paint) + tables(report.tables),
    paint("dim", LICENCE),
  ].join("\n\n");
}

function headline({ run, verdict, since, freshnessSeconds }: Report, paint: Paint): string {
  const word = verdict.passed ? paint("green", "PASSED") : paint("red", "FAILED");
  const age = freshnessSeconds === null
    ? "no message yet"
    : `newest message ${formatAge(freshnessSeconds)} old`;
  const lag = run.lag === 0 ? "nothing was waiting" : `${counted(run.lag, "offset")} were waiting`;
  return `${
    paint("bold", "Quality report")
  } of ${run.topic}, run of ${run.generatedAt.toISOString()}: ${word}\n` +
    `${grouped(run.account.standardRows)} timetable rows; ${age}; ${lag}${sinceThen(since, paint)}`;
}

/** A verdict holds for its run alone: what came after is said beside it. */
function sinceThen({ ingested, unmerged, waiting }: SinceRun, paint: Paint): string {
  const parts = [
    ...(ingested > 0 ? [`${counted(ingested, "offset")} ingested that no run has measured`] : []),
    ...(unmerged > 0 ? [`${counted(unmerged, "offset")} landed and not merged`] : []),
    ...(waiting !== null && waiting > 0 ? [`${counted(waiting, "offset")} waiting`] : []),
  ];
  if (parts.length === 0) return "";
  return `\n${paint("yellow", "since then")}: ${parts.join(", ")}; \`deno task process\` goes on from there`;
}

function accounting({ verdict, run }: Report, paint: Paint): string {
  const table = textTable(["must be equal", "left", "right", ""]);
  for (const { name, left, right, holds } of verdict.equations) {
    table.push([name, grouped(left), grouped(right), mark(holds, paint)]);
  }
  return `${table}\n${sum(run.account, "offsets", ["landed", "expired", "gaps"])}\n${
    sum(run.account, "landed", ["accepted", "duplicate", "stale", "quarantined"])
  }`;
}

/** "3 landed = 2 accepted + 1 stale". */
function sum(account: Account, whole: keyof Account, parts: readonly (keyof Account)[]): string {
  const figure = (name: keyof Account) => `${grouped(account[name])} ${name}`;
  return `${figure(whole)} = ${parts.map(figure).join(" + ")}`;
}

function rules({ verdict }: Report, paint: Paint): string {
  const table = textTable(["id", "", "rule", "failures", ""]);
  for (const { id, severity, title, failures } of verdict.rules) {
    const failureText = failures === null ? "not counted" : grouped(failures);
    const outcome = failures !== 0 && severity !== "E"
      ? paint("yellow", "look")
      : mark(failures === 0, paint);
    table.push([id, severity, title, failureText, outcome]);
  }
  return `${table}\nE fails the report, W is worth a look; README.md says what each rule is for`;
}

function missingValues({ run: { missingValues } }: Report): string {
  const table = textTable(["column", "absent", "empty"]);
  for (const [column, absent] of Object.entries(missingValues)) {
    if (column.endsWith("_empty")) continue;
    table.push([column, grouped(absent), grouped(missingValues[`${column}_empty`] ?? 0)]);
  }
  return table.toString();
}

function optional(
  title: string,
  counts: Readonly<Record<string, number>>,
  head: string[],
  paint: Paint,
): string[] {
  return Object.keys(counts).length === 0 ? [] : [section(title, paint) + countsTable(counts, head)];
}

function countsTable(counts: Readonly<Record<string, number>>, head: string[]): string {
  const table = textTable(head);
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  for (const [name, count] of sorted) table.push([printable(name), grouped(count)]);
  return table.toString();
}

function tables(figures: readonly TableFigures[]): string {
  const table = textTable(["table", "version", "files", "rows", "size"]);
  for (const { path, version, files, rows, sizeBytes } of figures) {
    table.push([path, version, grouped(files), grouped(rows), formatSize(sizeBytes)]);
  }
  return table.toString();
}

function section(title: string, paint: Paint): string {
  return `${paint("bold", title)}\n`;
}

function mark(holds: boolean, paint: Paint): string {
  return holds ? paint("green", "ok") : paint("red", "FAILED");
}
