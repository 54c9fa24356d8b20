import { assertEquals, assertThrows } from "@std/assert";
import type { PartitionOffsets } from "../../lib/broker/broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { OTHER_LOG_ADVICE } from "../../lib/pipeline/check_log.ts";
import { planRead } from "../../lib/pipeline/plan_read.ts";

const NAMES = { topic: "trains", brokerLabel: "embedded broker.db" };

function log(partition: number, earliest: number, end: number): PartitionOffsets {
  return { partition, earliest: BigInt(earliest), end: BigInt(end) };
}

function plan(
  offsets: readonly PartitionOffsets[],
  landed: readonly (readonly [number, number])[],
  isNoted = false,
) {
  return planRead(offsets, {
    ...NAMES,
    isNoted,
    landed: new Map(landed.map(([partition, next]) => [partition, BigInt(next)])),
  });
}

Deno.test("without tables everything is read from the earliest message on, and that start is noted", () => {
  assertEquals(plan([log(0, 0, 5), log(1, 3, 7), log(2, 4, 4)], []), {
    ranges: [{ partition: 0, from: 0n, to: 5n }, { partition: 1, from: 3n, to: 7n }],
    resume: new Map([[0, 0n], [1, 3n], [2, 4n]]),
    ends: new Map([[0, 5n], [1, 7n], [2, 4n]]),
    waiting: 9,
    expired: new Map(),
    starts: new Map([[0, 0n], [1, 3n], [2, 4n]]),
  });
});

Deno.test("reading goes on where landing ends, and what is read is not planned again", () => {
  assertEquals(plan([log(0, 0, 5), log(1, 0, 7)], [[0, 5], [1, 2]]), {
    ranges: [{ partition: 1, from: 2n, to: 7n }],
    resume: new Map([[0, 5n], [1, 2n]]),
    ends: new Map([[0, 5n], [1, 7n]]),
    waiting: 5,
    expired: new Map(),
    starts: new Map(),
  });
});

Deno.test("messages that expired before they were landed are counted, and do not wait", () => {
  const { ranges, resume, waiting, expired } = plan([log(0, 8, 10), log(1, 9, 9)], [[0, 3], [1, 4]]);
  assertEquals(ranges, [{ partition: 0, from: 8n, to: 10n }]);
  assertEquals([resume, waiting], [new Map([[0, 3n], [1, 4n]]), 2]);
  assertEquals(expired, new Map([[0, 5n], [1, 5n]]));
});

Deno.test("a partition that is added to a noted topic began at 0, whatever retention has deleted since", () => {
  const { starts, expired } = plan([log(0, 0, 5), log(1, 3, 7)], [[0, 5]], true);
  assertEquals([starts, expired], [new Map([[1, 0n]]), new Map([[1, 3n]])]);
});

Deno.test("tables that are ahead of the log, or know a partition that it has not, belong to another broker", () => {
  const fault = assertThrows(() => plan([log(0, 0, 2)], [[0, 3]]), BrokerError);
  assertEquals(
    fault.message,
    'Cannot resume topic "trains" partition 0 from embedded broker.db: the tables are at offset 3, ' +
      `the log ends at 2, expected the log that filled these tables; ${OTHER_LOG_ADVICE}`,
  );
  assertThrows(() => plan([log(0, 0, 2)], [[0, 2], [1, 1]]), BrokerError, "partition 1");
  assertThrows(() => plan([], [[0, 2]]), BrokerError, "the log ends at 0");
});
