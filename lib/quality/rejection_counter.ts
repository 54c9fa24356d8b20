/** What the quarantine table's rows say of missing and unreadable values. */
import type { Columns } from "../delta/mod.ts";
import { countsTag, type RowCounter } from "../tables/count_tags.ts";
import type { Counts } from "../tables/counts.ts";
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
  count: (rows) => {
    const kinds = new Map<string, number>();
    for (const { reasonCode, jsonPath } of rows.select("reasonCode", "jsonPath").toRecords()) {
      addTo(kinds, kindText({ reasonCode: String(reasonCode), jsonPath: String(jsonPath) }), 1);
    }
    return countKinds(rows.height, kinds);
  },
};

/** The tag for a data file of these rejections. */
export function rejectionsTag(rejections: Columns): Readonly<Record<string, string>> {
  const { reasonCode: reasons, jsonPath: paths } = rejections;
  if (reasons?.kind !== "words" || paths?.kind !== "words") {
    throw new TypeError(
      "Cannot count rejections: found no columns of words, expected reasonCode and jsonPath",
    );
  }
  const kinds = new Map<string, number>();
  let last = "", lastReason = -1, lastPath = -1;
  for (let row = 0; row < reasons.length; row++) {
    const reason = reasons.codes[row] ?? 0, path = paths.codes[row] ?? 0;
    if (reason !== lastReason || path !== lastPath) {
      last = kindText({ reasonCode: reasons.words[reason] ?? "", jsonPath: paths.words[path] ?? "" });
      lastReason = reason;
      lastPath = path;
    }
    addTo(kinds, last, 1);
  }
  return countsTag(QUARANTINE_COUNTER, countKinds(reasons.length, kinds));
}

function kindText({ reasonCode, jsonPath }: CountedRow): string {
  return JSON.stringify([reasonCode, jsonPath]);
}

/** Rejections of one kind have the same names. */
function countKinds(rows: number, kinds: ReadonlyMap<string, number>): Counts {
  const counts = new Map<string, number>([["rows", rows]]);
  for (const [kind, count] of kinds) {
    const [reasonCode, jsonPath]: readonly [string, string] = JSON.parse(kind);
    for (const name of namesFor({ reasonCode, jsonPath })) addTo(counts, name, count);
  }
  return Object.fromEntries(counts);
}

function addTo(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function namesFor({ reasonCode, jsonPath }: CountedRow): readonly string[] {
  const column = REQUIRED_COLUMNS.find((name) => jsonPath.endsWith(`.${name}`));
  const reason = `reason.${reasonCode}`;
  if (column === undefined) return [reason];
  if (reasonCode === "missing_field") return [reason, `missing.${column}`];
  return reasonCode === "empty_field" ? [reason, `empty.${column}`] : [reason];
}
