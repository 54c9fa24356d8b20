/** The status as a page for the terminal, and as one JSON object. */
import { styleText } from "node:util";
import { grouped, printable } from "../printable.ts";
import { formatAge, formatSize, textTable } from "./text_table.ts";
import { nextSteps, type Status, sumPartitions } from "./status.ts";
import type { TextOptions } from "./text_page.ts";

/** Lines of at most 80 characters, but for long names and commands. */
export function renderStatus(
  status: Status,
  { colour, completeCommands = (text) => text }: Pick<TextOptions, "colour" | "completeCommands">,
): string {
  const bold = (text: string) => colour ? styleText("bold", text, { validateStream: false }) : text;
  return [
    `${bold("Topic")} ${printable(status.topic)} in ${printable(status.broker)}\n` +
    completeCommands(partitions(status)),
    facts(status),
    `${bold("Tables")}\n${tables(status)}`,
    `${bold("Next")}\n${nextSteps(status).map((step) => `- ${completeCommands(step)}`).join("\n")}`,
  ].join("\n\n");
}

/** The same figures for machines; `next` is for people. */
export function renderStatusJson(
  status: Status,
  { completeCommands = (text) => text }: Pick<TextOptions, "completeCommands"> = {},
): string {
  const next = nextSteps(status).map(completeCommands);
  const [brokerFault, logFault] = [status.brokerFault, status.logFault].map((fault) =>
    fault && completeCommands(fault)
  );
  return JSON.stringify({ ...status, brokerFault, logFault, sums: sumPartitions(status), next });
}

function partitions(status: Status): string {
  if (status.brokerFault !== null) return `cannot be asked: ${printable(status.brokerFault)}`;
  if (status.logFault !== null) return printable(status.logFault);
  if (status.partitions.length === 0) return "does not exist yet";
  const names = ["waiting", "landed", "expired", "gaps", "unmerged"] as const;
  const table = textTable(["partition", ...names]);
  const rows = [...status.partitions, { partition: "all", ...sumPartitions(status) }];
  for (const row of rows) {
    table.push([
      String(row.partition),
      ...names.map((name) => grouped(row[name])),
    ]);
  }
  return table.toString();
}

function facts({ at, lastFetch, lastRun, newestMessage }: Status): string {
  const verdict = lastRun === null ? "" : lastRun.passed ? ", PASSED" : ", FAILED";
  return [
    `last fetch      ${moment(lastFetch, at)}`,
    `last process    ${moment(lastRun?.generatedAt ?? null, at)}${verdict}`,
    `newest message  ${moment(newestMessage, at)}`,
  ].join("\n");
}

function moment(time: Date | null, now: Date): string {
  if (time === null) return "none";
  return `${time.toISOString()}, ${formatAge(Math.max(0, (now.getTime() - time.getTime()) / 1000))} ago`;
}

function tables({ tables, brokerBytes }: Status): string {
  const table = textTable(["table", "rows", "files", "size"]);
  for (const { path, rows, files, sizeBytes } of tables) {
    table.push([path, grouped(rows), grouped(files), formatSize(sizeBytes)]);
  }
  if (brokerBytes !== null) table.push(["broker file", "", "1", formatSize(brokerBytes)]);
  return tables.length === 0 && brokerBytes === null ? "none yet" : table.toString();
}
