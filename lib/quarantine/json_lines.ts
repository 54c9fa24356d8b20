/**
 * JSON on lines of its own, each with its JSON path. It takes the text apart and puts the very pieces together again:
 * parsing and writing would lose digits, doubled keys and the order of keys, which may be what a message is rejected
 * for.
 */
import { fieldStep } from "../printable.ts";

/** A line, and what begins on it. */
export interface JsonLine {
  readonly text: string;
  /** As validation writes it: `$.timeTableRows[3].type`; null of a closing bracket. */
  readonly path: string | null;
}

interface Frame {
  readonly path: string;
  readonly close: string;
  /** Values so far. */
  index: number;
}

const TOKEN = /[\s\ufeff]*("(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+)/y;
/** Each level writes the path to it again. */
const MAX_DEPTH = 100;
const MAX_LENGTH = 4_000_000;
const CLOSE: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

/** The lines; null when it is no JSON, or too deep or too long to be shown so. */
export function jsonLines(text: string): readonly JsonLine[] | null {
  if (text.length > MAX_LENGTH || !isJson(text)) return null;
  const tokens = tokensOf(text);
  const lines: { text: string; path: string | null }[] = [];
  const open: Frame[] = [];
  let key: string | null = null;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    const frame = open.at(-1);
    if (token === ",") {
      const last = lines.at(-1);
      if (last !== undefined) last.text += ",";
      continue;
    }
    if (token === frame?.close) {
      open.pop();
      lines.push({ text: indent(open.length) + token, path: null });
      continue;
    }
    if (frame?.close === "}" && key === null) {
      key = token;
      at++;
      continue;
    }
    const path: string = frame === undefined ? "$" : childPath(frame, key);
    const close = CLOSE[token];
    const isEmpty = close !== undefined && tokens[at + 1] === close;
    const shown = isEmpty ? token + close : token;
    lines.push({ text: `${indent(open.length)}${key === null ? "" : `${key}: `}${shown}`, path });
    if (frame !== undefined) frame.index++;
    key = null;
    if (isEmpty) at++;
    else if (close !== undefined) open.push({ path, close, index: 0 });
    if (open.length > MAX_DEPTH) return null;
  }
  return lines;
}

/** The line that a path points at; where it leads to nothing, that of the nearest thing around it. */
export function lineAt(lines: readonly JsonLine[], path: string): number {
  const found = lines.findIndex((line) => line.path === path);
  const around = path.replace(/(?:\.[^.[\]]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])$/, "");
  return found >= 0 || around === path ? found : lineAt(lines, around);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\ufeff/, ""));
    return true;
  } catch {
    return false;
  }
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) tokens.push(found[1] ?? "");
  return tokens;
}

function childPath({ path, close, index }: Frame, key: string | null): string {
  return close === "]" ? `${path}[${index}]` : `${path}${fieldStep(JSON.parse(key ?? '""'))}`;
}

function indent(depth: number): string {
  return "  ".repeat(depth);
}
