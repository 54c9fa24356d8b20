import { assert, assertEquals, assertThrows } from "@std/assert";

import type { Message } from "../../../lib/broker/broker.ts";
import { splitSends } from "../../../lib/broker/kafka/split_sends.ts";
import { BrokerError } from "../../../lib/errors.ts";

const OPTIONS = { topic: "t", partitions: 1, unkeyedBefore: 0, maxMessageBytes: 10_000_000 };

Deno.test("small messages of one partition travel together, in order", () => {
  const messages = Array.from({ length: 100 }, (_, index) => message(String(index), 100));
  const [send, ...more] = splitSends(messages, OPTIONS);
  assertEquals([send?.partition, send?.messages, more], [0, messages, []]);
});

Deno.test("no send is over 900 kB but one message that is larger, alone", () => {
  const sizes = [400_000, 400_000, 400_000, 5_000_000, 10, 899_000, 800_000, 90_000];
  const sends = splitSends(sizes.map((size) => message("k", size)), OPTIONS);
  assertEquals(sends.map((send) => send.messages.map(({ value }) => value?.length)), [
    [400_000, 400_000],
    [400_000],
    [5_000_000],
    [10, 899_000],
    [800_000, 90_000],
  ]);
});

Deno.test("sends stay below a topic's own smaller limit", () => {
  const sends = splitSends([1, 2, 3].map(() => message("k", 40_000)), {
    ...OPTIONS,
    maxMessageBytes: 100_000,
  });
  assertEquals(sends.map(({ messages }) => messages.length), [2, 1]);
});

Deno.test("each partition keeps its order whatever lies between", () => {
  const messages = Array.from({ length: 500 }, (_, index) => message(String(index % 17), 9000));
  const sends = splitSends(messages, { ...OPTIONS, partitions: 4 });
  for (const partition of [0, 1, 2, 3]) {
    const sent = sends.filter((send) => send.partition === partition).flatMap((send) => send.messages);
    const order = sent.map((each) => messages.indexOf(each));
    assertEquals(order, order.toSorted((a, b) => a - b));
  }
  assertEquals(sends.flatMap((send) => send.messages).length, 500);
});

Deno.test("a message that the topic does not take is refused by its place, with the limit", () => {
  const refused = () => splitSends([message("k", 1), message("k", 10_000_001)], OPTIONS);
  const failure = assertThrows(refused, BrokerError, "message 1 takes");
  assert(failure.message.includes("expected at most 10000000"));
});

Deno.test("keys and headers count too", () => {
  const long = "ä".repeat(300_000);
  const sends = splitSends([{ key: long, value: null, headers: { long } }, message("k", 1)], OPTIONS);
  assertEquals(sends.length, 2);
});

function message(key: string, size: number): Message {
  return { key, value: new Uint8Array(size), headers: {} };
}
