/** `deno task simulate`: serves made-up trains as the Digitraffic API does. */
import { counted } from "../lib/printable.ts";
import { getLogger } from "../lib/packages/logtape.ts";
import { checkSimulateFlags, SIMULATE_OPTIONS } from "../lib/cli/simulate_options.ts";
import { describeLead } from "../lib/simulator/describe_lead.ts";
import { serveSimulator } from "../lib/simulator/serve_simulator.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "simulate",
  summary: "Serves made-up trains the way the Digitraffic API does, until Ctrl-C.",
  example: "deno task simulate --port 8088 --trains 600 --seed 1\n" +
    "deno task simulate --at 2025-02-17T04:21:00Z --speed 60\n" +
    "deno task simulate --world --trains 1500 --mqtt-port 8089",
  options: SIMULATE_OPTIONS,
  run: async ({ flags, signal, print }) => {
    const { port, mqttPort, world, trains, seed, speed, at } = flags;
    checkSimulateFlags(flags);
    const startedMs = Date.now();
    const clock = () => (at ?? startedMs) + Math.round((Date.now() - startedMs) * speed);
    await using simulator = serveSimulator({ seed, trains, clock, port, ...(world ? { world: {} } : {}) });
    print(
      `Serving ${counted(trains, "train")}${world ? " of each date" : ""} of seed ${seed} from ${
        new Date(clock()).toISOString()
      } at speed ${speed}`,
    );
    print(`DIGITRAFFIC_URL=${simulator.url}`);
    await using mqtt = mqttPort === undefined
      ? undefined
      : await (await import("./work/simulate_mqtt.ts")).serveMqttOf({ seed, trains }, {
        clock,
        speed,
        port: mqttPort,
      });
    if (mqtt !== undefined) print(`MQTT_URL=${mqtt.url}`);
    const lead = describeLead({ aheadMs: (at ?? startedMs) - startedMs, speed });
    if (lead !== null) getLogger(["ratalake", "simulate"]).warn(lead);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  },
});
