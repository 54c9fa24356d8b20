/**
 * A run that dies at any one of its store operations, before or after the operation took effect, and a clean run after
 * it. Dying is: this and every later operation fails, so nothing is cleaned up.
 */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";
import { gatedStore, type GateMoment } from "./gated_store.ts";
import { mortal, untilDeath } from "./mortal_stores.ts";
import { makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

/** Every how manieth moment is tried; 1 tries all and takes a minute. */
const STRIDE = Number(Deno.env.get("RATALAKE_CRASH_STRIDE") ?? 47);
const SIZES = { chunkBytes: 60_000, maxBatchBytes: 100_000 };
const LOG = makeLog({ trains: 6 });

Deno.test("a run that dies anywhere loses nothing and ingests nothing twice, whatever batches come after", async () => {
  await using broker = await brokerWith(LOG, 2);
  const undisturbed = memoryFolder();
  const counted = mortal(undisturbed, Infinity);
  await runProcess({ broker, storeOf: counted.storeOf, ...SIZES });
  const expected = await readContent(undisturbed);
  assertEquals(expected.wrong, []);
  assert(counted.moments() > 100);
  const random = seededRandom(11);
  for (let deathAt = Math.floor(random() * STRIDE); deathAt < counted.moments(); deathAt += STRIDE) {
    const folder = memoryFolder();
    await untilDeath(runProcess({ broker, storeOf: mortal(folder, deathAt).storeOf, ...SIZES }));
    const otherSizes = { chunkBytes: 10_000 + random() * 1e5, maxBatchBytes: 10_000 + random() * 2e5 };
    await runProcess({ broker, storeOf: folder, ...otherSizes });
    assertEquals({ deathAt, ...await readContent(folder) }, { deathAt, ...expected });
  }
});

Deno.test("a run that dies again and again gets there in the end", async () => {
  await using broker = await brokerWith(LOG, 2);
  const undisturbed = memoryFolder();
  await runProcess({ broker, storeOf: undisturbed, ...SIZES });
  const folder = memoryFolder();
  const random = seededRandom(12);
  let deaths = 0;
  for (let lifetime = 20;; lifetime += 3) {
    const { storeOf } = mortal(folder, Math.floor(random() * lifetime));
    const sizes = { chunkBytes: 5_000 + random() * 1e5, maxBatchBytes: 5_000 + random() * 1e5 };
    if (await untilDeath(runProcess({ broker, storeOf, ...sizes })) === "done") break;
    deaths++;
  }
  assert(deaths > 5);
  assertEquals(await readContent(folder), await readContent(undisturbed));
});

/** Fails this one operation as a full disk does, before it did anything; what follows works again. */
function fullOnce(
  storeOf: StoreOf,
  failAt: number,
): { readonly storeOf: StoreOf; readonly writes: () => number } {
  let write = 0;
  const gate = ({ operation, when }: GateMoment) => {
    if (when === "after" || !operation.startsWith("put")) return;
    if (write++ === failAt) throw new Error("No space left on device (os error 28)");
  };
  return { storeOf: (path) => gatedStore(storeOf(path), gate), writes: () => write };
}

Deno.test("a write that fails on a full disk ends the run, nothing half is seen, and the next run goes on", async () => {
  await using broker = await brokerWith(LOG, 2);
  const undisturbed = memoryFolder();
  const counted = fullOnce(undisturbed, Infinity);
  await runProcess({ broker, storeOf: counted.storeOf, ...SIZES });
  const expected = await readContent(undisturbed);
  for (let failAt = 3; failAt < counted.writes(); failAt += STRIDE) {
    const folder = memoryFolder();
    const { storeOf } = fullOnce(folder, failAt);
    await assertRejects(() => runProcess({ broker, storeOf, ...SIZES }), Error, "No space left");
    // The very same store, as a process that goes on after space was made.
    await runProcess({ broker, storeOf, ...SIZES });
    assertEquals({ failAt, ...await readContent(folder) }, { failAt, ...expected });
  }
});
