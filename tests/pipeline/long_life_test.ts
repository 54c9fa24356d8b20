/** Many rounds on one lake: what is kept is bounded by time, whatever the number of rounds was. */
import { assert, assertEquals } from "@std/assert";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { MemoryStore, openTable, type Store } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { runProcess, type StoreOf, TOPIC } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const ROUNDS = Number(Deno.env.get("RATALAKE_ROUNDS") ?? 42);
const ROUND_MS = 10 * 60_000;
const KEPT_MS = 3_600_000;

Deno.test("files, log and broker file stay within what the last hours need, and nothing that counts is lost", async () => {
  const folder = await Deno.makeTempDir();
  let nowMs = FIRST_ROUND_MS;
  const stores = new Map<string, Store>();
  const storeOf: StoreOf = (path) => {
    const store = stores.get(path) ?? new MemoryStore({ label: path, clock: () => nowMs });
    stores.set(path, store);
    return store;
  };
  await using broker = await openEmbeddedBroker({
    path: `${folder}/broker.db`,
    clock: () => nowMs,
    isSynced: false,
  });
  await broker.ensureTopic(TOPIC, 2);
  const sizes: { files: number; log: number; messages: number }[] = [];
  for (let round = 0; round < ROUNDS; round++, nowMs += ROUND_MS) {
    const trains = makeRound(4, 1, FIRST_ROUND_MS + round * 60_000).map((message) => ({
      ...message,
      timestampMs: nowMs,
    }));
    await broker.publish(TOPIC, trains);
    const kept = { keepFilesMs: KEPT_MS, keepMessagesMs: KEPT_MS };
    await runProcess({ broker, storeOf, startMs: nowMs, ...kept });
    const entries = (await Promise.all([...stores.values()].map((store) => store.list("")))).flat();
    const offsets = await broker.topicOffsets(TOPIC);
    sizes.push({
      files: entries.filter(({ path }) => path.endsWith(".parquet") && !path.startsWith("_delta_log")).length,
      log: entries.filter(({ path }) => path.startsWith("_delta_log")).length,
      messages: offsets.reduce((sum, { earliest, end }) => sum + Number(end - earliest), 0),
    });
  }
  // An hour is six rounds; a checkpoint, with which the old goes, comes every ten versions.
  const early = sizes.slice(18, 30), late = sizes.slice(-12);
  for (const name of ["files", "log", "messages"] as const) {
    const most = (part: typeof sizes) => part.reduce((sum, each) => Math.max(sum, each[name]), 0);
    assert(most(late) <= most(early) * 1.3, `${name} grew from ${most(early)} to ${most(late)}`);
  }
  assertEquals(late.at(-1)?.messages, 6 * 4);
  const content = await readContent(storeOf);
  assertEquals([content.wrong, content.landing.length], [[], ROUNDS * 4]);
  const landing = await openTable(storeOf(TABLE_PATHS.landing), { clock: () => nowMs, ids: () => "reader" });
  assert(landing.snapshot.version >= ROUNDS);
  await broker[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});
