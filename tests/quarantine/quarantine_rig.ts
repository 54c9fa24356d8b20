/** A quarantine table in memory with rejections as a test wants them, and verbs run in this process. */
import { MemoryStore, type Store } from "../../lib/delta/mod.ts";
import { appendRejections } from "../../lib/landing/append_rejections.ts";
import { rejectionsTag } from "../../lib/quality/rejection_counter.ts";
import { QUARANTINE_SCHEMA } from "../../lib/tables/message_schemas.ts";
import { openLakeTable } from "../../lib/tables/open_lake_table.ts";
import { TopicTable } from "../../lib/tables/topic_table.ts";
import type { Rejection } from "../../lib/validate/rejection.ts";
import type { QuarantineFlags } from "../../lib/quarantine/quarantine_options.ts";
import { runQuarantineVerb } from "../../lib/quarantine/run_verb.ts";
import { batchOf, TOPIC } from "../landing/landing_rig.ts";
import type { StoreOf } from "../pipeline/process_rig.ts";
import { testContext } from "../delta/test_context.ts";

/** When the clock of the verbs stands still. */
export const NOW_MS = Date.UTC(2026, 1, 17, 12);

let ids = 0;

const FLAGS: QuarantineFlags = {
  reason: undefined,
  since: undefined,
  limit: 20,
  raw: false,
  yes: false,
  dryRun: false,
  json: false,
};

/** A rejection; what is not given is that of a message which is no JSON. */
export function rejection(more: Partial<Rejection>): Rejection {
  return {
    code: "not_json",
    message: "Not JSON",
    path: "$",
    rule: "S1",
    partition: 0,
    offset: 0n,
    timestampMs: NOW_MS - 3_600_000,
    key: null,
    fetchedAtMs: null,
    sourceEpoch: 0,
    rawValue: new TextEncoder().encode("this is not a train"),
    ...more,
  };
}

/** A store with the table: one file, in offset order, for each list of rejections. */
export async function quarantineStore(
  files: readonly (readonly Rejection[])[],
  { store = new MemoryStore({ label: "quarantine" }), topic = TOPIC }: { store?: Store; topic?: string } = {},
): Promise<Store> {
  const delta = await openLakeTable(store, { schema: QUARANTINE_SCHEMA }, testContext(topic));
  const table = new TopicTable(delta, { name: "quarantine", topic, isSparse: true });
  for (const rejections of files) {
    const partition = rejections[0]?.partition ?? 0;
    const offsets = rejections.map(({ offset }) => Number(offset));
    const ranges = [[partition, Math.min(...offsets), Math.max(...offsets) + 1]] as const;
    await appendRejections(table, batchOf({ chunks: [[]], rejections, topic, ranges }), {
      tagsOf: rejectionsTag,
    });
  }
  return store;
}

/** How a verb is called, beside its flags. */
interface VerbCall extends Partial<QuarantineFlags> {
  readonly width?: number;
  readonly confirm?: (question: string) => boolean;
}

/** What a verb prints; of a store alone, that of quarantine. */
export async function runVerb(
  place: Store | StoreOf,
  positionals: readonly string[],
  { width, confirm, ...flags }: VerbCall = {},
): Promise<{ readonly text: string; readonly bytes: readonly number[] }> {
  const texts: string[] = [];
  const bytes: number[] = [];
  await runQuarantineVerb({
    positionals,
    flags: { ...FLAGS, ...flags },
    print: (text) => texts.push(text),
    completeCommands: (text) => text,
    writeBytes: (some) => bytes.push(...some),
    options: {
      storeOf: typeof place === "function" ? place : () => place,
      clock: () => NOW_MS,
      ids: () => `verb-${ids++}`,
      backoff: () => Promise.resolve(),
    },
    surroundings: {
      monotonic: () => 0,
      signal: new AbortController().signal,
      releaseMemory: () => Promise.resolve(),
    },
    confirm,
    width,
  });
  return { text: texts.join("\n"), bytes };
}
