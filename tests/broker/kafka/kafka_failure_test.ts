import { assertEquals, assertRejects } from "@std/assert";
import { openKafkaBroker } from "../../../lib/broker/kafka/kafka_broker.ts";
import { isRetriable, kafkaFailure } from "../../../lib/broker/kafka/kafka_failure.ts";
import { BrokerError } from "../../../lib/errors.ts";

const KAFKAJS: Deno.PermissionOptions = { env: true, read: ["./node_modules"], sys: ["hostname"] };

/** As kafkajs throws it when Deno refuses a lookup or a connection. */
function refusal(message: string, broker: string): Error & { readonly broker: string } {
  return Object.assign(new Error(`Connection error: ${message}`), { broker, retriable: true });
}

for (const host of ["localhost:9", "127.0.0.1:9"]) {
  Deno.test({
    name:
      `without the right to connect to ${host} the failure names it, with a cause that is a missing right`,
    permissions: KAFKAJS,
    async fn() {
      const options = { brokers: [host], clientId: "test", clock: () => 0 };
      const error = await assertRejects(
        () => openKafkaBroker(options),
        BrokerError,
        `Cannot connect to Kafka "${host}"`,
      );
      const { cause } = error;
      assertEquals(cause instanceof Error && [cause.name, cause.message], [
        "NotCapable",
        `Requires net access to "${host}", run again with the --allow-net flag`,
      ]);
    },
  });
}

Deno.test("a broker that only the cluster names is told with the setting that lets it be reached, and not tried again", () => {
  const refused = [
    refusal("getaddrinfo EPERM redpanda-1", "redpanda-1:9092"),
    refusal('Requires net access to "10.0.0.2:9092", run again with the --allow-net flag', "10.0.0.2:9092"),
  ];
  for (const cause of refused) {
    const { message } = kafkaFailure("read", { address: "a:1,b:2" }, cause);
    assertEquals(
      message,
      `Cannot read Kafka "a:1,b:2": found no right to connect to "${cause.broker}", which the cluster advertises, ` +
        `expected it among the brokers: KAFKA_BROKER=a:1,b:2,${cause.broker}`,
    );
    assertEquals(isRetriable(cause), false);
  }
  assertEquals(isRetriable(refusal("connect ECONNREFUSED 10.0.0.2:9092", "10.0.0.2:9092")), true);
});
