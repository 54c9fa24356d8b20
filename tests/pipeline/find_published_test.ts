/** Whether what was published before counts for the log at hand: for every mix of names, numbers and messages. */
import { assertEquals } from "@std/assert";
import type { LogRecord } from "../../lib/broker/broker.ts";
import type { PublishedLog } from "../../lib/digitraffic/publish_state.ts";
import { findPublished } from "../../lib/pipeline/find_published.ts";
import { hashValue } from "../../lib/tables/fingerprint.ts";
import { MadeUpBroker } from "./made_up_broker.ts";

const NOW_MS = Date.UTC(2025, 1, 17, 5);
const TOPIC = "trains";
const VERSIONS = new Map([["2025-02-17", new Map([[27, 5]])]]);

/** Two partitions of three and two messages, of which the first has expired. */
function makeBroker(id: string | null): MadeUpBroker {
  const broker = new MadeUpBroker(2);
  [3, 2].forEach((length, partition) => {
    for (let i = 0; i < length; i++) {
      const record: LogRecord = {
        offset: BigInt(i),
        timestampMs: NOW_MS,
        key: null,
        value: Uint8Array.of(i),
        headers: {},
      };
      broker.partitions[partition]?.entries.push(record);
    }
  });
  Object.assign(broker.partitions[0] ?? {}, { earliest: 1 });
  return Object.assign(broker, { id });
}

const known = (offset: number, content: number): PublishedLog["messages"][number] => ({
  partition: 0,
  offset: BigInt(offset),
  timestampMs: NOW_MS,
  hash: hashValue(Uint8Array.of(content)),
});

/** The messages that were noted, by what the log says of them now. */
const MESSAGES: Readonly<Record<string, PublishedLog["messages"]>> = {
  none: [],
  same: [known(2, 2)],
  other: [known(2, 7)],
  expired: [known(0, 0)],
};

function noted(overrides: Partial<PublishedLog>): PublishedLog {
  return {
    broker: "made up",
    topic: TOPIC,
    records: 5n,
    logId: null,
    fetchedAt: new Date(NOW_MS),
    messages: [],
    versions: VERSIONS,
    ...overrides,
  };
}

Deno.test("what was published counts unless the log has another name, fewer or other messages, or none that is known", async () => {
  const ids = [null, "one", "two"];
  for (const [notedId, id] of ids.flatMap((notedId) => ids.map((id) => [notedId, id] as const))) {
    for (const records of [4n, 5n, 6n]) {
      for (const [kind, messages] of Object.entries(MESSAGES)) {
        const broker = makeBroker(id);
        const areNamed = notedId !== null && id !== null;
        const isOther = records > 5n || areNamed && notedId !== id || kind === "other" ||
          kind === "expired" && !areNamed;
        const log = noted({ records, logId: notedId, messages });
        const found = await findPublished([log], broker, TOPIC);
        const expected = isOther ? noted({ fetchedAt: null, messages: [], versions: new Map() }) : log;
        const round = `${notedId} ${id} ${records} ${kind}`;
        assertEquals([round, found], [round, { ...expected, logId: id, records: 5n }]);
      }
    }
  }
});

Deno.test("what was published to another broker, or to another topic, says nothing of this log", async () => {
  const broker = makeBroker(null);
  const others = [noted({ broker: "elsewhere" }), noted({ topic: "buses" })];
  const nothing = noted({ fetchedAt: null, versions: new Map() });
  assertEquals(await findPublished(others, broker, TOPIC), nothing);
  assertEquals(await findPublished([], broker, TOPIC), nothing);
  assertEquals(await findPublished([...others, noted({})], broker, TOPIC), noted({}));
});
