/** What `deno task simulate` does; a module of its own, so that `--help` need not load it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "../../lib/cli/run_command.ts";
import type { SIMULATE_OPTIONS } from "../../lib/cli/flags/simulate_options.ts";
import { UsageError } from "../../lib/errors.ts";
import { getLogger } from "../../lib/packages/logtape.ts";
import { counted } from "../../lib/printable.ts";
import { describeLead } from "../../lib/simulator/describe_lead.ts";
import { MAX_TRAINS_PER_DAY } from "../../lib/simulator/plan_train.ts";
import { serveSimulator } from "../../lib/simulator/serve_simulator.ts";
import { serveMqttOf } from "./simulate_mqtt.ts";
import type { Spell } from "../../lib/simulator/weather/weather.ts";

const logger = getLogger(["ratalake", "simulate"]);

/** Serves until the signal; resolves to the exit code. */
export async function simulate({ flags, signal, print }: Call<typeof SIMULATE_OPTIONS>): Promise<number> {
  const { port, mqttPort, world, trains, seed, weather, speed, at } = flags;
  if (mqttPort !== undefined && !world) {
    throw new UsageError(['Cannot use "--mqtt-port": found no --world, whose changes it publishes']);
  }
  if (world && trains > MAX_TRAINS_PER_DAY) {
    throw new UsageError([
      `Cannot use "--trains": found ${trains} with --world, expected at most ${MAX_TRAINS_PER_DAY} a date`,
    ]);
  }
  const startedMs = Date.now();
  const fromMs = at ?? startedMs;
  const clock = () => fromMs + Math.round((Date.now() - startedMs) * speed);
  await using simulator = serveSimulator({
    seed,
    trains,
    clock,
    port,
    sleep: async (milliseconds) => await sleep(milliseconds),
    onSpell: tellSpell,
    ...(world ? { world: {} } : {}),
    ...(weather === undefined ? {} : { weather: { seed: weather, fromMs } }),
  });
  print(
    `Serving ${counted(trains, "train")}${world ? " of each date" : ""} of seed ${seed} from ${
      new Date(clock()).toISOString()
    } at speed ${speed}`,
  );
  print(`DIGITRAFFIC_URL=${simulator.url}`);
  await using mqtt = await serveMqttOf({ seed, trains }, { clock, speed, port: mqttPort });
  if (mqtt !== undefined) print(`MQTT_URL=${mqtt.url}`);
  const lead = describeLead({ aheadMs: fromMs - startedMs, speed });
  if (lead !== null) logger.warn(lead);
  // It may have been stopped while it started.
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  return 0;
}

function tellSpell({ kind, untilMs }: Spell): void {
  logger.info("Weather: {kind} until {until}", { kind, until: new Date(untilMs).toISOString() });
}
