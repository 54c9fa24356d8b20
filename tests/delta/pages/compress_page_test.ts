/** Pages of any length come back from any reader of Zstandard as they were, wrapped or compressed. */
import { assert, assertEquals } from "@std/assert";
import { zstdDecompressSync } from "node:zlib";
import { compressPage } from "../../../lib/delta/pages/compress_page.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

Deno.test("a page of any length is a frame of Zstandard with its content, and hardly longer", () => {
  const random = seededRandom(1);
  for (const length of [0, 1, 2, 255, 256, 257, 511, 1023, 1024, 1025, 5000, 70_000]) {
    const content = Uint8Array.from({ length }, () => Math.floor(random() * 256));
    const frame = compressPage(content);
    assertEquals(new Uint8Array(zstdDecompressSync(frame)), content);
    assert(frame.length <= length + 32, `${length} bytes became ${frame.length}`);
  }
  assert(compressPage(new Uint8Array(5000)).length < 100);
});
