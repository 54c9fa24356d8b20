import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Message } from "../../lib/broker/broker.ts";
import { openBroker } from "../../lib/broker/open_broker.ts";
import { FollowLines } from "../e2e/follow_lines.ts";
import { makeRound } from "../pipeline/made_up_log.ts";
import { compareRows } from "./compare_rows.ts";
import { startKafka, whyNoKafka } from "./kafka_server.ts";
import { makePipelineFolder, type PipelineFolder } from "./pipeline_folder.ts";
import { TABLE_KEYS } from "./table_keys.ts";
import { testUnless } from "./test_unless.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const TOPIC = "followed";
const ROUND = makeRound(30, 1, NOW), NEWER = makeRound(30, 1, NOW + 1_800_000);

testUnless(await whyNoKafka(), {
  name:
    "a follower on Kafka lives through a broker that dies, and makes the tables of one run on the embedded broker",
  fn: async () => {
    await using kafka = await startKafka();
    await using onKafka = await makePipelineFolder({ KAFKA_BROKER: kafka.address, KAFKA_TOPIC: TOPIC });
    await using embedded = await makePipelineFolder({ KAFKA_TOPIC: TOPIC });
    const follower = await onKafka.start("process", ["--follow", "--json", "--max-age", "200ms"]);
    const said = new Response(follower.stderr).text();
    const lines = new FollowLines(follower.stdout);
    // There is no topic yet.
    await publish(onKafka, ROUND, kafka.address);
    await lines.untilMessages(ROUND.length);
    await kafka.kill();
    await kafka.start();
    await publish(onKafka, NEWER, kafka.address);
    await lines.untilMessages(NEWER.length);
    follower.kill("SIGTERM");
    const last = JSON.parse(await lines.last());
    assertEquals([(await follower.status).code, last.run?.lag], [143, 0], await said);
    await publish(embedded, [...ROUND, ...NEWER]);
    await embedded.print("process", []);
    for (const name of ["landing", "standard"] as const) {
      const rows = await embedded.rows(name);
      const columns = Object.keys(rows[0] ?? {}).filter((column) => column !== "kafkaMessageTimestamp");
      assert(rows.length > 0);
      assertEquals(compareRows(await onKafka.rows(name), rows, { key: TABLE_KEYS[name], columns }), []);
    }
    const again = await onKafka.start("process", ["--follow", "--json"]);
    const refusal = new Response(again.stderr).text(), printed = new Response(again.stdout).text();
    await remake(kafka.address);
    assertEquals((await again.status).code, 1, await printed);
    assertMatch(await refusal, /expected the (?:log|one) that filled these tables; .*deno task reset/s);
  },
});

async function publish(
  folder: PipelineFolder,
  messages: readonly Message[],
  address?: string,
): Promise<void> {
  const kafka = address === undefined ? undefined : { brokers: [address], clientId: "test" };
  await using broker = await openBroker({ path: `${folder.path}/broker.db`, clock: () => NOW, kafka });
  await broker.ensureTopic(TOPIC, 3);
  await broker.publish(TOPIC, messages);
}

/** Deletes the topic and makes another of its name. */
async function remake(address: string): Promise<void> {
  const { Kafka, logLevel } = await import("kafkajs");
  const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [TOPIC] });
  await admin.createTopics({ waitForLeaders: false, topics: [{ topic: TOPIC, numPartitions: 3 }] });
  await admin.disconnect();
}
