import { assert, assertEquals, assertFalse, assertMatch, assertThrows } from "@std/assert";
import { z } from "zod";
import { type Offer, readConfig } from "../../lib/cli/config.ts";
import { switchOption } from "../../lib/cli/options.ts";
import { UsageError } from "../../lib/errors.ts";
import { VERSION } from "../../lib/cli/version.ts";

const ALL = { settings: ["broker", "tables", "digitraffic", "state"] } as const satisfies Offer<
  Record<never, never>
>;

function configOf(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return readConfig({ args, env }, ALL).config;
}

function faultsOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): readonly string[] {
  return assertThrows(() => readConfig({ args, env }, ALL), UsageError).faults;
}

Deno.test({
  name: "without flags and variables everything has a default and the broker is the embedded one",
  permissions: "none",
  fn: () =>
    assertEquals(configOf([]), {
      kafka: undefined,
      topic: "digitraffic_live_trains",
      partitions: 3,
      group: "ratalake",
      brokerFile: "data_files/broker.db",
      dataDir: "data_files",
      stateFile: "data_files/publish_state.json",
      digitraffic: { url: "https://rata.digitraffic.fi/api/v1", user: `ratalake/${VERSION}` },
      log: { format: "human", level: "info" },
    }),
});

Deno.test({
  name: "a flag beats the environment, which beats the default; an empty variable counts as unset",
  permissions: "none",
  fn() {
    assertEquals(configOf([], { KAFKA_TOPIC: "trains" }).topic, "trains");
    assertEquals(configOf(["--topic", "mine"], { KAFKA_TOPIC: "trains" }).topic, "mine");
    assertEquals(configOf(["--topic=mine"], { KAFKA_TOPIC: "not a topic" }).topic, "mine");
    assertEquals(configOf([], { KAFKA_TOPIC: "", DATA_DIR: "", KAFKA_BROKER: "" }), configOf([]));
  },
});

Deno.test({
  name: "the broker's file and the publish state follow the data folder until they have places of their own",
  permissions: "none",
  fn() {
    const placesOf = ({ brokerFile, dataDir, stateFile }: ReturnType<typeof configOf>) => [
      dataDir,
      brokerFile,
      stateFile,
    ];
    const env = { DATA_DIR: "tables/", BROKER_FILE: "", STATE_FILE: "" };
    assertEquals(placesOf(configOf([], env)), ["tables", "tables/broker.db", "tables/publish_state.json"]);
    const moved = { ...env, BROKER_FILE: "log/trains.db", STATE_FILE: "state.json" };
    assertEquals(placesOf(configOf([], moved)), ["tables", "log/trains.db", "state.json"]);
    const flags = ["--broker-file", "my.db", "--state-file=my.json", "--data-dir=/"];
    assertEquals(placesOf(configOf(flags, moved)), ["/", "my.db", "my.json"]);
  },
});

Deno.test({
  name: "KAFKA_BROKER switches to Kafka and takes a list, names and both kinds of addresses",
  permissions: "none",
  fn() {
    const { kafka } = configOf([], { KAFKA_BROKER: "localhost:19092, 10.0.0.1:1,[::1]:65535" });
    assertEquals(kafka, {
      brokers: ["localhost:19092", "10.0.0.1:1", "[::1]:65535"],
      ssl: false,
      caFile: undefined,
      sasl: undefined,
    });
  },
});

Deno.test({
  name: "a CA file turns encryption on, and signing in needs mechanism, user and password together",
  permissions: "none",
  fn() {
    const env = { KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p", KAFKA_SASL_MECHANISM: "SCRAM-SHA-256" };
    const { kafka } = configOf(["--broker", "b:1", "--kafka-ca-file", "ca.pem"], env);
    assert(kafka?.ssl);
    assertEquals(kafka.caFile, "ca.pem");
    assertEquals(kafka.sasl?.mechanism, "scram-sha-256");
    assertEquals(kafka.sasl?.password(), "p");
    assertEquals(faultsOf([], { KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p" }), [
      'Cannot use "KAFKA_USERNAME, KAFKA_PASSWORD": found no KAFKA_SASL_MECHANISM, expected all three or none',
    ]);
  },
});

Deno.test({
  name: "the password shows neither in JSON nor in inspection nor in a fault, and is refused as a flag",
  permissions: "none",
  fn() {
    const env = {
      KAFKA_USERNAME: "u",
      KAFKA_PASSWORD: "s3cret",
      KAFKA_SASL_MECHANISM: "plain",
      KAFKA_BROKER: "b:1",
    };
    const config = configOf([], env);
    assertFalse((JSON.stringify(config) + Deno.inspect(config, { depth: 9 })).includes("s3cret"));
    const faults = faultsOf(["--kafka-password", "s3cret"], { ...env, KAFKA_SASL_MECHANISM: "" }).join();
    assertFalse(faults.includes("s3cret"));
    assertMatch(
      faults,
      /found a secret on the command line, where all see it, expected it in KAFKA_PASSWORD/,
    );
  },
});

/** Flag, a value that is refused, what the fault must say. */
const REFUSED: readonly [flag: string, value: string, says: RegExp][] = [
  ["--broker", "localhost", /host:port/],
  ["--broker", "localhost:0", /host:port/],
  ["--broker", "localhost:65536", /host:port/],
  ["--broker", "a:1,,b:2", /host:port/],
  ["--broker", "http://a:1", /host:port/],
  ["--topic", "..", /topic name/],
  ["--topic", "a b", /topic name/],
  ["--topic", "å", /topic name/],
  ["--topic", "x".repeat(250), /topic name/],
  ["--partitions", "0", /whole number from 1 to 1000/],
  ["--partitions", "1001", /whole number/],
  ["--partitions", "2.5", /whole number/],
  ["--partitions", "3x", /whole number/],
  ["--partitions", "1e2", /whole number/],
  ["--group", "a/b", /group name/],
  ["--data-dir", "a\0b", /folder name/],
  ["--broker-file", "a\nb", /name of a file on disk/],
  ["--broker-file", "folder/", /name of a file on disk/],
  ["--broker-file", "folder/..", /name of a file on disk/],
  ["--broker-file", ":memory:", /name of a file on disk/],
  ["--broker-file", "file:x?mode=memory", /name of a file on disk/],
  ["--state-file", ".", /name of a file on disk/],
  ["--kafka-sasl-mechanism", "oauth", /scram-sha-256/],
  ["--digitraffic-url", "ftp://x", /http or https/],
  ["--digitraffic-url", "https://u:p@x/", /without user/],
  ["--digitraffic-url", "nonsense", /http or https/],
  ["--digitraffic-user", "a\r\nX-Evil: 1", /printable ASCII/],
  ["--log-format", "xml", /"human" or "json"/],
  ["--log-level", "loud", /"debug"/],
];

for (const [flag, value, says] of REFUSED) {
  Deno.test({
    name: `${flag} refuses ${JSON.stringify(value.slice(0, 20))} and says what it expects`,
    permissions: "none",
    fn() {
      const faults = faultsOf([`${flag}=${value}`]);
      assertEquals(faults.length, 1);
      assertMatch(faults.join(), says);
      assert(faults.join().startsWith(`Cannot use "${flag}": found `));
    },
  });
}

Deno.test({
  name: "all faults are reported together, each under the name it was given by",
  permissions: "none",
  fn() {
    const faults = faultsOf(["--tpoic", "x", "stray", "--group", "--log-level="], { KAFKA_PARTITIONS: "0" });
    assertEquals(faults, [
      'Cannot use "--tpoic": unknown flag, did you mean "--topic"?',
      'Cannot use "--log-level": found no value after "="',
      'Cannot use "--group": found no value, expected a group name of 1 to 255 letters, digits, ".", "_" and "-"',
      'Cannot use "KAFKA_PARTITIONS": found "0", expected a whole number from 1 to 1000',
      'Cannot use "stray": found a positional argument, expected only flags',
    ]);
  },
});

Deno.test({
  name: "a flag that is given twice is a fault and not a riddle",
  permissions: "none",
  fn: () =>
    assertEquals(faultsOf(["--topic", "a", "--topic", "b"]), [
      'Cannot use "--topic": found it 2 times, expected once',
    ]),
});

Deno.test({
  name: "settings that a script does not offer keep their defaults, and their flags are unknown",
  permissions: "none",
  fn() {
    const offer = { settings: ["tables"] } as const;
    const source = { args: [], env: { KAFKA_TOPIC: "..", KAFKA_BROKER: "b:1", DATA_DIR: "d" } };
    const { config } = readConfig(source, offer);
    assertEquals([config.topic, config.kafka, config.dataDir], ["digitraffic_live_trains", undefined, "d"]);
    assertThrows(() => readConfig({ args: ["--topic", "x"], env: {} }, offer), UsageError, "unknown flag");
  },
});

Deno.test({
  name: "a script's own options and positionals come out typed",
  permissions: "none",
  fn() {
    const offer = {
      options: {
        json: switchOption("for machines"),
        maxDelay: { summary: "s", value: "n", expected: "a number", schema: z.coerce.number().optional() },
      },
      positionals: { value: "file...", summary: "files", least: 1, most: Infinity },
    };
    const { flags, positionals } = readConfig({ args: ["--json", "a", "--", "--b"], env: {} }, offer);
    const json: boolean = flags.json;
    assertEquals([json, flags.maxDelay, positionals], [true, undefined, ["a", "--b"]]);
    assertEquals(readConfig({ args: ["007", "--max-delay=5"], env: {} }, offer).positionals, ["007"]);
    assertThrows(
      () => readConfig({ args: [], env: {} }, offer),
      UsageError,
      '"file...": found 0, expected at least 1',
    );
  },
});
