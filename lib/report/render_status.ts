/** The status as a page for the terminal, and as one JSON object. */
import { grouped, printable } from "../printable.ts";
import { formatSize, textTable } from "./text_table.ts";
import { formatAge } from "../text/age_text.ts";
import { type FollowerStatus, hasUnknownOffsets, nextSteps, type Status, sumPartitions } from "./status.ts";
import { type TextOptions, TextPage } from "./text_page.ts";
import type { TableName } from "../tables/table_paths.ts";

/** Lines of at most 80 characters, but for long names and commands. */
export function renderStatus(
  status: Status,
  looks: Pick<TextOptions, "colour" | "completeCommands">,
): string {
  const page = new TextPage(looks);
  const faults = status.tableFaults.map(({ path, fault }) => page.fold(printable(`${path}: ${fault}`)));
  return [
    `${page.paint("bold", "Topic")} ${printable(status.topic)} in ${printable(status.broker)}\n` +
    page.fold(partitions(status)),
    facts(status),
    ...followers(status, page),
    [page.paint("bold", "Tables"), tables(status), ...faults].join("\n"),
    page.section("Next", nextSteps(status).map((step) => `- ${step}`)),
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
  if (hasUnknownOffsets(status)) return "nobody knows what waits while a table below cannot be read";
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

function facts({ at, lastFetch, lastRun, newestMessage, tableFaults }: Status): string {
  const verdict = lastRun === null ? "" : lastRun.passed ? ", PASSED" : ", FAILED";
  const isUnknown = (table: TableName) => tableFaults.some(({ name }) => name === table);
  const ofTable = (table: TableName, time: Date | null) =>
    time === null && isUnknown(table) ? "unknown" : moment(time, at);
  return [
    `last fetch      ${moment(lastFetch, at)}`,
    `last process    ${ofTable("runs", lastRun?.generatedAt ?? null)}${verdict}`,
    `newest message  ${ofTable("landing", newestMessage)}`,
  ].join("\n");
}

function followers({ followers, at, topic }: Status, page: TextPage): readonly string[] {
  if (followers.length === 0) return [];
  return [
    page.section("Followers", followers.flatMap((follower) => followerLines(follower, { now: at, topic }))),
  ];
}

const STATES = { running: "runs", ended: "has ended", silent: "is silent" } as const;

function followerLines(
  follower: FollowerStatus,
  { now, topic }: { readonly now: Date; readonly topic: string },
): readonly string[] {
  const { role, state, doing, pid, host, startedAt, saidAt, gauges, errors } = follower;
  const ageOf = (time: Date) => formatAge(Math.max(0, (now.getTime() - time.getTime()) / 1000));
  const what = state === "running" ? `: ${printable(doing)}` : ` for ${ageOf(saidAt)}`;
  const figures = [
    ...(follower.topic === topic ? [] : [`topic ${printable(follower.topic)}`]),
    ...(gauges.lagOffsets === undefined ? [] : [`${grouped(Math.round(gauges.lagOffsets))} offsets waiting`]),
    ...(gauges.latencyP50Ms === undefined
      ? []
      : [`publish to readable ${(gauges.latencyP50Ms / 1000).toFixed(2)} s in the median`]),
    `process ${pid} on ${printable(host)}, started ${ageOf(startedAt)} ago`,
  ];
  const last = errors.at(-1);
  return [
    `${role} ${STATES[state]}${what}; ${figures.join("; ")}`,
    ...(last === undefined ? [] : [`- last trouble ${ageOf(last.at)} ago: ${printable(last.message)}`]),
  ];
}

function moment(time: Date | null, now: Date): string {
  if (time === null) return "none";
  return `${time.toISOString()}, ${formatAge(Math.max(0, (now.getTime() - time.getTime()) / 1000))} ago`;
}

function tables({ tables, tableFaults, brokerBytes }: Status): string {
  const table = textTable(["table", "rows", "files", "size"]);
  for (const { path, rows, files, sizeBytes } of tables) {
    table.push([path, grouped(rows), grouped(files), formatSize(sizeBytes)]);
  }
  if (brokerBytes !== null) table.push(["broker file", "", "1", formatSize(brokerBytes)]);
  if (table.length > 0) return table.toString();
  return tableFaults.length > 0 ? "none that can be read" : "none yet";
}
