/** `fetch --mqtt` as a process of its own, under the rights of its launcher, with the simulator's API and broker. */
import { assertEquals, assertGreater } from "@std/assert";
import { setTimeout as sleep } from "node:timers/promises";
import { openEmbeddedBroker } from "../../lib/broker/embedded/embedded_broker.ts";
import { readPublishState } from "../../lib/digitraffic/publish_state.ts";
import { heartbeatPath, readHeartbeat } from "../../lib/follow/heartbeat.ts";
import { serveWorldMqtt } from "../../lib/simulator/mqtt/publish_world.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { readAll } from "../digitraffic/test_broker.ts";
import { DataFolder, endOf, startScript } from "./script_process.ts";

const TOPIC = "digitraffic_live_trains";
/** Simulated minutes pass in seconds. */
const SPEED = 60;

Deno.test("trains that change are published as MQTT brings them, in the form of REST, until it is asked to end", async () => {
  await using folder = new DataFolder();
  const startedMs = Date.now();
  const clock = () => startedMs + Math.round((Date.now() - startedMs) * SPEED);
  const world = { seed: 5, trains: 80 };
  await using server = serveSimulator({ ...world, world: {}, clock });
  await using mqtt = await serveWorldMqtt({
    ...{ world, clock, speed: SPEED },
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: server.url, MQTT_URL: mqtt.url };
  const child = await startScript("fetch", ["--mqtt", "--json"], env);
  const path = heartbeatPath(folder.file(""), "fetch");
  const isThere = async () => {
    const beat = await readHeartbeat(path);
    return (beat?.counts.mqttMessages ?? 0) >= 5 && beat?.gauges.mqttConnected === 1;
  };
  while (!await isThere()) await sleep(20);
  child.kill("SIGTERM");
  const { code, out } = await endOf(child);
  assertEquals(code, 143);
  const lines = out.trim().split("\n").map((line) => JSON.parse(line));
  const published = lines.filter(({ kind }) => kind === "messages").reduce(
    (sum, line) => sum + line.published,
    0,
  );
  assertGreater(published, 0);
  const end = await readHeartbeat(path);
  assertEquals([end?.doing, end?.gauges.mqttConnected], ["", 0]);
  await using broker = await openEmbeddedBroker({ path: folder.file("broker.db"), clock: Date.now });
  const messages = await readAll(broker, TOPIC);
  const byMqtt = messages.filter(({ headers }) => headers.source === mqtt.url);
  assertEquals(byMqtt.length, published);
  for (const { value } of byMqtt) {
    const text = new TextDecoder().decode(value ?? undefined);
    assertEquals(/T\d\d:\d\d:\d\dZ|"Unknown"/.exec(text), null);
  }
  const [log] = await readPublishState(folder.file("publish_state.json"));
  assertEquals(log?.records, BigInt(messages.length));
});
