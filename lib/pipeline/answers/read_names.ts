/** What the API calls stations and operators, where `fetch --metadata` has asked for it. */
import { TrainRows } from "../../tables/rows/train_rows.ts";
import { METADATA_PATHS } from "../../tables/table_paths.ts";
import { type AnswerSource, openKnown, readFileColumns } from "./read_analysis.ts";

const COLUMNS = {
  stations: ["stationShortCode", "stationName"],
  operators: ["operatorShortCode", "operatorName"],
} as const;

/** Names by code; null where nobody has asked for them yet. */
export async function readNames(
  source: AnswerSource,
  of: keyof typeof COLUMNS,
): Promise<ReadonlyMap<string, string> | null> {
  const table = await openKnown(source, METADATA_PATHS[of]);
  if (table === null) return null;
  const [code, name] = COLUMNS[of];
  const names = new Map<string, string>();
  for (const add of table.snapshot.files.values()) {
    const rows = new TrainRows(await readFileColumns(table, add, [code, name]));
    const codes = rows.text(code), texts = rows.text(name);
    for (let row = 0; row < rows.rows; row++) {
      const known = codes.words[codes.codes[row] ?? -1], text = texts.words[texts.codes[row] ?? -1];
      if (known !== undefined && text !== undefined && text !== "") names.set(known, text);
    }
  }
  return names;
}
