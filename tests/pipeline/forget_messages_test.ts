/** The broker may forget only what every table has: anything else would be gone for a run that has to catch up. */
import { assertEquals } from "@std/assert";
import { forgetMessages } from "../../lib/pipeline/forget_messages.ts";
import type { ProcessRun } from "../../lib/pipeline/process_run.ts";

type Offsets = Readonly<Record<number, bigint>>;

/** What the broker is asked to forget when the tables are so far; what it cannot do must not fail a run that is done. */
async function asked(
  tables: { readonly landing: Offsets; readonly standard: Offsets; readonly batches: Offsets },
  { keepMessagesMs, isRefused = false }: { readonly keepMessagesMs?: number; readonly isRefused?: boolean },
): Promise<readonly unknown[]> {
  const calls: unknown[] = [];
  const forget = (topic: string, { before, ...rest }: { readonly before: ReadonlyMap<number, bigint> }) => {
    calls.push({ topic, before: Object.fromEntries(before), ...rest });
    return isRefused ? Promise.reject(new Error("not now")) : Promise.resolve({ messages: 3 });
  };
  const tableOf = (offsets: Offsets) => ({
    nextOffsets: () => new Map(Object.entries(offsets).map(([partition, next]) => [Number(partition), next])),
  });
  const { landing, standard, batches } = tables;
  const lake = {
    topic: "trains",
    landing: tableOf(landing),
    standard: tableOf(standard),
    batches: tableOf(batches),
  };
  const run = { broker: { forget }, lake, limits: { keepMessagesMs }, surroundings: { clock: () => 1000 } };
  await forgetMessages(run as unknown as ProcessRun);
  return calls;
}

Deno.test("of each partition what landing, standard and batches all have may go, when it is old enough", async () => {
  const tables = {
    landing: { 0: 9n, 1: 9n, 2: 5n, 3: 9n, 4: 9n },
    standard: { 0: 7n, 1: 9n, 2: 9n, 3: 9n },
    batches: { 0: 9n, 1: 8n, 2: 9n, 4: 9n },
  };
  const expected = [{ topic: "trains", before: { 0: 7n, 1: 8n, 2: 5n, 3: 0n, 4: 0n }, olderThanMs: 400 }];
  for (const isRefused of [false, true]) {
    assertEquals(await asked(tables, { keepMessagesMs: 600, isRefused }), expected);
  }
});

Deno.test("nothing is forgotten without a limit, nor before anything is landed", async () => {
  const tables = { landing: { 0: 9n }, standard: { 0: 9n }, batches: { 0: 9n } };
  assertEquals(await asked(tables, {}), []);
  assertEquals(await asked({ ...tables, landing: {} }, { keepMessagesMs: 600 }), []);
  assertEquals((await asked(tables, { keepMessagesMs: 0 })).length, 1);
});
