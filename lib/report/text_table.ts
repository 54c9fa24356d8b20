/** Tables, ages and sizes as text for a terminal. */
import Table from "cli-table3";
import { grouped } from "../printable.ts";

/** A table without frame lines: columns, numbers to the right. */
export function textTable(head: string[]): Table.Table {
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
  "waiting",
  "landed",
  "expired",
  "gaps",
  "unmerged",
  "left",
  "right",
  "row",
  "then",
  "now",
  "change",
  "trains",
  "stops",
  "score",
  "diff",
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

/** Seconds as a person says them. */
export function formatAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** Bytes as a person says them. */
export function formatSize(bytes: number): string {
  if (bytes < 1e4) return `${grouped(bytes)} B`;
  return bytes < 1e7 ? `${grouped(Math.round(bytes / 1e3))} kB` : `${grouped(Math.round(bytes / 1e6))} MB`;
}
