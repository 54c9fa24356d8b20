import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { SHA1_HEX_LENGTH, writeSha1Hex } from "../../lib/validate/sha1.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

function sha1(key: string): string {
  const target = new Uint8Array(SHA1_HEX_LENGTH + 6).fill(46);
  const bytes = encoder.encode(`${key}beyond`);
  writeSha1Hex(bytes, bytes.length - "beyond".length, target, 3);
  return decoder.decode(target);
}

function model(key: string): string {
  return `...${createHash("sha1").update(key, "utf8").digest("hex")}...`;
}

Deno.test("SHA-1 of texts of 0 to 80 characters is node:crypto's, and nothing beside it is touched", () => {
  const random = seededRandom(51);
  const alphabets = ["ab_0", "aä\u0080\u07ff", "a\u0800€\uffff", "a😈", "a\ud800\udfff", "\u0000\u007f"];
  for (let length = 0; length <= 80; length++) {
    for (const alphabet of alphabets) {
      const units = [...Array(alphabet.length).keys()].map((i) => alphabet[i] ?? "");
      const key = Array.from({ length }, () => units[Math.floor(random() * units.length)]).join("");
      assertEquals([key, sha1(key)], [key, model(key)]);
    }
  }
});

Deno.test("a short key after a long one is not spoiled by what was left in the block", () => {
  for (const key of ["x".repeat(55), "a", "ä".repeat(27), "", "x".repeat(56), "b".repeat(54)]) {
    assertEquals(sha1(key), model(key));
  }
});
