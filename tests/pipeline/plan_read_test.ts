import { assertEquals, assertThrows } from "@std/assert";
import type { PartitionOffsets } from "../../lib/broker/broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { planRead } from "../../lib/pipeline/plan_read.ts";

const NAMES = { topic: "trains", brokerLabel: "embedded broker.db" };

function log(partition: number, earliest: number, end: number): PartitionOffsets {
  return { partition, earliest: BigInt(earliest), end: BigInt(end) };
}

function plan(offsets: readonly PartitionOffsets[], landed: readonly (readonly [number, number])[]) {
  return planRead(offsets, {
    ...NAMES,
    landed: new Map(landed.map(([partition, next]) => [partition, BigInt(next)])),
  });
}

Deno.test("without tables everything is read from the earliest message on", () => {
  assertEquals(plan([log(0, 0, 5), log(1, 3, 7), log(2, 4, 4)], []), {
    ranges: [{ partition: 0, from: 0n, to: 5n }, { partition: 1, from: 3n, to: 7n }],
    resume: new Map([[0, 0n], [1, 3n], [2, 4n]]),
    waiting: 9,
    expired: 0,
  });
});

Deno.test("reading goes on where landing ends, and what is read is not planned again", () => {
  assertEquals(plan([log(0, 0, 5), log(1, 0, 7)], [[0, 5], [1, 2]]), {
    ranges: [{ partition: 1, from: 2n, to: 7n }],
    resume: new Map([[0, 5n], [1, 2n]]),
    waiting: 5,
    expired: 0,
  });
});

Deno.test("messages that expired before they were landed are counted, and the next batch covers their offsets", () => {
  assertEquals(plan([log(0, 8, 10), log(1, 9, 9)], [[0, 3], [1, 4]]), {
    ranges: [{ partition: 0, from: 8n, to: 10n }],
    resume: new Map([[0, 3n], [1, 4n]]),
    waiting: 2,
    expired: 10,
  });
});

Deno.test("tables that are ahead of the log, or know a partition that it has not, belong to another broker", () => {
  const fault = assertThrows(() => plan([log(0, 0, 2)], [[0, 3]]), BrokerError);
  assertEquals(
    fault.message,
    'Cannot resume topic "trains" partition 0 from embedded broker.db: the tables are at offset 3, ' +
      "the log ends at 2, expected the broker that filled these tables (or another DATA_DIR)",
  );
  assertThrows(() => plan([log(0, 0, 2)], [[0, 2], [1, 1]]), BrokerError, "partition 1");
  assertThrows(() => plan([], [[0, 2]]), BrokerError, "the log ends at 0");
});

Deno.test("a topic that does not exist yet is nothing to read", () => {
  assertEquals(plan([], []), { ranges: [], resume: new Map(), waiting: 0, expired: 0 });
});
