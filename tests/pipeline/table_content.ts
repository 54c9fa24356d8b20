/** What the tables hold, in an order and a form that two runs can be compared by. */

import { type DeltaTable, openTable } from "../../lib/delta/mod.ts";
import { ANALYSIS_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { checkAccount } from "../../lib/quality/account.ts";
import { STANDARD_COUNTER } from "../../lib/quality/row_counter.ts";
import { measureRun } from "../../lib/quality/measure_run.ts";
import { frameRows } from "../delta/frame_rows.ts";
import { type StoreOf, TOPIC } from "./process_rig.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows as text, sorted. Timings, versions and the bounds of batches are left out: they may differ. */
export interface TableContent {
  readonly landing: readonly string[];
  readonly quarantine: readonly string[];
  readonly standard: readonly string[];
  /** Sums per partition, and the offsets from the first batch to the last. */
  readonly batches: readonly string[];
  /** The rows of the three tables, each with its name. */
  readonly analysis: readonly string[];
  /** Equations of the account that do not hold. */
  readonly wrong: readonly string[];
}

const CONTEXT = { clock: () => 0, ids: () => "none" };
const SUMMED = ["landed", "accepted", "duplicate", "stale", "conflict", "quarantined", "sizeBytes"] as const;

/** Reads all tables. @throws when the batches of a partition overlap or leave a hole */
export async function readContent(storeOf: StoreOf): Promise<TableContent> {
  const open = (name: keyof typeof TABLE_PATHS) => openTable(storeOf(TABLE_PATHS[name]), CONTEXT);
  const [landing, quarantine, standard, batches] = await Promise.all(
    (["landing", "quarantine", "standard", "batches"] as const).map(open),
  );
  if (!landing || !quarantine || !standard || !batches) throw new Error("no tables");
  const tables = { landing, quarantine, standard, batches };
  const identity = { runId: "", topic: TOPIC, generatedAt: new Date(0), lag: 0 };
  const { account, schemaDrift } = await measureRun(tables, STANDARD_COUNTER, identity);
  return {
    landing: texts(await rowsOf(landing)),
    quarantine: texts(await rowsOf(quarantine)),
    standard: texts(await rowsOf(standard)),
    batches: [
      ...sumBatches(await rowsOf(batches)),
      ...await sumMeasures(batches),
      JSON.stringify(Object.entries(schemaDrift).sort()),
    ],
    analysis: await readAnalysis(storeOf),
    wrong: checkAccount(account).filter(({ holds }) => !holds).map(({ name, left, right }) =>
      `${name}: ${left}, ${right}`
    ),
  };
}

/** The rows of the analysis tables as text, sorted: files may hold them in any order. */
export async function readAnalysis(storeOf: StoreOf): Promise<readonly string[]> {
  const found = await Promise.all(
    Object.entries(ANALYSIS_PATHS).map(async ([name, path]) => {
      const table = await openTable(storeOf(path), CONTEXT);
      const rows = await Promise.all([...table.snapshot.files.values()].map((add) => table.readRows(add)));
      return texts(rows.flat()).map((text) => `${name} ${text}`);
    }),
  );
  return found.flat();
}

/** All rows of a table with exact values, or these columns of them. */
export async function rowsOf(
  table: DeltaTable,
  options?: { readonly columns: readonly string[] },
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const add of table.snapshot.files.values()) {
    rows.push(...frameRows(await table.readFile(add, options)));
  }
  return rows;
}

/** The standard rows without what tells where and when the message came: the same for any order of messages. */
export function withoutPlace(standard: readonly string[]): readonly string[] {
  return standard.map((text) => {
    const { kafkaPartition: _p, kafkaOffset: _o, kafkaMessageTimestamp: _t, ...row } = JSON.parse(text);
    return JSON.stringify(row);
  }).sort();
}

function texts(rows: readonly Row[]): readonly string[] {
  return rows.map(textOf).sort();
}

function textOf(row: Row): string {
  return JSON.stringify(row, (_, value) => {
    if (typeof value === "bigint") return `${value}n`;
    // The bytes of messages would be asked for one by one.
    return Array.isArray(value) && typeof value[0] === "number" ? value.join() : value;
  });
}

function sumBatches(rows: readonly Row[]): readonly string[] {
  return [...Map.groupBy(rows, (row) => Number(row.partition))].sort(([a], [b]) => a - b)
    .map(([partition, mine]) => {
      const sorted = mine.toSorted((a, b) =>
        Number(a.offsetFrom) - Number(b.offsetFrom) || Number(a.offsetTo) - Number(b.offsetTo)
      );
      sorted.forEach((row, i) => {
        const before = sorted[i - 1];
        if (before === undefined || before.offsetTo === row.offsetFrom) return;
        throw new Error(`batches of ${partition}: one ends at ${before.offsetTo}, next at ${row.offsetFrom}`);
      });
      const sums = SUMMED.map((name) => `${name}=${mine.reduce((sum, row) => sum + Number(row[name]), 0)}`);
      return `${partition}: ${sorted[0]?.offsetFrom}..${sorted.at(-1)?.offsetTo} ${sums.join(" ")}`;
    });
}

/** But for when the messages were processed, and for the polls, of which a batch of one partition sees a part. */
async function sumMeasures(table: DeltaTable): Promise<readonly string[]> {
  const sums = new Map<string, number>();
  for (const add of table.snapshot.files.values()) {
    for (const { partition, measures } of await table.readRows(add, { columns: ["partition", "measures"] })) {
      for (const [name, count] of measures instanceof Map ? measures : []) {
        const key = `${partition} ${name}`;
        if (!/^(landing|merging|whole|polls)\./.test(name)) {
          sums.set(key, (sums.get(key) ?? 0) + Number(count));
        }
      }
    }
  }
  return [...sums].map(([key, sum]) => `${key}=${sum}`).sort();
}
