/** A real Apache Kafka for tests: its jars come through Maven, it runs on loopback ports, and it is always ended. */

import { openKafkaBroker } from "../../lib/broker/kafka/kafka_broker.ts";

const CACHE = new URL("../../.cache/kafka/", import.meta.url).pathname;
const POM = new URL("./kafka/pom.xml", import.meta.url).pathname;
const CLUSTER_ID = "cmF0YWxha2UtdGVzdHMtMQ";
const START_TRIES = 60;
const STORE_PASSWORD = "keystore-of-tests";

/** The user that the secure listener knows. */
export const KAFKA_USER = { username: "ratalake", password: "s3cret-of-tests" } as const;

/** A running server. */
export interface KafkaServer extends AsyncDisposable {
  /** Plain: no TLS, no password. */
  readonly address: string;
  /** TLS and SASL; the certificate is for localhost and 127.0.0.1. */
  readonly secureAddress: string;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Listens here, but sends clients to {@linkcode proxyPort}, where a test may put a proxy. */
  readonly proxiedPort: number;
  readonly proxyPort: number;
  /** Ends the server like a power cut: no farewell, nothing flushed by it. */
  kill(): Promise<void>;
  /** Starts it again on the same data and waits until it serves. */
  start(): Promise<void>;
}

/** Why no Kafka can be started here; undefined when it can. In CI it must be possible. */
export async function whyNoKafka(): Promise<string | undefined> {
  for (const [command, flag] of [["java", "-version"], ["keytool", "-help"], ["mvn", "-version"]] as const) {
    try {
      await run(command, [flag]);
    } catch (cause) {
      const reason = `no ${command} here (${cause instanceof Error ? cause.message : cause})`;
      if (Deno.env.get("CI") === "true") {
        throw new Error(`Kafka tests are required in CI, but there is ${reason}`);
      }
      return reason;
    }
  }
  return undefined;
}

/** Fetches what is missing, formats a new folder, starts the server and waits until it serves. */
export async function startKafka(): Promise<KafkaServer> {
  await fetchJars();
  const keystore = await makeKeystore();
  const folder = await Deno.makeTempDir({ prefix: "ratalake-kafka-" });
  const ports = freePorts(5);
  const properties = `${folder}/server.properties`;
  await Deno.writeTextFile(properties, serverProperties(folder, ports, keystore.path));
  const scram = `SCRAM-SHA-256=[name=${KAFKA_USER.username},password=${KAFKA_USER.password}]`;
  const format = [
    "kafka.tools.StorageTool",
    "format",
    "-t",
    CLUSTER_ID,
    "-c",
    properties,
    "--add-scram",
    scram,
  ];
  await run("java", ["-cp", `${CACHE}libs/*`, ...format]);
  const server = new KafkaProcess({ folder, properties, ports, ca: keystore.ca });
  try {
    await server.start();
  } catch (cause) {
    await server[Symbol.asyncDispose]();
    throw cause;
  }
  return server;
}

type Ports = readonly [plain: number, secure: number, proxied: number, proxy: number, controller: number];

interface ProcessOptions {
  readonly folder: string;
  readonly properties: string;
  readonly ports: Ports;
  readonly ca: string;
}

class KafkaProcess implements KafkaServer {
  readonly address: string;
  readonly secureAddress: string;
  readonly ca: string;
  readonly proxiedPort: number;
  readonly proxyPort: number;
  readonly #options: ProcessOptions;
  #process: Deno.ChildProcess | undefined;
  #probes = 0;

  constructor(options: ProcessOptions) {
    const [plain, secure, proxied, proxy] = options.ports;
    this.address = `127.0.0.1:${plain}`;
    this.secureAddress = `127.0.0.1:${secure}`;
    this.proxiedPort = proxied;
    this.proxyPort = proxy;
    this.ca = options.ca;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { folder, properties } = this.#options;
    const java = [
      "-Xms256m",
      "-Xmx512m",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      `${CACHE}libs/*`,
    ];
    // Through sh: the server's words go to a file, so that nobody has to drain a pipe. exec keeps the process id.
    this.#process = new Deno.Command("sh", {
      args: ["-c", `exec java "$@" >> "${folder}/server.log" 2>&1`, "sh", ...java, "kafka.Kafka", properties],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    for (let tries = 1;; tries++) {
      try {
        return await this.#probe();
      } catch (cause) {
        if (tries < START_TRIES && !await this.#hasEnded()) continue;
        const log = await Deno.readTextFile(`${folder}/server.log`).catch(() => "no log");
        throw new Error(`Kafka does not serve: ${log.slice(-2000)}`, { cause });
      }
    }
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined) return;
    try {
      running.kill("SIGKILL");
    } catch (cause) {
      // It may have ended by itself.
      if (!(cause instanceof TypeError)) throw cause;
    }
    await running.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#options.folder, { recursive: true });
  }

  // An open port is not readiness: topics, producer ids and groups each come up a little later.
  async #probe(): Promise<void> {
    const options = { brokers: [this.address], clientId: "probe", clock: () => 1 };
    await using broker = await openKafkaBroker(options);
    const topic = `probe-${this.#probes++}`;
    await broker.ensureTopic(topic, 1);
    await broker.publish(topic, [{ key: "probe", value: null, headers: {} }]);
    await broker.commitOffsets("probe", topic, new Map([[0, 1n]]));
  }

  async #hasEnded(): Promise<boolean> {
    const ended = this.#process?.status.then(() => true);
    // One turn of the event loop is enough to learn of an end that has already happened.
    return await Promise.race([
      ended,
      new Promise<false>((resolve) => setTimeout(() => resolve(false), 100)),
    ]) ?? true;
  }
}

/** Sends lines by Kafka's own Java client; `args` go to its console producer. */
export async function produceWithJava(
  { address }: KafkaServer,
  { topic, lines, args }: {
    readonly topic: string;
    readonly lines: readonly string[];
    readonly args: readonly string[];
  },
): Promise<void> {
  const java = ["-XX:TieredStopAtLevel=1", "-cp", `${CACHE}libs/*`, "org.apache.kafka.tools.ConsoleProducer"];
  const producer = new Deno.Command("java", {
    args: [...java, "--bootstrap-server", address, "--topic", topic, ...args],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const input = producer.stdin.getWriter();
  await input.write(new TextEncoder().encode(lines.map((line) => `${line}\n`).join("")));
  await input.close();
  const { code, stderr } = await producer.output();
  if (code !== 0) {
    throw new Error(`the console producer ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
}

async function fetchJars(): Promise<void> {
  const libs = `${CACHE}libs`;
  // A cache of before the console producer was needed has no tools.
  if (await exists(`${libs}/kafka-tools-4.4.0.jar`)) return;
  if (await exists(libs)) await Deno.remove(libs, { recursive: true });
  await Deno.mkdir(CACHE, { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: CACHE, prefix: "libs-" });
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
  await run("mvn", ["-q", "-B", "-f", POM, goal, "-DincludeScope=runtime", `-DoutputDirectory=${fresh}`]);
  // Renamed when whole, so that a broken download is never taken for a server.
  await Deno.rename(fresh, libs);
}

async function makeKeystore(): Promise<{ readonly path: string; readonly ca: string }> {
  const path = `${CACHE}server.p12`;
  if (!await exists(path)) {
    const fresh = `${await Deno.makeTempDir({ dir: CACHE, prefix: "tls-" })}/server.p12`;
    const names = ["-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-validity", "3650"];
    const store = ["-keystore", fresh, "-storetype", "PKCS12", "-storepass", STORE_PASSWORD];
    await run("keytool", ["-genkeypair", "-alias", "server", "-keyalg", "RSA", ...names, ...store]);
    await Deno.rename(fresh, path);
  }
  const from = ["-keystore", path, "-storepass", STORE_PASSWORD];
  return { path, ca: await run("keytool", ["-exportcert", "-rfc", "-alias", "server", ...from]) };
}

function serverProperties(folder: string, ports: Ports, keystore: string): string {
  const [plain, secure, proxied, proxy, controller] = ports;
  const { username, password } = KAFKA_USER;
  const login = `username="${username}" password="${password}"`;
  return `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAIN://127.0.0.1:${plain},SECURE://127.0.0.1:${secure},PROXIED://127.0.0.1:${proxied},CONTROLLER://127.0.0.1:${controller}
advertised.listeners=PLAIN://127.0.0.1:${plain},SECURE://127.0.0.1:${secure},PROXIED://127.0.0.1:${proxy}
listener.security.protocol.map=PLAIN:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL
inter.broker.listener.name=PLAIN
controller.listener.names=CONTROLLER
listener.name.secure.ssl.keystore.type=PKCS12
listener.name.secure.ssl.keystore.location=${keystore}
listener.name.secure.ssl.keystore.password=${STORE_PASSWORD}
listener.name.secure.ssl.key.password=${STORE_PASSWORD}
listener.name.secure.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256
listener.name.secure.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${login} user_${username}="${password}";
listener.name.secure.scram-sha-256.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required ${login};
log.dirs=${folder}/data
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
auto.create.topics.enable=false
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
log.retention.ms=-1
log.cleaner.backoff.ms=200
`;
}

function freePorts(count: 5): Ports {
  // All are held open until all are known: so they differ.
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = listeners.map(({ addr }) => addr.port);
  for (const listener of listeners) listener.close();
  return [first, second, third, fourth, fifth];
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" })
    .output();
  const text = new TextDecoder();
  if (code !== 0) {
    throw new Error(
      `${command} ended with ${code}: ${text.decode(stderr).slice(-1000)}${text.decode(stdout).slice(-1000)}`,
    );
  }
  return text.decode(stdout);
}
