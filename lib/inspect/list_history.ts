/** `table history`: who did what. */
import type { HistoryEntry } from "../delta/mod.ts";
import { textGrid } from "../text/text_grid.ts";
import { timeText } from "../text/time_text.ts";

/** One line of JSON per version. */
export function historyJson(entries: readonly HistoryEntry[]): string {
  return entries.map(({ version, commitInfo, operation, filesAdded, filesRemoved }) =>
    JSON.stringify({ version, ...commitInfo, operation, filesAdded, filesRemoved })
  ).join("\n");
}

/** The versions, newest first. */
export function renderHistory(entries: readonly HistoryEntry[], width?: number): string {
  const rows = entries.map(({ version, commitInfo, operation, filesAdded, filesRemoved }) => [
    String(version),
    commitInfo.timestamp === undefined ? "" : timeText(commitInfo.timestamp),
    operation,
    commitInfo.engineInfo ?? "",
    pairs(commitInfo.operationMetrics ?? commitInfo.operationParameters ?? { filesAdded, filesRemoved }),
  ]);
  return textGrid(["version", "time", "operation", "engine", "details"], rows, { maxWidth: 120, width });
}

function pairs(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`).join(" ");
}
