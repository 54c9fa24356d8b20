/** A password that somebody puts into a setting, rightly or wrongly, is in no output. */
import { getLogger } from "@logtape/logtape";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { failureText } from "../../lib/cli/failure_text.ts";
import { type Call, runCommand } from "../../lib/cli/run_command.ts";
import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";
import { seededRandom } from "../delta/test_context.ts";

const SIGNS = "Zq7+/=:@,?#&%!$'\"\\ .*()[]{}|^~<>;";

/** Three letters that are in no message, then signs that end a password where it must not end. */
function makeSecret(random: () => number): string {
  const sign = () => SIGNS[Math.floor(random() * SIGNS.length)] ?? "";
  return `Zq7${Array.from({ length: 4 }, sign).join("")}Zq7`;
}

type Given = { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> };

/** Every place in which a password may stand. */
const PLACES: Readonly<Record<string, (secret: string) => Given>> = {
  "the user of the API": (secret) => ({ env: { DIGITRAFFIC_URL: `https://me:${secret}@host/api` } }),
  "the user of the API, as a flag": (secret) => ({
    args: ["--digitraffic-url", `https://${secret}@host/api`],
  }),
  "the query of the API": (secret) => ({ env: { DIGITRAFFIC_URL: `https://host/api?key=${secret}` } }),
  "a broker": (secret) => ({ env: { KAFKA_BROKER: `a:1,me:${secret}@host:9092` } }),
  "a broker, as a flag": (secret) => ({ args: [`--broker=me:${secret}@host:9092`] }),
  "a broker with a scheme": (secret) => ({ env: { KAFKA_BROKER: `kafka://me:${secret}@host:9092,b:1` } }),
  "the password": (secret) => ({ env: { KAFKA_PASSWORD: secret } }),
  "the password, complete": (secret) => ({
    env: {
      KAFKA_BROKER: "host:1",
      KAFKA_SASL_MECHANISM: "plain",
      KAFKA_USERNAME: "me",
      KAFKA_PASSWORD: secret,
    },
  }),
  "the password, as a flag": (secret) => ({ args: ["--kafka-password", secret] }),
  "the password, as a flag with a sign": (secret) => ({ args: [`--kafka-password=${secret}`] }),
  "a flag that is not there": (secret) => ({ args: [`--password=${secret}`] }),
  "an address too many": (secret) => ({ args: [`https://me:${secret}@host/api`] }),
};

async function outputOf({ args = [], env = {} }: Given): Promise<string> {
  let output = "";
  const write = (text: string) => output += text;
  await runCommand({
    name: "probe",
    summary: "Does one thing.",
    example: "deno task probe",
    settings: ["digitraffic", "broker", "tables"],
    run: ({ config, print }: Call<Record<never, never>>) => {
      print(JSON.stringify(config));
      getLogger(["ratalake", "probe"]).debug("read {config}", { config });
      return Promise.reject(new Error("Cannot go on", { cause: config }));
    },
  }, {
    args,
    env: { LOG_LEVEL: "debug", ...env },
    signal: new AbortController().signal,
    writeOut: write,
    stderr: { isTerminal: false, colour: false, write },
    monotonic: () => 0,
  });
  return output;
}

for (const [place, given] of Object.entries(PLACES)) {
  Deno.test({
    name: `a secret in ${place} is in no output, whatever signs are in it`,
    permissions: "none",
    async fn() {
      const random = seededRandom(1);
      for (let time = 0; time < 300; time++) {
        const secret = makeSecret(random);
        const output = await outputOf(given(secret));
        assert(output !== "");
        assertEquals(output.includes("Zq7"), false, `${secret}: ${output}`);
      }
    },
  });
}

Deno.test("what is wrong with an address can still be seen", async () => {
  const output = await outputOf({
    env: { KAFKA_BROKER: "me:word@host:9092", DIGITRAFFIC_URL: "https://me@host/api" },
  });
  assertStringIncludes(output, 'Cannot use "KAFKA_BROKER": found "***@host:9092", expected host:port');
  assertStringIncludes(
    output,
    'Cannot use "DIGITRAFFIC_URL": found "https://***@host/api", expected an http',
  );
});

Deno.test("errors and logs of libraries show no user of an address either", async () => {
  const cause = new Error("no answer from https://me:Zq7@host/api?x=1");
  const text = failureText(new Error("Cannot fetch", { cause }), { name: "probe", stack: true });
  assertEquals([text.includes("Zq7"), text.includes("https://***@host/api?x=1")], [false, true]);
  const broker = await openKafkaBroker({ brokers: ["me:Zq7@host:1"], clientId: "test", clock: () => 0 })
    .catch((error) => `${error}`);
  assertEquals(
    broker,
    'BrokerError: Cannot use Kafka broker "***@host:1": not understood, expected host:port',
  );
});
