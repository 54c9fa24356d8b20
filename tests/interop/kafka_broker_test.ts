import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { brokerContract } from "../contract/broker_contract.ts";
import { produceOddRecords } from "./foreign_producer.ts";
import { startKafka, whyNoKafka } from "./kafka_server.ts";

const NOW = Date.UTC(2025, 1, 17, 4, 21);
const reason = await whyNoKafka();
if (reason !== undefined) console.log(`Skipping the tests against Apache Kafka: ${reason}`);

Deno.test({
  name: "a Kafka cluster keeps every promise of a broker",
  ignore: reason !== undefined,
  fn: async (t) => {
    await using kafka = await startKafka();
    await brokerContract(
      t,
      () => openKafkaBroker({ brokers: [kafka.address], clientId: "test", clock: () => NOW }),
      (topic, records) => produceOddRecords(kafka.address, topic, records),
    );
  },
});
