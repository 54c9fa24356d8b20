/** Whether the broker's log is the one that filled the tables: what is refused, with which words, and what is not. */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { LogRecord } from "../../lib/broker/broker.ts";
import { BrokerError } from "../../lib/errors.ts";
import { OTHER_LOG_ADVICE } from "../../lib/pipeline/check_log.ts";
import { MadeUpBroker } from "./made_up_broker.ts";
import { FIRST_ROUND_MS, makeLog } from "./made_up_log.ts";
import { brokerWith, memoryFolder, runProcess, type StoreOf, TOPIC, wrapBroker } from "./process_rig.ts";
import { readContent } from "./table_content.ts";

const LOG = makeLog({ trains: 6 }).map(({ key, value, headers }, index): LogRecord => ({
  offset: BigInt(index),
  timestampMs: FIRST_ROUND_MS + index * 10,
  key,
  value,
  headers,
}));

/** A made-up log of one partition with these entries, and tables that were filled from LOG. */
async function landed(): Promise<{ readonly broker: MadeUpBroker; readonly folder: StoreOf }> {
  const broker = new MadeUpBroker(1);
  broker.partitions[0]?.entries.push(...LOG);
  const folder = memoryFolder();
  await runProcess({ broker, storeOf: folder });
  return { broker, folder };
}

/** The log after somebody else was at work on it; `at` gives what stands at an offset now. */
function remade(at: (record: LogRecord) => LogRecord | null, length = LOG.length + 5): MadeUpBroker {
  const broker = new MadeUpBroker(1);
  const longer = Array.from(
    { length },
    (_, index) => ({ ...LOG[index % LOG.length], offset: BigInt(index) }),
  );
  broker.partitions[0]?.entries.push(...longer.map((record) => at(record as LogRecord)));
  return broker;
}

const LATER = 86_400_000;
const OTHER_LOGS: readonly (readonly [name: string, found: string, broker: () => MadeUpBroker])[] = [
  [
    "with messages of another day",
    "found one of 2025-02-18",
    () => remade((record) => ({ ...record, timestampMs: record.timestampMs + LATER })),
  ],
  [
    "with other messages of the same moment",
    "found another message of that time",
    () => remade((record) => ({ ...record, value: Uint8Array.of(1, 2, Number(record.offset)) })),
  ],
  [
    "with markers where messages were",
    "found nothing",
    () => remade((record) => Number(record.offset) < LOG.length ? null : record),
  ],
  [
    "whose newest landed messages alone differ",
    "found",
    () =>
      remade((record) =>
        Number(record.offset) < LOG.length / 2
          ? record
          : { ...record, timestampMs: record.timestampMs + LATER }
      ),
  ],
];

for (const [name, found, other] of OTHER_LOGS) {
  Deno.test(`a log ${name} is refused with both ways out, and the tables stay as they are`, async () => {
    const { folder } = await landed();
    const before = await readContent(folder);
    const error = await assertRejects(
      () => runProcess({ broker: other(), storeOf: folder }),
      BrokerError,
      found,
    );
    assertStringIncludes(error.message, "this is another log than the one of these tables");
    assertStringIncludes(error.message, OTHER_LOG_ADVICE);
    assertEquals([error.retriable, await readContent(folder)], [false, before]);
  });
}

Deno.test("a shorter log is refused, whatever it holds", async () => {
  const { folder } = await landed();
  const shorter = remade((record) => record, LOG.length - 1);
  await assertRejects(() => runProcess({ broker: shorter, storeOf: folder }), BrokerError, "the log ends at");
});

Deno.test("the same log is known after it has grown, after compaction and after retention", async () => {
  const same: readonly (() => MadeUpBroker)[] = [
    () => remade((record) => record),
    // Compaction keeps some of the messages that landing knows it by.
    () => remade((record) => Number(record.offset) < LOG.length - 1 ? null : record),
    () => Object.assign(remade((record) => record), { chunkRecords: 1 }),
  ];
  for (const make of same) {
    const { folder } = await landed();
    assertEquals((await runProcess({ broker: make(), storeOf: folder })).messages, 5);
  }
  const { folder } = await landed();
  const retained = remade((record) => record);
  const [partition] = retained.partitions;
  assert(partition !== undefined);
  partition.earliest = LOG.length;
  assertEquals((await runProcess({ broker: retained, storeOf: folder })).messages, 5);
});

Deno.test("a log of which compaction has left only messages that nobody took note of is known by what landing has", async () => {
  const { folder } = await landed();
  const compacted = remade((record) =>
    record.offset === 2n || Number(record.offset) >= LOG.length ? record : null
  );
  assertEquals((await runProcess({ broker: compacted, storeOf: folder })).messages, 5);
  const { folder: other } = await landed();
  const replaced = remade((record) =>
    record.offset === 2n
      ? { ...record, value: Uint8Array.of(7) }
      : Number(record.offset) >= LOG.length
      ? record
      : null
  );
  await assertRejects(() => runProcess({ broker: replaced, storeOf: other }), BrokerError, "found nothing");
});

Deno.test("a log with another name of its own is refused whatever it holds; one that gets its first is not", async () => {
  const { broker, folder } = await landed();
  const named = Object.assign(broker, { id: "one" });
  assertEquals((await runProcess({ broker: named, storeOf: folder })).messages, 0);
  const renamed = Object.assign(broker, { id: "two" });
  await assertRejects(
    () => runProcess({ broker: renamed, storeOf: folder }),
    BrokerError,
    "its id is two, expected one, which the tables have",
  );
});

Deno.test("an embedded file that was put back from a copy and has grown again is refused", async () => {
  await using original = await brokerWith([]);
  const folder = memoryFolder();
  const id = await original.logId(TOPIC);
  const filled = remade((record) => record, LOG.length);
  await runProcess({ broker: wrapBroker(filled, { logId: () => Promise.resolve(id) }), storeOf: folder });
  const regrown = remade((record) =>
    Number(record.offset) < 5 ? record : { ...record, value: Uint8Array.of(7) }
  );
  const copy = wrapBroker(regrown, { logId: () => Promise.resolve(id) });
  await assertRejects(
    () => runProcess({ broker: copy, storeOf: folder }),
    BrokerError,
    "another message of that time",
  );
});
