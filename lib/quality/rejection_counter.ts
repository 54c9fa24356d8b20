/** What the quarantine table's rows say of missing and unreadable values. */
import { countsTag, type RowCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";
import type { Rejection } from "../validate/rejection.ts";
import { REQUIRED_COLUMNS } from "./row_counter.ts";

/** The part of a quarantine row that is counted. */
interface CountedRow {
  readonly reasonCode: string;
  readonly jsonPath: string;
}

/** Counts per file: `rows`, `reason.<code>`, `missing.<column>` (absent or null), `empty.<column>` (""). */
export const QUARANTINE_COUNTER: RowCounter = {
  // Raise the number when other things are counted.
  set: "rejections-1",
  count: (rows) =>
    countRows(
      rows.select("reasonCode", "jsonPath").toRecords().map(({ reasonCode, jsonPath }) => ({
        reasonCode: String(reasonCode),
        jsonPath: String(jsonPath),
      })),
    ),
};

/** The tag for a data file of these rejections. */
export function rejectionsTag(rejections: readonly Rejection[]): Readonly<Record<string, string>> {
  const rows = rejections.map(({ code, path }) => ({ reasonCode: code, jsonPath: path }));
  return countsTag(QUARANTINE_COUNTER, countRows(rows));
}

function countRows(rows: readonly CountedRow[]): Counts {
  const counts = new Map<string, number>([["rows", rows.length]]);
  for (const row of rows) {
    for (const name of namesFor(row)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function namesFor({ reasonCode, jsonPath }: CountedRow): readonly string[] {
  const column = REQUIRED_COLUMNS.find((name) => jsonPath.endsWith(`.${name}`));
  const reason = `reason.${reasonCode}`;
  if (column === undefined) return [reason];
  if (reasonCode === "missing_field") return [reason, `missing.${column}`];
  return reasonCode === "empty_field" ? [reason, `empty.${column}`] : [reason];
}
