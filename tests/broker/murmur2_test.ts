import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";

import { choosePartition } from "../../lib/broker/choose_partition.ts";
import { murmur2 } from "../../lib/broker/murmur2.ts";

const encoder = new TextEncoder();

// From UtilsTest.testMurmur2 of Apache Kafka.
const KAFKA_VECTORS: readonly (readonly [string, number])[] = [
  ["21", -973932308],
  ["foobar", -790332482],
  ["a-little-bit-long-string", -985981536],
  ["a-little-bit-longer-string", -1486304829],
  ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
  ["abc", 479470107],
];

for (const [key, expected] of KAFKA_VECTORS) {
  Deno.test(`murmur2 of "${key}" is what Kafka's own test expects`, () => {
    assertEquals(murmur2(encoder.encode(key)), expected);
  });
}

Deno.test("murmur2 agrees with the one in kafkajs for every length and for all bytes", async () => {
  const { default: reference } = await import("kafkajs/src/producer/partitioners/default/murmur2.js");
  for (let length = 0; length < 70; length++) {
    for (let seed = 0; seed < 20; seed++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + seed * 101 + length * 13) & 0xff);
      // A view that does not start at the beginning of its buffer.
      const view = new Uint8Array([1, 2, 3, ...bytes]).subarray(3);
      assertEquals(murmur2(view), reference(Buffer.from(bytes)), `length ${length}, seed ${seed}`);
    }
  }
});

Deno.test("a key whose hash is negative still gets a partition", () => {
  assertEquals(choosePartition("21", { partitions: 3, unkeyedBefore: 0 }), (-973932308 & 0x7fffffff) % 3);
});

Deno.test("messages without a key take turns", () => {
  const chosen = [0, 1, 2, 3, 4].map((unkeyedBefore) =>
    choosePartition(null, { partitions: 3, unkeyedBefore })
  );
  assertEquals(chosen, [0, 1, 2, 0, 1]);
});
