import { assertThrows } from "@std/assert";
import { createPacketGuard } from "../../../lib/digitraffic/mqtt/packet_guard.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

/** A packet of the type PUBLISH with so many bytes behind its header. */
function packet(size: number): number[] {
  const length: number[] = [];
  let left = size;
  do {
    length.push(left % 128 | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return [0x30, ...length, ...new Array(size).fill(0xff)];
}

Deno.test("packets up to the bound pass in whatever pieces they come, and the first larger one does not", () => {
  const random = seededRandom(3);
  for (let round = 0; round < 100; round++) {
    const sizes = Array.from({ length: 8 }, () => Math.floor(random() * 400));
    const bytes = Uint8Array.from(sizes.flatMap(packet));
    const feed = (guard: (bytes: Uint8Array) => void) => {
      for (let at = 0; at < bytes.length;) {
        const step = 1 + Math.floor(random() * 60);
        guard(bytes.subarray(at, at + step));
        at += step;
      }
    };
    const most = Math.max(...sizes);
    feed(createPacketGuard(most));
    if (most > 0) {
      assertThrows(() => feed(createPacketGuard(most - 1)), RangeError, `announces ${most} bytes`);
    }
  }
});

Deno.test("a size is refused as soon as it is announced, before its bytes come, and so is one without end", () => {
  const guard = createPacketGuard(1000);
  assertThrows(() => guard(Uint8Array.from(packet(100_000).slice(0, 4))), RangeError, "at most 1000");
  const endless = createPacketGuard(Number.MAX_SAFE_INTEGER);
  assertThrows(() => endless(Uint8Array.from([0x30, 0x80, 0x80, 0x80, 0x80])), RangeError);
});
