/** The MQTT broker of `deno task simulate`; a module of its own, so that the API alone need not load it. */
import { setTimeout as sleep } from "node:timers/promises";
import { serveWorldMqtt, type WorldBrokerOptions } from "../../lib/simulator/mqtt/publish_world.ts";

/** Serves by the real clock. */
export async function serveMqttOf(
  world: WorldBrokerOptions["world"],
  options: Required<Pick<WorldBrokerOptions, "clock" | "speed" | "port">>,
): Promise<Awaited<ReturnType<typeof serveWorldMqtt>>> {
  const wait = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal });
  return await serveWorldMqtt({ world, ...options, sleep: wait });
}
