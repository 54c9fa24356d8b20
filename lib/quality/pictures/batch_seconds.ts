/** How long the stages of the pipeline took for the last batches. */
import { type Add, columnBounds, type DeltaTable, type Row } from "../../delta/mod.ts";
import type { StageSeconds } from "../../tables/batch_record.ts";

/** One batch, which is one commit of the standard table. */
export interface BatchSeconds {
  readonly standardVersion: number;
  /** Messages of all its partitions. */
  readonly messages: number;
  readonly seconds: StageSeconds;
}

const VERSION = "standardVersion";
const COLUMNS = [VERSION, "landed", "judgeSeconds", "quarantineSeconds", "landingSeconds", "standardSeconds"];

/** The newest batches, the oldest of them first. Opens no more data files than it needs. */
export async function batchSeconds(batches: DeltaTable, limit: number): Promise<readonly BatchSeconds[]> {
  const known = new Set(batches.snapshot.schema.fields.map(({ name }) => name));
  const columns = [...COLUMNS, "release"].filter((name) => known.has(name));
  const found = new Map<number, BatchSeconds>();
  for (const { add, newest } of newestFilesFirst(batches)) {
    const versions = [...found.keys()].sort((a, b) => b - a);
    if (versions.length >= limit && newest < (versions[limit - 1] ?? Infinity)) break;
    for (const row of await batches.readRows(add, { columns })) addBatch(row, found);
  }
  return [...found.values()].sort((a, b) => a.standardVersion - b.standardVersion).slice(-limit);
}

/** There is a row for each partition, and each has the seconds of the whole batch; a release is no batch. */
function addBatch(row: Row, found: Map<number, BatchSeconds>): void {
  const figure = (name: string) => Number(row[name] ?? 0);
  if (row.release !== null && row.release !== undefined) return;
  const standardVersion = figure(VERSION);
  const messages = figure("landed") + (found.get(standardVersion)?.messages ?? 0);
  found.set(standardVersion, {
    standardVersion,
    messages,
    seconds: {
      validate: figure("judgeSeconds"),
      quarantine: figure("quarantineSeconds"),
      landing: figure("landingSeconds"),
      standard: figure("standardSeconds"),
    },
  });
}

/** By the newest batch that each may have; one whose statistics do not say has to be looked into. */
function newestFilesFirst(
  { snapshot }: DeltaTable,
): readonly { readonly add: Add; readonly newest: number }[] {
  const boundsOf = columnBounds([VERSION], snapshot);
  const timed = [...snapshot.files.values()].map((add) => {
    const { upper } = boundsOf(add);
    return { add, newest: typeof upper === "bigint" ? Number(upper) : Infinity };
  });
  return timed.sort((a, b) => a.newest === b.newest ? 0 : b.newest - a.newest);
}
