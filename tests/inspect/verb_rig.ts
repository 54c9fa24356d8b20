/** What the tests of `deno task table` share: small tables, and verbs run in this process. */
import { Buffer } from "node:buffer";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  type StructType,
  tableSchema,
} from "../../lib/delta/mod.ts";
import { runTableVerb } from "../../lib/inspect/run_verb.ts";
import type { TableFlags } from "../../lib/inspect/table_flags.ts";

/** The flags of a call that has none. */
export const FLAGS: TableFlags = {
  columns: undefined,
  where: undefined,
  version: undefined,
  timestamp: undefined,
  limit: undefined,
  format: "table",
  out: undefined,
  to: undefined,
  dryRun: false,
  retentionHours: undefined,
  force: false,
  marks: undefined,
  sortBy: undefined,
  targetMb: undefined,
  partitions: undefined,
  json: false,
};

/** A table of the numbers from 0 on, one file and one mark of an application each. */
export async function numbersTable(count: number): Promise<DeltaTable> {
  const table = await newTable(tableSchema({ n: "long", odd: "boolean" }), ["odd"]);
  for (let n = 0; n < count; n++) {
    const add = await table.stageRows([{ n: BigInt(n) }], { partitionValues: { odd: n % 2 === 1 } });
    const txns = [{ appId: "app", version: BigInt(n) }];
    await table.commit({
      readSnapshot: table.snapshot,
      operation: "WRITE",
      adds: [add],
      txns,
      reads: "none",
    });
  }
  return table;
}

/** An empty table. */
export async function newTable(
  schema: StructType,
  partitionColumns: readonly string[] = [],
): Promise<DeltaTable> {
  let ids = 0;
  const configuration = { "delta.appendOnly": "false" };
  const context = { clock: () => 1, ids: () => `${ids++}` };
  return await createTable(new MemoryStore({ clock: context.clock }), {
    schema,
    partitionColumns,
    configuration,
  }, context);
}

/** What a verb prints. */
export async function run(
  table: DeltaTable,
  positionals: readonly string[],
  flags: Partial<TableFlags> = {},
): Promise<string> {
  return new TextDecoder().decode(await runBytes(table, positionals, flags));
}

let ticks = 0;

/** The same as bytes. */
export async function runBytes(
  { store }: Pick<DeltaTable, "store">,
  positionals: readonly string[],
  flags: Partial<TableFlags>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await runTableVerb({
    positionals,
    flags: { ...FLAGS, ...flags },
    storeOf: () => store,
    options: { clock: () => 1_000 + ticks++, ids: () => `verb-${ticks++}` },
    print: (text) => pieces.push(new TextEncoder().encode(`${text}\n`)),
    out: {
      write: (bytes) => Promise.resolve(pieces.push(bytes) > 0),
      finish: () => Promise.resolve(),
      discard: () => Promise.resolve(),
    },
  });
  return Buffer.concat(pieces);
}
