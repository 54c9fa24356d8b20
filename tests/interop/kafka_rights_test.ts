/** A real Kafka, reached by tasks whose lake, CA file and brokers are only in the settings. */
import { assertEquals, assertMatch } from "@std/assert";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { FIRST_ROUND_MS } from "../pipeline/made_up_log.ts";
import { KAFKA_USER, type KafkaServer, startKafka, whyNoKafka } from "./kafka_server.ts";
import { testUnless } from "./test_unless.ts";

const ROOT = new URL("../../", import.meta.url);

testUnless(await whyNoKafka(), {
  name: "with a Kafka and a lake elsewhere in the settings every task works, under no more rights than that",
  fn: async (t) => {
    await using kafka = await startKafka();
    await using simulator = serveSimulator({ seed: 1, trains: 5, clock: () => FIRST_ROUND_MS });
    const folder = await Deno.makeTempDir();
    const settings = { DATA_DIR: `${folder}/lake`, DIGITRAFFIC_URL: simulator.url };
    try {
      await t.step("plain", async () => {
        const ended = await task("pipeline", { ...settings, KAFKA_BROKER: kafka.address });
        assertEquals([ended.code, ended.err], [0, ""]);
      });
      await t.step(
        "a broker that the cluster advertises and nobody configured is named with what works",
        async () => {
          const byName = kafka.address.replace("127.0.0.1", "localhost");
          const refused = await task("process", { ...settings, KAFKA_BROKER: byName });
          assertEquals(refused.code, 1);
          assertMatch(
            refused.err,
            new RegExp(`no right to connect to "${kafka.address}", which the cluster advertises`),
          );
          const [, brokers = ""] = /KAFKA_BROKER=(\S+)\n$/.exec(refused.err) ?? [];
          const ended = await task("process", { ...settings, KAFKA_BROKER: brokers });
          assertEquals([brokers, ended.code, ended.err], [`${byName},${kafka.address}`, 0, ""]);
        },
      );
      await t.step("encrypted and signed in, with a CA file outside of everything", async () => {
        const env = { ...settings, ...await secureSettings(kafka, folder) };
        const ended = await task("pipeline", { ...env, KAFKA_BROKER: kafka.secureAddress });
        assertEquals([ended.code, ended.err], [0, ""]);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

async function secureSettings(kafka: KafkaServer, folder: string): Promise<Readonly<Record<string, string>>> {
  await Deno.writeTextFile(`${folder}/ca.crt`, kafka.ca);
  return {
    KAFKA_CA_FILE: `${folder}/ca.crt`,
    KAFKA_SASL_MECHANISM: "scram-sha-256",
    KAFKA_USERNAME: KAFKA_USER.username,
    KAFKA_PASSWORD: KAFKA_USER.password,
  };
}

async function task(name: string, env: Readonly<Record<string, string>>) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", name],
    cwd: ROOT,
    env: { NO_COLOR: "1", LOG_LEVEL: "error", KAFKA_TOPIC: "", ...env },
    stdin: "null",
  });
  const { code, stderr } = await command.output();
  return { code, err: new TextDecoder().decode(stderr) };
}
