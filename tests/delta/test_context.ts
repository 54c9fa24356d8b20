/** What every test of the Delta library takes from outside: no real clock, no real randomness, no waiting. */

import type { Actions, Add } from "../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../lib/delta/actions/commit_codec.ts";
import { commitPath } from "../../lib/delta/actions/log_path.ts";
import { tableSchema } from "../../lib/delta/mod.ts";
import type { DataType } from "../../lib/delta/schema/schema.ts";
import type { Store } from "../../lib/delta/store/store.ts";
import type { TableOptions } from "../../lib/delta/table/table.ts";

/** A clock that moves one second per look and ids that count, so that two runs write the same bytes. */
export function testContext(prefix = "id"): TableOptions & { readonly waits: readonly number[] } {
  let looks = 0;
  let names = 0;
  const waits: number[] = [];
  return {
    clock: () => Date.UTC(2025, 1, 17) + 1000 * looks++,
    ids: () => `${prefix}-${names++}`,
    backoff: (attempt) => {
      waits.push(attempt);
      return Promise.resolve();
    },
    waits,
  };
}

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An add of a file without rows that nobody reads. */
export function fakeAdd(path: string, more: Partial<Add> = {}): Add {
  return { path, partitionValues: {}, size: 1, modificationTime: 1, dataChange: true, ...more };
}

/** The first actions of a table with these columns. */
export function firstActions(
  columns: Readonly<Record<string, DataType>>,
  partitionColumns: readonly string[] = [],
  configuration: Readonly<Record<string, string>> = {},
): Actions {
  return {
    protocol: { minReaderVersion: 1, minWriterVersion: 2 },
    metadata: {
      id: "table",
      format: { provider: "parquet", options: {} },
      schemaString: JSON.stringify(tableSchema(columns)),
      partitionColumns,
      configuration,
      createdTime: 7,
    },
    txns: [],
    removes: [],
    adds: [],
  };
}

/** Actions of a later version. */
export function someActions(more: Partial<Actions>): Actions {
  return { txns: [], removes: [], adds: [], ...more };
}

/** Writes versions from 0 as another engine would. */
export async function writeLog(store: Store, versions: readonly Actions[]): Promise<void> {
  for (const [version, actions] of versions.entries()) {
    await store.put(commitPath(version), serializeCommit(actions));
  }
}
