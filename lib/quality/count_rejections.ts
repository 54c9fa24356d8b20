/** What the quarantine table's rows say of missing and unreadable values. */
import type pl from "nodejs-polars";
import { REQUIRED_COLUMNS } from "./count_standard_rows.ts";
import type { Counts } from "../tables/counts.ts";

/** The part of a quarantine row that is counted. */
export interface CountedRejection {
  readonly reasonCode: string;
  readonly jsonPath: string;
}

/** Counts per file: `rows`, `reason.<code>`, `missing.<column>` (absent or null), `empty.<column>` (""). */
export function countRejections(rejections: readonly CountedRejection[]): Counts {
  const counts = new Map<string, number>([["rows", rejections.length]]);
  for (const rejection of rejections) {
    for (const name of namesFor(rejection)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** The same counts as {@linkcode countRejections} made of the rejections themselves. */
export function countQuarantineRows(rows: pl.DataFrame): Counts {
  const records = rows.select("reasonCode", "jsonPath").toRecords();
  return countRejections(records.map(({ reasonCode, jsonPath }) => ({
    reasonCode: String(reasonCode),
    jsonPath: String(jsonPath),
  })));
}

function namesFor({ reasonCode, jsonPath }: CountedRejection): readonly string[] {
  const column = REQUIRED_COLUMNS.find((name) => jsonPath.endsWith(`.${name}`));
  const reason = `reason.${reasonCode}`;
  if (column === undefined) return [reason];
  if (reasonCode === "missing_field") return [reason, `missing.${column}`];
  return reasonCode === "empty_field" ? [reason, `empty.${column}`] : [reason];
}
