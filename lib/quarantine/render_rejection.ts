/** The page of `quarantine show`: all that is known of one rejected message, and its bytes. */
import { timeText } from "../text/time_text.ts";
import type { RejectedMessage } from "../landing/read_rejection.ts";
import type { Named } from "../pipeline/quarantine/read_quarantine.ts";
import { counted, grouped, printable } from "../printable.ts";
import { hexDump, hexText } from "./hex_dump.ts";
import { jsonLines, lineAt } from "./json_lines.ts";

type Rejection = Named<RejectedMessage>;

/** A longer message is cut; `--raw` has it whole. */
const SHOWN_LINES = 300;
const BEFORE_MARK = 20;
const LINE_LENGTH = 1000;
const MARK = "> ";

/** The page. */
export function renderRejection(rejection: Rejection): string {
  const facts = factsOf(rejection).map(([name, value]) => `${name.padEnd(10)}${printable(value)}`);
  return [facts.join("\n"), valueLines(rejection).join("\n")].join("\n\n");
}

/** The same for machines. */
export function renderRejectionJson({ value, keyBytes, ...rejection }: Rejection): string {
  const text = value === null ? null : textOf(value);
  return printable(JSON.stringify({
    id: rejection.id,
    topic: rejection.topic,
    partition: rejection.partition,
    offset: Number(rejection.offset),
    time: timeOf(rejection.timestampMs),
    fetchedAt: timeOf(rejection.fetchedAtMs),
    key: rejection.key,
    keyBase64: keyBytes?.toBase64() ?? null,
    reason: rejection.reasonCode,
    message: rejection.message,
    jsonPath: rejection.jsonPath,
    ruleId: rejection.ruleId,
    stage: rejection.stage,
    sizeBytes: value?.length ?? null,
    text,
    base64: text === null ? value?.toBase64() ?? null : null,
  }));
}

/** True when a terminal would obey some of the bytes instead of showing them. */
export function isHarmful(value: Uint8Array): boolean {
  const text = textOf(value)?.replace(/[\n\t]/g, " ");
  return text === undefined || printable(text) !== text;
}

function factsOf(rejection: Rejection): readonly (readonly [string, string])[] {
  const { key, keyBytes, value, jsonPath } = rejection;
  return [
    ["id", rejection.id],
    ["topic", rejection.topic],
    ["partition", String(rejection.partition)],
    ["offset", String(rejection.offset)],
    ["time", timeOf(rejection.timestampMs) ?? "none"],
    ["fetched", timeOf(rejection.fetchedAtMs) ?? "the message does not say"],
    ["key", key ?? (keyBytes === null ? "none" : `${hexText(keyBytes)} (no UTF-8)`)],
    ["reason", rejection.reasonCode],
    ["", rejection.message],
    ["path", jsonPath],
    ["rule", `${rejection.ruleId} (see the rules in README.md)`],
    ["size", value === null ? "no value (a tombstone)" : counted(value.length, "byte")],
  ];
}

function valueLines({ value, jsonPath }: Rejection): readonly string[] {
  if (value === null || value.length === 0) return ["There are no bytes to show"];
  const text = textOf(value);
  if (text === null) return ["The bytes, which are no text:", ...limited(hexDump(value), -1)];
  const lines = jsonLines(text);
  if (lines === null) return ["The message as it came:", ...limited(text.split(/\r?\n/), -1)];
  const at = jsonPath === "$" ? -1 : lineAt(lines, jsonPath);
  const there = lines[at]?.path === jsonPath ? "" : `; there is none, so what it should be in is marked`;
  const head = at < 0 ? "The message:" : `The message, with "${MARK}" at ${printable(jsonPath)}${there}:`;
  return [head, ...limited(lines.map(({ text }) => text), at)];
}

/** The lines with a margin, in which one may be marked; of many those around it, with the numbers of those left out. */
function limited(lines: readonly string[], marked: number): readonly string[] {
  const from = lines.length <= SHOWN_LINES ? 0 : Math.max(0, marked - BEFORE_MARK);
  const shown = lines.slice(from, from + SHOWN_LINES).map((line, at) =>
    `${from + at === marked ? MARK : "  "}${shortened(line)}`.trimEnd()
  );
  const behind = lines.length - from - shown.length;
  const left = (count: number) => count > 0 ? [`  ... ${grouped(count)} more lines, see --raw`] : [];
  return [...left(from), ...shown, ...left(behind)];
}

function shortened(line: string): string {
  return line.length <= LINE_LENGTH
    ? printable(line)
    : `${printable(line.slice(0, LINE_LENGTH))}... ${
      grouped(line.length - LINE_LENGTH)
    } more characters, see --raw`;
}

/** Null when the bytes are no text: no UTF-8, or with a zero byte, which no text has. */
function textOf(value: Uint8Array): string | null {
  if (value.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return null;
  }
}

function timeOf(milliseconds: number | null): string | null {
  return milliseconds === null ? null : timeText(milliseconds);
}
