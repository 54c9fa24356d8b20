/** What Kafka's own Java client sends, with every codec it has, in small and large batches. */

import { assertEquals } from "@std/assert";

import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { simulateTrains } from "../../lib/simulator/simulate_trains.ts";
import { produceWithJava, startKafka, whyNoKafka } from "./kafka_server.ts";
import { testUnless } from "./test_unless.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"];
const BATCH_BYTES = [1, 16_384, 900_000];

testUnless(await whyNoKafka(), {
  name:
    "whatever codec a Java producer packs its batches with, its messages are read, headers without a value too",
  fn: async (t) => {
    await using kafka = await startKafka();
    await using broker = await openKafkaBroker({
      brokers: [kafka.address],
      clientId: "test",
      clock: () => NOW,
    });
    const trains = [...simulateTrains({ seed: 1, trains: 300, atMs: NOW })].map((train) =>
      JSON.stringify(train)
    );
    // From one byte to more than a block of every codec; half of them no text that packs well.
    const values = [...trains, "x", "ä".repeat(200_000), trains.join(" ").slice(0, 800_000)];
    for (const codec of CODECS) {
      for (const bytes of BATCH_BYTES) {
        await t.step(`${codec}, batches of ${bytes} bytes`, async () => {
          const topic = `codec-${codec}-${bytes}`;
          await broker.ensureTopic(topic, 1);
          await produceWithJava(kafka, {
            topic,
            lines: values.map((value, index) => `name:${index},none:NULL\tkey ${index}\t${value}`),
            args: producerArgs(codec, bytes),
          });
          const [log] = await broker.topicOffsets(topic);
          const range = { partition: 0, from: 0n, to: log?.end ?? 0n };
          const chunks = await Array.fromAsync(broker.read(topic, [range]));
          const records = chunks.flatMap(({ records }) => records);
          assertEquals(records.map(({ key }) => key), values.map((_, index) => `key ${index}`));
          assertEquals(
            records.map(({ headers }) => headers),
            values.map((_, index) => ({ name: `${index}` })),
          );
          const texts = records.map(({ value }) => new TextDecoder().decode(value ?? undefined));
          assertEquals(texts.every((text, index) => text === values[index]), true);
        });
      }
    }
  },
});

function producerArgs(codec: string, batchBytes: number): readonly string[] {
  const reader = ["parse.headers=true", "parse.key=true", "null.marker=NULL"];
  const producer = [
    `compression.type=${codec}`,
    `batch.size=${batchBytes}`,
    "linger.ms=20",
    "max.request.size=4000000",
  ];
  return [
    "--compression-codec",
    codec,
    "--batch-size",
    String(batchBytes),
    ...reader.flatMap((each) => ["--reader-property", each]),
    ...producer.flatMap((each) => ["--command-property", each]),
  ];
}
