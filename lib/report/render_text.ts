/** The report as a page for the terminal. */
import Table from "cli-table3";
import { styleText } from "node:util";
import { printable } from "../printable.ts";
import type { Account } from "../tables/run_record.ts";
import type { Report, TableFigures } from "./build_report.ts";

/** Colours only where a person reads. */
export interface TextOptions {
  readonly colour: boolean;
}

type Style = "bold" | "dim" | "green" | "red" | "yellow";
type Paint = (style: Style, text: string) => string;

const NUMBER = new Intl.NumberFormat("en");

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
    paint("dim", report.licence),
  ].join("\n\n");
}

function headline({ run, verdict, freshnessSeconds }: Report, paint: Paint): string {
  const word = verdict.passed ? paint("green", "PASSED") : paint("red", "FAILED");
  const age = freshnessSeconds === null
    ? "no message yet"
    : `newest message ${formatAge(freshnessSeconds)} old`;
  const lag = run.lag === 0 ? "nothing waiting" : `${NUMBER.format(run.lag)} offsets waiting`;
  return `${
    paint("bold", "Quality report")
  } of ${run.topic}, run of ${run.generatedAt.toISOString()}: ${word}\n` +
    `${NUMBER.format(run.account.standardRows)} timetable rows; ${age}; ${lag}`;
}

function accounting({ verdict, run }: Report, paint: Paint): string {
  const table = grid(["must be equal", "left", "right", ""]);
  for (const { name, left, right, holds } of verdict.equations) {
    table.push([name, NUMBER.format(left), NUMBER.format(right), mark(holds, paint)]);
  }
  return `${table}\n${sum(run.account, "offsets", ["landed", "expired", "gaps"])}\n${
    sum(run.account, "landed", ["accepted", "duplicate", "stale", "quarantined"])
  }`;
}

/** "3 landed = 2 accepted + 1 stale". */
function sum(account: Account, whole: keyof Account, parts: readonly (keyof Account)[]): string {
  const figure = (name: keyof Account) => `${NUMBER.format(account[name])} ${name}`;
  return `${figure(whole)} = ${parts.map(figure).join(" + ")}`;
}

function rules({ verdict }: Report, paint: Paint): string {
  const table = grid(["id", "", "rule", "failures", ""]);
  for (const { id, severity, title, failures } of verdict.rules) {
    const failureText = failures === null ? "not counted" : NUMBER.format(failures);
    const outcome = failures !== 0 && severity !== "E"
      ? paint("yellow", "look")
      : mark(failures === 0, paint);
    table.push([id, severity, title, failureText, outcome]);
  }
  return table.toString();
}

function missingValues({ run: { missingValues } }: Report): string {
  const table = grid(["column", "absent", "empty"]);
  for (const [column, absent] of Object.entries(missingValues)) {
    if (column.endsWith("_empty")) continue;
    table.push([column, NUMBER.format(absent), NUMBER.format(missingValues[`${column}_empty`] ?? 0)]);
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
  const table = grid(head);
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  for (const [name, count] of sorted) table.push([printable(name), NUMBER.format(count)]);
  return table.toString();
}

function tables(figures: readonly TableFigures[]): string {
  const table = grid(["table", "version", "files", "rows", "size"]);
  for (const { path, version, files, rows, sizeBytes } of figures) {
    table.push([path, version, NUMBER.format(files), NUMBER.format(rows), formatSize(sizeBytes)]);
  }
  return table.toString();
}

/** A table without frame lines: columns, numbers to the right. */
function grid(head: string[]): Table.Table {
  const none = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
  const rest = { "bottom-left": "", "bottom-right": "", left: "", "left-mid": "", mid: "", "mid-mid": "" };
  return new Table({
    head,
    chars: { ...none, ...rest, right: "", "right-mid": "", middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colAligns: head.map((title) => NUMERIC.has(title) ? "right" : "left"),
  });
}

const NUMERIC = new Set([
  "left",
  "right",
  "failures",
  "absent",
  "empty",
  "count",
  "messages",
  "times seen",
  "version",
  "files",
  "rows",
  "size",
]);

function section(title: string, paint: Paint): string {
  return `${paint("bold", title)}\n`;
}

function mark(holds: boolean, paint: Paint): string {
  return holds ? paint("green", "ok") : paint("red", "FAILED");
}

function formatAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

function formatSize(bytes: number): string {
  if (bytes < 1e4) return `${NUMBER.format(bytes)} B`;
  return bytes < 1e7
    ? `${NUMBER.format(Math.round(bytes / 1e3))} kB`
    : `${NUMBER.format(Math.round(bytes / 1e6))} MB`;
}
