/** The page of `quarantine list`: how many messages of each reason, and the newest, one a line. */
import { closestName } from "../text/closest_name.ts";
import { cutText } from "../text/cut_text.ts";
import { timeText } from "../text/time_text.ts";
import type { ListedRejection } from "../landing/list_rejections.ts";
import type { QuarantineList } from "../pipeline/quarantine/read_quarantine.ts";
import { counted, grouped, printable, textWidth } from "../printable.ts";
import { hexText } from "./hex_dump.ts";

/** What the page is about. */
export interface ListPage {
  readonly list: QuarantineList;
  /** The reasons that were asked for; undefined: all. */
  readonly reasons: readonly string[] | undefined;
  /** True when only messages since some time were asked for. */
  readonly isRecent: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const GAP = 2;
const LEAST_START = 10;

/** The page. */
export function renderList(page: ListPage): string {
  const { list: { reasons, rejections }, isRecent } = page;
  const total = sum(Object.values(reasons));
  if (total === 0) {
    return isRecent
      ? "No message since then is in quarantine"
      : "Quarantine is empty: no message was rejected";
  }
  const head = `${counted(total, "message")}${isRecent ? " since then" : ""} in quarantine`;
  const parts = [[head, ...reasonLines(reasons)].join("\n")];
  if (rejections.length > 0) parts.push(rejectionLines(page).join("\n"));
  return [...parts, closing(page)].join("\n\n");
}

/** The same for machines. */
export function renderListJson({ reasons, rejections }: QuarantineList): string {
  const messages = rejections.map(({ start, sizeBytes, ...rejection }) => ({
    id: rejection.id,
    topic: rejection.topic,
    partition: rejection.partition,
    offset: Number(rejection.offset),
    time: rejection.timestampMs === null ? null : timeText(rejection.timestampMs),
    reason: rejection.reasonCode,
    message: rejection.message,
    jsonPath: rejection.jsonPath,
    ruleId: rejection.ruleId,
    sizeBytes,
    start: start === null ? null : startText(start),
  }));
  return printable(JSON.stringify({ total: sum(Object.values(reasons)), reasons, messages }));
}

function reasonLines(reasons: Readonly<Record<string, number>>): readonly string[] {
  const sorted = Object.entries(reasons).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  const lines = sorted.map(([code, count]) => [printable(code), grouped(count)] as const);
  const widths = [0, 1].map((column) => most(lines.map((line) => line[column] ?? "")));
  return lines.map(([code, count]) => `  ${padded(code, widths[0] ?? 0)}  ${count.padStart(widths[1] ?? 0)}`);
}

/** ID, time and reason are whole: people type them. Path and message share what is left of the line. */
function rejectionLines({ list: { rejections }, width }: ListPage): readonly string[] {
  const rows = rejections.map((rejection) => [
    rejection.id,
    rejection.timestampMs === null
      ? "no time"
      : timeText(Math.trunc(rejection.timestampMs)).replace(/\.\d+/, ""),
    printable(rejection.reasonCode),
    printable(rejection.jsonPath),
    startOf(rejection),
  ]);
  const head = ["id", "time", "reason", "path", "message"];
  const [id = 0, time = 0, reason = 0, path = 0] = head.map((name, column) =>
    most([name, ...rows.map((row) => row[column] ?? "")])
  );
  const left = Math.max(width - id - time - reason - 4 * GAP, 2 * LEAST_START);
  const pathWidth = Math.min(path, Math.max(Math.floor(left / 2), LEAST_START));
  const widths = [id, time, reason, pathWidth, left - pathWidth];
  return [head, ...rows].map((row) =>
    row.map((cell, column) => {
      const columns = widths[column] ?? 0;
      return padded(column === 3 ? cutStart(cell, columns) : cutText(cell, columns), columns);
    }).join(" ".repeat(GAP)).trimEnd()
  );
}

function closing({ list: { reasons, rejections }, reasons: asked }: ListPage): string {
  const known = Object.keys(reasons);
  const total = sum(known.filter((code) => asked?.includes(code) ?? true).map((code) => reasons[code] ?? 0));
  const unknown = asked?.filter((code) => !known.includes(code)) ?? [];
  const lines = unknown.map((code) => {
    const closest = closestName(code, known);
    return `No message was rejected as "${code}"${
      closest === undefined ? "" : `; did you mean "${closest}"?`
    }`;
  });
  if (rejections.length < total) {
    lines.push(`${grouped(rejections.length)} of ${counted(total, "message")}, see --limit`);
  }
  const [first] = rejections;
  if (first !== undefined) lines.push(`One of them whole: deno task quarantine show ${first.id}`);
  return lines.join("\n");
}

function startOf({ start }: ListedRejection): string {
  if (start === null) return "(no value)";
  return start.length === 0 ? "(empty)" : startText(start);
}

/** Text that may end in the middle of a character; bytes that are none are shown as such. */
function startText(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
    return printable(text.replace(/\s+/g, " "));
  } catch {
    return hexText(bytes.subarray(0, 32));
  }
}

/** The end of a path says more than its beginning. */
function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = [...text];
  while (textWidth(characters.join("")) >= width) characters.shift();
  return `…${characters.join("")}`;
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

function most(texts: readonly string[]): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(text)), 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
