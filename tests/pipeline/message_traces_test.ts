import { assertEquals } from "@std/assert";
import { MessageTraces } from "../../lib/pipeline/traces/message_traces.ts";

function record(offset: bigint, traceparent?: string) {
  return {
    offset,
    timestampMs: 0,
    key: null,
    value: null,
    headers: traceparent === undefined ? {} : { traceparent },
  };
}

Deno.test("a batch gets the spans of its own messages, each once, also when more was read ahead", () => {
  const traces = new MessageTraces();
  traces.see({ partition: 0, records: [record(0n, "a"), record(1n, "a"), record(2n), record(3n, "b")] });
  traces.see({ partition: 1, records: [record(7n, "a"), record(9n, "c")] });
  assertEquals(traces.take([{ partition: 0, to: 3n }, { partition: 1, to: 8n }]), ["a"]);
  assertEquals(traces.take([{ partition: 0, to: 4n }]), ["b"]);
  assertEquals(traces.take([{ partition: 0, to: 4n }, { partition: 1, to: 100n }]), ["c"]);
});

Deno.test("a producer that gives each message a span of its own fills no memory", () => {
  const traces = new MessageTraces();
  const records = Array.from({ length: 5_000 }, (_, offset) => record(BigInt(offset), String(offset)));
  traces.see({ partition: 0, records });
  assertEquals(traces.take([{ partition: 0, to: 5_000n }]).length, 1_024);
});
