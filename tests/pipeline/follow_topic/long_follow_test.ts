/** What a follower keeps in memory and on disk while it runs: as much after a long time as after a short one. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { MemoryStore, openTable } from "../../../lib/delta/mod.ts";
import { AnalysisWork } from "../../../lib/pipeline/analysis/analysis_work.ts";
import { TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeRound } from "../made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC } from "../process_rig.ts";
import { readContent } from "../table_content.ts";
import { follow, type Happening, keptOpen } from "./follow_rig.ts";

const MESSAGES = 450;
const EVERY_MS = 4_000;
const NAMES = ["landing", "standard", "batches"] as const;

Deno.test("batch after batch the tables keep their size, in memory, in the folder and when they are opened", async () => {
  await using broker = await brokerWith([]);
  const rounds = Array.from({ length: 6 }, (_, round) => makeRound(12, 1, round * 1_800_000)).flat();
  const log = Array.from({ length: MESSAGES }, (_, index) => rounds[index % rounds.length]).filter((each) =>
    each !== undefined
  );
  let nowMs = 0;
  const stores = new Map(
    NAMES.map((name) => [TABLE_PATHS[name] as string, new MemoryStore({ clock: () => nowMs })]),
  );
  const others = memoryFolder();
  const folder: StoreOf = (path) => stores.get(path) ?? others(path);
  const sizes: Record<string, number>[] = [];
  const measure = async () => {
    const found: Record<string, number> = {};
    for (const name of NAMES) {
      const { snapshot, store } = await openTable(folder(TABLE_PATHS[name]));
      found[`${name} files`] = snapshot.files.size;
      found[`${name} removed`] = snapshot.tombstones.size;
      found[`${name} folder`] = (await store.list("")).length;
    }
    sizes.push(found);
  };
  const samples = [800, 900, 1_000, 1_600, 1_700, 1_800].map((atSeconds): Happening => ({
    atMs: atSeconds * 1000,
    happens: measure,
  }));
  const { summary, figures, lake } = await follow({
    openBroker: keptOpen(broker),
    storeOf: folder,
    happenings: [
      ...log.map((message, index): Happening => ({
        atMs: EVERY_MS * index,
        happens: () => {
          nowMs = FIRST_ROUND_MS + EVERY_MS * index;
          return broker.publish(TOPIC, [message]);
        },
      })),
      ...samples,
    ],
    untilMs: EVERY_MS * MESSAGES + 2000,
    keepFilesMs: 60_000,
    measureMs: 300_000,
    maxAgeMs: 3_000,
  });
  assertGreater(summary.batches, MESSAGES - 20);
  assertEquals(figures.counts.failures, 0);
  const most = (some: readonly Record<string, number>[], name: string) =>
    Math.max(...some.map((each) => each[name] ?? NaN));
  for (const name of Object.keys(sizes[0] ?? {})) {
    const [early, late] = [most(sizes.slice(0, 3), name), most(sizes.slice(3), name)];
    // Files that were joined grow in number with the messages, slowly.
    assert(late <= early * 1.3 + 10, `${name}: ${early}, then ${late}`);
  }
  // The objects of the follower itself, which lives on where an opened table is read anew.
  assertLess(lake?.standard.delta.snapshot.tombstones.size ?? Infinity, 400);
  assertLess(
    JSON.stringify(figures.heartbeat({ pid: 1, host: "h", topic: TOPIC, everySeconds: 5 })).length,
    2_000,
  );
  await using all = await brokerWith(log);
  const undisturbed = memoryFolder();
  await runProcess({ broker: all, storeOf: undisturbed, maxBatchBytes: 1e9 });
  assertEquals(await readContent(folder), await readContent(undisturbed));
});

Deno.test("what was seen for the analysis tables is one range per partition, however many batches it was", () => {
  const work = new AnalysisWork({ keepsFacts: false });
  for (let offset = 0n; offset < 10_000n; offset++) {
    work.see([], [0, 1, 2].map((partition) => ({ partition, from: offset, to: offset + 1n })));
  }
  work.see([], [{ partition: 1, from: 20_000n, to: 20_001n }]);
  assertEquals(work.ranges, [
    { partition: 0, from: 0n, to: 10_000n },
    { partition: 1, from: 0n, to: 10_000n },
    { partition: 2, from: 0n, to: 10_000n },
    { partition: 1, from: 20_000n, to: 20_001n },
  ]);
  work.startOver();
  assertEquals(work.ranges, []);
});
