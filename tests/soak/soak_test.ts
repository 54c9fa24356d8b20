/** The soak in short: a day of a small world, in all kinds of weather, both followers killed. `deno task soak` is the long one. */
import { assert, assertEquals } from "@std/assert";
import { testUnless } from "../interop/test_unless.ts";
import { runSoak } from "./run_soak.ts";

/** It takes a minute of both cores with 150. */
const TRAINS = Number(Deno.env.get("RATALAKE_SOAK_TRAINS") ?? 0);

testUnless(TRAINS > 0 ? undefined : "RATALAKE_SOAK_TRAINS is not set, which CI sets", {
  name: "after a day of bad weather and kills the tables hold what was true, row for row, and all adds up",
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "ratalake-soak-" });
    try {
      const result = await runSoak({ seed: 1, days: 1, trains: TRAINS, kills: 2, folder });
      const { differences, analysisDifferences, unbalanced, kills, spells, rows } = result;
      assertEquals([differences, analysisDifferences, unbalanced], [[], [], []]);
      assertEquals(kills, { feed: 2, topic: 2 });
      assert(rows > 20 * TRAINS && Object.keys(spells).length >= 9, JSON.stringify(result));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
