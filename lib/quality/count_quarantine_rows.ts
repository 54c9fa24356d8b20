/** Counts the rows of a quarantine data file that carries no counts of its own. */
import { countRejections } from "./count_rejections.ts";
import type { Frame } from "./frame.ts";
import type { Tally } from "./tally.ts";

/** The same counts as {@linkcode countRejections} made of the rejections themselves. */
export function countQuarantineRows(rows: Frame): Tally {
  const records = rows.select("reasonCode", "jsonPath").toRecords();
  return countRejections(records.map(({ reasonCode, jsonPath }) => ({
    reasonCode: String(reasonCode),
    jsonPath: String(jsonPath),
  })));
}
