/** `table files`: the data files of a version. */
import { type Add, parsePredicate, scannedFiles, type Snapshot } from "../delta/mod.ts";
import { partitionText, rowsOf } from "./show_table.ts";
import { textGrid } from "../text/text_grid.ts";
import { timeText } from "../text/time_text.ts";

/** The live files; with a condition only those that may hold rows of it. */
export function filesOf(snapshot: Snapshot, where: string | undefined): readonly Add[] {
  const predicate = where === undefined ? undefined : parsePredicate(where, snapshot.schema);
  return scannedFiles(snapshot, predicate).map(({ add }) => add);
}

/** One line of JSON per file: the `add` action as the log has it. */
export function filesJson(adds: readonly Add[]): string {
  return adds.map((add) => JSON.stringify(add)).join("\n");
}

/** The files in the order of the log. */
export function renderFiles(adds: readonly Add[], width?: number): string {
  const rows = adds.map((add) => [
    timeText(add.modificationTime),
    String(add.size),
    String(rowsOf(add) ?? ""),
    partitionText(add.partitionValues),
    add.path.slice(add.path.lastIndexOf("/") + 1),
  ]);
  return textGrid(["written", "bytes", "rows", "partition", "name"], rows, { width });
}
