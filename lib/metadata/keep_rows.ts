/** Keeps the rows of a part in its table: one commit replaces them all, and only when they are others. */
import { commitComputed, type DeltaTable, type Row, type Snapshot } from "../delta/mod.ts";
import { type FetchMark, markAction } from "./fetch_mark.ts";

/** How the table looks afterwards. "overtaken": another process has fetched the same at this moment. */
export interface Kept {
  readonly status: "replaced" | "unchanged" | "overtaken";
  readonly rows: number;
  readonly version: number;
}

/** On the data file: names its rows, so that nobody has to read it to know whether they are others. */
const TAG = "ratalake.content";

/**
 * Makes these the rows of the table and notes when they were fetched. Equal rows are kept once; their order does not
 * matter. Where the table holds them already, the commit has the note and no file.
 */
export async function keepRows(
  table: DeltaTable,
  given: readonly Row[],
  mark: FetchMark,
): Promise<Kept> {
  const rows = canonicalRows(given);
  const content = await nameOf([...rows.keys()]);
  const txns = [markAction(mark)];
  let status: "replaced" | "unchanged" = "unchanged";
  const outcome = await commitComputed(table, async (snapshot) => {
    status = holds(snapshot, content) ? "unchanged" : "replaced";
    const reads = { matches: () => true };
    if (status === "unchanged") return { operation: "NOTE FETCH", adds: [], txns, reads };
    const add = await table.stageRows([...rows.values()], { tags: { [TAG]: content } });
    return {
      operation: "WRITE",
      operationParameters: { mode: "Overwrite", partitionBy: "[]" },
      operationMetrics: {
        numFiles: "1",
        numOutputRows: String(rows.size),
        numOutputBytes: String(add.size),
      },
      adds: [add],
      removes: [...snapshot.files.values()],
      txns,
      reads,
    };
  });
  if (outcome.status !== "conflict") return { status, rows: rows.size, version: outcome.version };
  return { status: "overtaken", rows: rows.size, version: (await table.update()).version };
}

/** The rows by their text, in its order: the same rows in any order, or doubled, make the same table. */
function canonicalRows(rows: readonly Row[]): ReadonlyMap<string, Row> {
  const texts = rows.map((row) => [JSON.stringify(row, withoutNulls), row] as const);
  return new Map(texts.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0));
}

/** Null and absent are one thing in a table. */
function withoutNulls(_name: string, value: unknown): unknown {
  return value === null ? undefined : value;
}

async function nameOf(texts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** Rows that another engine has deleted or rewritten are others, whatever they are. */
function holds({ files }: Snapshot, content: string): boolean {
  const [file, ...more] = files.values();
  return file !== undefined && more.length === 0 && file.deletionVector === undefined &&
    file.tags?.[TAG] === content;
}
