import { assertEquals, assertRejects } from "@std/assert";
import { openKafkaBroker } from "../../../lib/broker/kafka/kafka_broker.ts";
import { fromKafkajs, toKafkajs } from "../../../lib/broker/kafka/kafka_address.ts";
import { isRetriable, kafkaFailure } from "../../../lib/broker/kafka/kafka_failure.ts";
import { BrokerError } from "../../../lib/errors.ts";

const KAFKAJS: Deno.PermissionOptions = { env: true, read: ["./node_modules"], sys: ["hostname"] };

/** As kafkajs throws it when Deno refuses a lookup or a connection. */
function refusal(message: string, broker: string): Error & { readonly broker: string } {
  return Object.assign(new Error(`Connection error: ${message}`), { broker, retriable: true });
}

for (const host of ["localhost:9", "127.0.0.1:9", "[::1]:9"]) {
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

function hasIpv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a broker with an IPv6 address is reached, and is named as it was given",
  ignore: !hasIpv6(),
  permissions: { ...KAFKAJS, net: ["[::1]"] },
  async fn() {
    using listener = Deno.listen({ hostname: "::1", port: 0 });
    let connections = 0;
    const hangUp = (async () => {
      for await (const connection of listener) {
        connections++;
        connection.close();
      }
    })();
    const brokers = [`[::1]:${listener.addr.port}`];
    const open = () => openKafkaBroker({ brokers, clientId: "test", clock: () => 0 });
    await assertRejects(
      open,
      BrokerError,
      `Cannot connect to Kafka "${brokers[0]}": the connection was closed`,
    );
    listener.close();
    await hangUp;
    assertEquals(connections > 0, true);
  },
});

Deno.test("addresses go to kafkajs and come back, also those that a cluster advertises without brackets", () => {
  for (
    const address of [
      "localhost:1",
      "10.0.0.1:9092",
      "[::1]:9092",
      "[fe80::1:2]:1",
      "redpanda-0.example:9092",
    ]
  ) {
    assertEquals(toKafkajs(address).split(":").length, 2);
    assertEquals(fromKafkajs(toKafkajs(address)), address);
  }
  assertEquals(fromKafkajs("fe80::1:9092"), "[fe80::1]:9092");
});
