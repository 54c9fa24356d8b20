import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readConfig } from "../../lib/cli/config.ts";
import { BrokerError, UsageError } from "../../lib/errors.ts";
import { openConfiguredBroker } from "../../scripts/host/open_broker.ts";

function configOf(env: Readonly<Record<string, string>>) {
  return readConfig({ args: [], env }, { settings: ["broker", "tables"] }).config;
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "without KAFKA_BROKER the broker is a file in the data folder, which is made when it is missing",
  permissions: { read: true, write: true },
  fn: () =>
    withFolder(async (folder) => {
      const config = configOf({ DATA_DIR: `${folder}/new` });
      await using broker = await openConfiguredBroker(config);
      assertEquals(broker.label, `embedded ${folder}/new/broker.db`);
      await broker.ensureTopic(config.topic, config.partitions);
      assertEquals((await broker.topicOffsets(config.topic)).length, 3);
    }),
});

Deno.test({
  name: "BROKER_FILE puts the broker elsewhere, and nothing into the data folder",
  permissions: { read: true, write: true },
  fn: () =>
    withFolder(async (folder) => {
      const config = configOf({ DATA_DIR: `${folder}/tables`, BROKER_FILE: `${folder}/log/trains.db` });
      await using broker = await openConfiguredBroker(config);
      assertEquals(broker.label, `embedded ${folder}/log/trains.db`);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["log"]);
    }),
});

Deno.test({
  name: "a CA file that is missing or holds no certificate is a usage error that names it",
  permissions: { read: true, write: true },
  fn: () =>
    withFolder(async (folder) => {
      const config = (file: string) =>
        configOf({ KAFKA_BROKER: "localhost:1", KAFKA_CA_FILE: `${folder}/${file}` });
      await assertRejects(
        () => openConfiguredBroker(config("ca.pem")),
        UsageError,
        `${folder}/ca.pem": found no such`,
      );
      await Deno.writeTextFile(`${folder}/key.pem`, "-----BEGIN PRIVATE KEY-----\n");
      await assertRejects(
        () => openConfiguredBroker(config("key.pem")),
        UsageError,
        "found no certificate in it",
      );
    }),
});

Deno.test({
  name: "KAFKA_BROKER leads to Kafka, and the password is in no message of a failure",
  permissions: { read: true, net: ["127.0.0.1"], env: true, sys: ["hostname"] },
  async fn() {
    // A listener that hangs up at once: somebody is there, but it is no broker.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const hangUp = (async () => {
      for await (const connection of listener) connection.close();
    })();
    const config = configOf({
      KAFKA_BROKER: `127.0.0.1:${listener.addr.port}`,
      KAFKA_SASL_MECHANISM: "plain",
      KAFKA_USERNAME: "u",
      KAFKA_PASSWORD: "s3cret",
    });
    const error = await assertRejects(() => openConfiguredBroker(config), BrokerError);
    listener.close();
    await hangUp;
    assertStringIncludes(error.message, config.kafka?.brokers[0] ?? "");
    assertEquals(Deno.inspect(error, { depth: 9 }).includes("s3cret"), false);
  },
});
