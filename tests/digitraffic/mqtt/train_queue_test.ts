import { assert, assertEquals } from "@std/assert";
import { type QueuedTrain, TrainQueue } from "../../../lib/digitraffic/mqtt/train_queue.ts";
import { seededRandom } from "../../../lib/simulator/seeded_random.ts";

function train(trainNumber: number, version: number | null, { size = 10, at = 0 } = {}): QueuedTrain {
  return {
    bytes: new Uint8Array(size),
    identity: { departureDate: "2025-02-17", trainNumber, version },
    receivedMs: at,
  };
}

Deno.test("of one train the newest version waits, of equal ones the later, whatever the order", () => {
  const queue = new TrainQueue({ maxBytes: 1000, maxTrains: 10 });
  for (const [version, at] of [[5, 1], [7, 2], [6, 3], [7, 4], [5, 5]] as const) {
    assert(queue.put(train(1, version, { at })));
  }
  assert(queue.put(train(2, 1)));
  assertEquals(queue.takeAll().map(({ identity, receivedMs }) => [identity?.version, receivedMs]), [[7, 4], [
    1,
    0,
  ]]);
  assertEquals([queue.length, queue.sizeBytes], [0, 0]);
});

Deno.test("what names no train is kept, each text of it once", () => {
  const queue = new TrainQueue({ maxBytes: 1000, maxTrains: 10 });
  for (const byte of [1, 2, 1, 3]) queue.put({ bytes: Uint8Array.of(byte), identity: null, receivedMs: 0 });
  assertEquals(queue.takeAll().map(({ bytes }) => bytes[0]), [1, 2, 3]);
});

Deno.test("a queue never holds more than its bounds, and keeps what a naive one keeps while there is room", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = seededRandom(seed);
    const limits = { maxBytes: 300, maxTrains: 12 };
    const queue = new TrainQueue(limits);
    const naive = new Map<number, QueuedTrain>();
    let refused = 0;
    for (let count = 0; count < 200; count++) {
      const size = Math.floor(random() * 50);
      const next = train(Math.floor(random() * 20), Math.floor(random() * 5), { size, at: count });
      const number = next.identity?.trainNumber ?? 0;
      if (queue.put(next)) {
        const waiting = naive.get(number)?.identity?.version ?? -1;
        if ((next.identity?.version ?? -1) >= waiting) naive.set(number, next);
      } else refused++;
      const sizeBytes = [...naive.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
      assertEquals([queue.sizeBytes, queue.length], [sizeBytes, naive.size]);
      assert(queue.sizeBytes <= limits.maxBytes && queue.length <= limits.maxTrains);
    }
    assert(refused > 0);
    const byNumber = (trains: Iterable<QueuedTrain>) =>
      [...trains].sort((a, b) => (a.identity?.trainNumber ?? 0) - (b.identity?.trainNumber ?? 0));
    assertEquals(byNumber(queue.takeAll()), byNumber(naive.values()));
  }
});
