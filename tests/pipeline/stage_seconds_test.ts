/** What the accounting says of time: each stage took what passed between its beginning and its end, and no more. */
import { assertEquals, assertRejects } from "@std/assert";
import { openTable } from "../../lib/delta/mod.ts";
import { TABLE_PATHS } from "../../lib/tables/table_paths.ts";
import { gatedStore } from "./gated_store.ts";
import { FIRST_ROUND_MS, makeRound } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";
import { rowsOf } from "./table_content.ts";

/** A clock that has run for long, and by so many seconds between any two looks. */
function ticking(seconds: number): () => number {
  let looks = 0;
  return () => 5_000_000_000 + looks++ * seconds * 1000;
}

async function secondsIn(storeOf: StoreOf) {
  const table = await openTable(storeOf(TABLE_PATHS.batches), { clock: () => 0, ids: () => "reader" });
  return (await rowsOf(table)).map((row) =>
    ["judgeSeconds", "quarantineSeconds", "landingSeconds", "standardSeconds"].map((name) => row[name])
  );
}

Deno.test("the seconds of a batch are those of its stages, validation summed over its chunks", async () => {
  const round = makeRound(6, 1, FIRST_ROUND_MS);
  await using broker = await brokerWith(round, 1);
  const storeOf = memoryFolder();
  // Each message is a chunk, all of them one batch.
  await runProcess({ broker, storeOf, chunkBytes: 1, maxBatchBytes: 1e9, monotonic: ticking(2) });
  assertEquals(await secondsIn(storeOf), [[12, 2, 2, 2]]);
});

Deno.test("a batch that a crash left takes no second time for what was done before", async () => {
  await using broker = await brokerWith(makeRound(2, 1, FIRST_ROUND_MS), 1);
  const storeOf = memoryFolder();
  const dying: StoreOf = (path) =>
    gatedStore(storeOf(path), ({ operation, path: file }) => {
      const isCommit = operation === "putIfAbsent" && file.startsWith("_delta_log");
      if (isCommit && path === TABLE_PATHS.standard && !file.includes("/00000000000000000000.")) {
        throw new Error("crash");
      }
    });
  const options = { broker, maxBatchBytes: 1e9, monotonic: ticking(3) };
  await assertRejects(() => runProcess({ ...options, storeOf: dying }), Error, "crash");
  await runProcess({ ...options, storeOf });
  assertEquals(await secondsIn(storeOf), [[3, 0, 0, 3]]);
});
