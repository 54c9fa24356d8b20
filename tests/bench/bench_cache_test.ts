/** What is costly to make is made once, and again when it would be another. */

import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { BENCH_FOLDER, cachedFolder, fingerprintOf, removeIfThere } from "./bench_cache.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const NAME = "bench-cache-test";

async function makes(from: readonly string[], make = () => Promise.resolve()): Promise<number> {
  let times = 0;
  await cachedFolder({ name: NAME, from, make: () => (times++, make()) });
  return times;
}

Deno.test({
  name: "a folder is made once for the same content, and anew for another or when making it has failed",
  permissions: { read: [ROOT], write: [`${ROOT}data_files`] },
  async fn() {
    try {
      assertEquals([await makes(["first"]), await makes(["first"])], [1, 0]);
      assertEquals([await makes(["second"]), await makes(["second"])], [1, 0]);
      await assertRejects(
        () => makes(["third"], () => Promise.reject(new Error("disk full"))),
        Error,
        "disk full",
      );
      assertEquals([await makes(["third"]), await makes(["third"])], [1, 0]);
    } finally {
      for (const path of [NAME, `${NAME}.made`]) await removeIfThere(`${ROOT}${BENCH_FOLDER}/cache/${path}`);
    }
  },
});

Deno.test({
  name: "a fingerprint follows from the content of every file in a folder",
  permissions: { read: [ROOT] },
  async fn() {
    const [all, less, words] = await Promise.all(
      [["tests/bench"], ["tests/rooms"], ["no such file"]].map(fingerprintOf),
    );
    assertEquals(await fingerprintOf(["tests/bench"]), all);
    assertEquals(new Set([all, less, words]).size, 3);
    assertNotEquals(await fingerprintOf(["tests/bench", "more"]), all);
  },
});
