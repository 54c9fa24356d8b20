/** The MQTT broker of `deno task simulate`. */
import { setTimeout as sleep } from "node:timers/promises";
import type { WorldBroker, WorldBrokerOptions } from "../../lib/simulator/mqtt/publish_world.ts";

/** By which clock, and where. */
interface MqttOptions extends Required<Pick<WorldBrokerOptions, "clock" | "speed">> {
  /** Undefined for no broker at all. */
  readonly port: number | undefined;
}

/** Its package is loaded only where it is asked for. */
export async function serveMqttOf(
  world: WorldBrokerOptions["world"],
  { clock, speed, port }: MqttOptions,
): Promise<WorldBroker | undefined> {
  if (port === undefined) return undefined;
  const { serveWorldMqtt } = await import("../../lib/simulator/mqtt/publish_world.ts");
  const wait = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal });
  return await serveWorldMqtt({ world, clock, speed, port, sleep: wait });
}
