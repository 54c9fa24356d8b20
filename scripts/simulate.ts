/** `deno task simulate`: serves made-up trains as the Digitraffic API does. */
import { SIMULATE_OPTIONS } from "../lib/cli/flags/simulate_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "simulate",
  summary: "Serves made-up trains the way the Digitraffic API does, until Ctrl-C.",
  example: "deno task simulate --port 8088 --trains 600 --seed 1\n" +
    "deno task simulate --at 2025-02-17T04:21:00Z --speed 60\n" +
    "deno task simulate --world --trains 1500 --weather 1 --mqtt-port 8089",
  options: SIMULATE_OPTIONS,
  run: async (call) => await (await import("./work/simulate.ts")).simulate(call),
});
