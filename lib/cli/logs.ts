/** Where log lines go and what they look like. */
import { configureSync, type LogRecord } from "../packages/logtape.ts";
import { styleText } from "node:util";
import type { LogConfig } from "./config.ts";
import { foldLine, printable, withoutUsers } from "../printable.ts";

/** Where log lines go and what they look like. */
interface LogsOptions extends LogConfig {
  /** Colours for the human format: true only for a terminal without NO_COLOR. */
  readonly colour: boolean;
  /** Of the terminal, to which lines of the human format are folded; absent for files and pipes. */
  readonly columns?: number | undefined;
  /** Takes whole lines with their line feed. */
  readonly write: (text: string) => void;
  /** Names the settings of the run in the commands that a message advises. */
  readonly completeCommands?: (text: string) => string;
}

const LEVEL_STYLES = {
  trace: "dim",
  debug: "dim",
  info: "cyan",
  warning: "yellow",
  error: "red",
  fatal: "red",
} as const;

/** Sends what all parts log through LogTape to one place; a later call replaces an earlier one. */
export function configureLogs(
  { format, level, colour, columns = Infinity, write, completeCommands = (text) => text }: LogsOptions,
): void {
  const line = (record: LogRecord) => {
    const message = completeCommands(messageOf(record));
    if (format === "json") return jsonLine(record, message);
    return foldLine(humanLine(record, { message, colour }), { columns });
  };
  configureSync({
    reset: true,
    sinks: { lines: (record) => write(`${withoutUsers(line(record))}\n`) },
    loggers: [
      { category: "ratalake", sinks: ["lines"], lowestLevel: level },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "warning" },
    ],
  });
}

/** `18:22:47Z warning fetch: no answer, trying again`; the time is UTC. */
function humanLine(
  record: LogRecord,
  { message, colour }: { readonly message: string; readonly colour: boolean },
): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const time = new Date(record.timestamp).toISOString().slice(11, 19);
  const level = paint(LEVEL_STYLES[record.level], record.level.padEnd(7));
  const area = areaOf(record);
  return `${paint("dim", `${time}Z`)} ${level} ${area === "" ? "" : `${area}: `}${message}`;
}

function jsonLine(record: LogRecord, message: string): string {
  const line = {
    time: new Date(record.timestamp).toISOString(),
    level: record.level,
    area: areaOf(record),
    message,
    ...(Object.keys(record.properties).length > 0 ? { properties: record.properties } : {}),
  };
  return JSON.stringify(line, plain);
}

function areaOf({ category }: LogRecord): string {
  return (category[0] === "ratalake" ? category.slice(1) : category).join(".");
}

function messageOf({ message }: LogRecord): string {
  return printable(message.map((part) => typeof part === "string" ? part : shown(part)).join(""));
}

function shown(value: unknown): string {
  if (value instanceof Error) return value.message;
  return typeof value === "object" && value !== null ? JSON.stringify(value, plain) : String(value);
}

/** What JSON cannot write by itself. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, cause: value.cause };
}
