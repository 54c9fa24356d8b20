/**
 * Holds compose.yaml and redpanda/ against the program's own settings.
 *
 * There is no container engine where this runs: a passing run does not prove that the images exist, start or become
 * healthy.
 */
import { assert, assertEquals, assertExists, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { z } from "zod";
import { SETTINGS } from "../../lib/cli/settings.ts";

const ROOT = new URL("../../", import.meta.url);
// The YAML library looks for its debugging switches in the environment.
const READ: Deno.PermissionOptions = { read: [ROOT], env: ["LOG_TOKENS", "LOG_STREAM"] };

const SERVICE = z.object({
  image: z.string(),
  command: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  healthcheck: z.object({ test: z.array(z.string()), retries: z.int() }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  mem_limit: z.string(),
  restart: z.string(),
});
const COMPOSE = z.object({
  services: z.record(z.string(), SERVICE),
  volumes: z.record(z.string(), z.unknown()),
});
const SETTING_FILE = z.record(z.string(), z.unknown());

type Service = z.output<typeof SERVICE>;

function readYaml<T>(path: string, schema: z.ZodType<T>): T {
  return schema.parse(parse(Deno.readTextFileSync(new URL(path, ROOT)), { merge: true }));
}

function readService(name: string): Service {
  const service = readYaml("compose.yaml", COMPOSE).services[name];
  assertExists(service);
  return service;
}

/** Value of a flag in the form `--name=value`. */
function flag({ command }: Service, name: string): string {
  const found = command.find((word) => word.startsWith(`--${name}=`));
  assertExists(found, `no --${name}`);
  return found.slice(name.length + 3);
}

/** `internal://a:1,external://b:2` by listener. */
function listeners(text: string): Record<string, string> {
  return Object.fromEntries(text.split(",").map((listener) => listener.split("://")));
}

function portOf(address: string | undefined): string {
  return address?.split(":").at(-1) ?? "";
}

Deno.test({
  name: "every image is pinned to one exact version",
  permissions: READ,
  fn() {
    const images = Object.values(readYaml("compose.yaml", COMPOSE).services).map(({ image }) => image);
    for (const image of images) {
      assertMatch(image, /^(?:redpandadata\/[a-z]+:v|denoland\/deno:)\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
    }
    assertEquals(new Set(images).size, 3);
  },
});

Deno.test({
  name: "every port is published on the loopback address only, under its own number",
  permissions: READ,
  fn() {
    const services = Object.values(readYaml("compose.yaml", COMPOSE).services);
    const ports = services.flatMap(({ ports }) => ports);
    for (const port of ports) assertMatch(port, /^127\.0\.0\.1:(\d+):\1$/);
    assertEquals(ports.map(portOf).toSorted(), ["18081", "19092", "8080", "8090", "9644"]);
  },
});

Deno.test({
  name: "each listener tells its clients an address that leads back to it",
  permissions: READ,
  fn() {
    const redpanda = readService("redpanda");
    const bound = listeners(flag(redpanda, "kafka-addr"));
    const told = listeners(flag(redpanda, "advertise-kafka-addr"));
    assertEquals(Object.keys(told), Object.keys(bound));
    for (const [name, address] of Object.entries(told)) assertEquals(portOf(address), portOf(bound[name]));
    assertEquals(told, { internal: "redpanda:9092", external: "localhost:19092" });
    assert(redpanda.ports.includes(`127.0.0.1:${portOf(told.external)}:${portOf(bound.external)}`));
    assert(redpanda.ports.some((port) => portOf(port) === portOf(flag(redpanda, "schema-registry-addr"))));
  },
});

Deno.test({
  name: "what compose and the README say to set KAFKA_BROKER to is the outside address",
  permissions: READ,
  fn() {
    const { external } = listeners(flag(readService("redpanda"), "advertise-kafka-addr"));
    for (const file of ["compose.yaml", "redpanda/README.md"]) {
      const told = Deno.readTextFileSync(new URL(file, ROOT)).matchAll(/KAFKA_BROKER=([^\s.]+)/g).toArray();
      assert(told.length > 0);
      for (const [, address] of told) assertEquals(address, external);
    }
    assertEquals(SETTINGS.broker.broker.schema.parse(external), [external]);
  },
});

Deno.test({
  name: "Redpanda writes to disk before it answers, on a named volume",
  permissions: READ,
  fn() {
    const redpanda = readService("redpanda");
    const text = redpanda.command.join(" ");
    for (const word of ["dev-container", "--mode"]) assert(!text.includes(word), word);
    // Leaving it away leaves the choice to rpk, which bypasses fsync in developer mode.
    assertEquals(flag(redpanda, "unsafe-bypass-fsync"), "false");
    assertEquals(redpanda.command.filter((word) => word.includes("fsync")).length, 1);
    assertEquals(readYaml("redpanda/bootstrap.yaml", SETTING_FILE).write_caching_default, "disabled");
    const { volumes } = readYaml("compose.yaml", COMPOSE);
    const [name = "", path] = redpanda.volumes[0]?.split(":") ?? [];
    assert(name in volumes);
    assertEquals(path, "/var/lib/redpanda/data");
  },
});

Deno.test({
  name: "Redpanda has the memory that it demands outside of developer mode, and rpk has some beside it",
  permissions: READ,
  fn() {
    const redpanda = readService("redpanda");
    const [, megabytes] = /^(\d+)M$/.exec(flag(redpanda, "memory")) ?? [];
    const [, limit] = /^(\d+)m$/.exec(redpanda.mem_limit) ?? [];
    assert(Number(megabytes) > 1024 * Number(flag(redpanda, "smp")));
    assert(Number(limit) - Number(megabytes) >= 256);
  },
});

Deno.test({
  name: "segments close long before the retention of the topic, which only deletes closed ones",
  permissions: READ,
  fn() {
    const topic = readYaml(`redpanda/topics/${SETTINGS.broker.topic.default}.yaml`, SETTING_FILE);
    assert(Number(topic["segment.ms"]) * 10 <= Number(topic["retention.ms"]));
  },
});

Deno.test({
  name: "a reader that joins its group hardly waits, and a mistyped topic is not created",
  permissions: READ,
  fn() {
    const settings = readYaml("redpanda/bootstrap.yaml", SETTING_FILE);
    assert(Number(settings.group_initial_rebalance_delay) <= 500);
    assertEquals(settings.auto_create_topics_enabled, false);
  },
});

Deno.test({
  name:
    "what stays up has a health check and a restart; everything has a memory limit; the rest waits for health",
  permissions: READ,
  fn() {
    const { redpanda, topics, console: page, ...followers } = readYaml("compose.yaml", COMPOSE).services;
    assertEquals(Object.keys(followers), ["packages", "fetch", "process", "page"]);
    assertStringIncludes(redpanda?.healthcheck?.test.join(" ") ?? "", "rpk cluster health");
    assertStringIncludes(redpanda?.healthcheck?.test.join(" ") ?? "", "rpk cluster info");
    assertStringIncludes(page?.healthcheck?.test.join(" ") ?? "", `localhost:${portOf(page?.ports[0])}/`);
    assertEquals([redpanda?.restart, page?.restart, topics?.restart], [
      "unless-stopped",
      "unless-stopped",
      "no",
    ]);
    for (const service of [redpanda, topics, page]) assertMatch(service?.mem_limit ?? "", /^\d+m$/);
    for (const service of [topics, page]) {
      assertEquals(service?.depends_on.redpanda?.condition, "service_healthy");
    }
    assertEquals(page?.depends_on.topics?.condition, "service_completed_successfully");
    for (const broker of [topics?.environment.RPK_BROKERS, page?.environment.KAFKA_BROKERS]) {
      assertEquals(broker, "redpanda:9092");
    }
  },
});

Deno.test({
  name:
    "the followers and their page start with a profile alone, by the project's own tasks, after topics and packages",
  permissions: READ,
  fn() {
    const { services } = readYaml("compose.yaml", COMPOSE);
    const { tasks } = z.object({ tasks: z.record(z.string(), z.unknown()) }).parse(
      JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT))),
    );
    for (const [name, { profiles, image }] of Object.entries(services)) {
      assertEquals(profiles, image.startsWith("denoland/") ? ["pipeline"] : [], name);
    }
    for (const name of ["fetch", "process", "page"]) {
      const { command: [verb, task = ""], environment, depends_on, healthcheck, restart, volumes } =
        readService(name);
      assertEquals([verb, task in tasks, restart, volumes[0]], [
        "task",
        true,
        "unless-stopped",
        ".:/srv/ratalake",
      ]);
      assertEquals(environment.KAFKA_BROKER, "redpanda:9092");
      assertExists(healthcheck);
      assertEquals(depends_on, {
        topics: { condition: "service_completed_successfully" },
        packages: { condition: "service_completed_successfully" },
      });
    }
    assertEquals(readService("packages").restart, "no");
    const [, version] = /deno@(\d+\.\d+\.\d+)/.exec(Deno.readTextFileSync(new URL(".ci/run", ROOT))) ?? [];
    assertEquals(readService("fetch").image, `denoland/deno:${version}`);
  },
});

Deno.test({
  name: "every file that is mounted is there",
  permissions: READ,
  fn() {
    const mounted = ["compose.yaml", "redpanda/sasl/compose.yaml", "redpanda/tls/compose.yaml"].flatMap((
      file,
    ) =>
      Deno.readTextFileSync(new URL(file, ROOT)).matchAll(/^ *- (\.\/[^:]+):/gm).map(([, path]) => path)
        .toArray()
    );
    assertEquals(mounted, [
      "./redpanda/bootstrap.yaml",
      "./redpanda",
      "./redpanda/sasl/bootstrap.yaml",
      "./redpanda/tls",
    ]);
    for (const path of mounted) assertExists(Deno.statSync(new URL(path ?? "", ROOT)));
  },
});

Deno.test({
  name: "the topic has the name and the partitions that the program uses by default",
  permissions: READ,
  fn() {
    const files = Deno.readDirSync(new URL("redpanda/topics/", ROOT)).map(({ name }) => name).toArray();
    assertEquals(files, [`${SETTINGS.broker.topic.default}.yaml`]);
    const topic = readYaml(`redpanda/topics/${files[0]}`, SETTING_FILE);
    assertEquals(topic.partitions, Number(SETTINGS.broker.partitions.default));
    assertEquals([topic.replicas, topic["cleanup.policy"], topic["write.caching"]], [1, "delete", false]);
    assertEquals(topic["message.timestamp.type"], "CreateTime");
  },
});

Deno.test({
  name: "the topic takes messages as large as where the program creates it",
  permissions: READ,
  fn() {
    const topic = readYaml(`redpanda/topics/${SETTINGS.broker.topic.default}.yaml`, SETTING_FILE);
    const source = Deno.readTextFileSync(new URL("lib/broker/kafka/kafka_broker.ts", ROOT));
    const [, mebibytes] = /CREATED_MAX_MESSAGE_BYTES = (\d+) \* 1024 \* 1024;/.exec(source) ?? [];
    assertEquals(topic["max.message.bytes"], Number(mebibytes) * 1024 * 1024);
  },
});

Deno.test({
  name: "the overlay for signing in holds the same settings and no secret",
  permissions: READ,
  fn() {
    const { enable_sasl, superusers, ...rest } = readYaml("redpanda/sasl/bootstrap.yaml", SETTING_FILE);
    assertEquals(rest, readYaml("redpanda/bootstrap.yaml", SETTING_FILE));
    assertEquals([enable_sasl, superusers], [true, ["ratalake"]]);
    const text = Deno.readTextFileSync(new URL("redpanda/sasl/compose.yaml", ROOT));
    for (const [, value] of text.matchAll(/(?:PASS|PASSWORD): (.*)$/gm)) {
      assertEquals(value, "${REDPANDA_PASSWORD}");
    }
    assertMatch(text, /RP_BOOTSTRAP_USER: ratalake:\$\{REDPANDA_PASSWORD:\?[^}]+\}:SCRAM-SHA-256/);
  },
});

Deno.test({
  name: "the overlay for encryption protects the outside listener with what the script makes",
  permissions: READ,
  fn() {
    const text = Deno.readTextFileSync(new URL("redpanda/tls/redpanda.yaml", ROOT));
    const { redpanda } = parse(text);
    const [tls, ...more] = redpanda.kafka_api_tls;
    assertEquals([tls.name, tls.enabled, more], ["external", true, []]);
    const script = Deno.readTextFileSync(new URL("redpanda/tls/make_certificates.sh", ROOT));
    for (const file of [tls.cert_file, tls.key_file, tls.truststore_file]) {
      assertStringIncludes(script, `-out ${file.replace("/tls/certs/", "")}`);
    }
  },
});
