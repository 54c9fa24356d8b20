/** `deno task simulate`: serves made-up trains as the Digitraffic API does. */
import { counted } from "../lib/printable.ts";
import { getLogger } from "../lib/packages/logtape.ts";
import { z } from "../lib/packages/zod.ts";
import { countOption, switchOption } from "../lib/cli/options.ts";
import { describeLead } from "../lib/simulator/describe_lead.ts";
import { serveSimulator } from "../lib/simulator/serve_simulator.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "simulate",
  summary: "Serves made-up trains the way the Digitraffic API does, until Ctrl-C.",
  example: "deno task simulate --port 8088 --trains 600 --seed 1\n" +
    "deno task simulate --at 2025-02-17T04:21:00Z --speed 60\n" +
    "deno task simulate --world --trains 1500",
  options: {
    port: countOption({ summary: "port on 127.0.0.1; 0 is any free one", most: 65_535, default: "8088" }),
    world: switchOption(
      "serve a whole world: --trains of each date, in /live-trains those within four hours, and /trains",
    ),
    trains: countOption({ summary: "number of trains", most: 10_000_000, default: "600" }),
    seed: countOption({ summary: "the same seed makes the same trains", most: 2 ** 31 - 1, default: "1" }),
    speed: {
      summary:
        "simulated seconds per second; over 1 give --at a time in the past, as trains must not run ahead of " +
        "the messages about them",
      value: "factor",
      default: "1",
      expected: "a number from 0 to 100000",
      schema: z.string().regex(/^\d{1,6}(?:\.\d{1,6})?$/).transform(Number).pipe(z.number().max(100_000)),
    },
    at: {
      summary: "when the simulated clock starts (default now)",
      value: "time",
      expected: "a time with zone such as 2025-02-17T04:21:00Z",
      schema: z.iso.datetime({ offset: true }).transform(Date.parse).pipe(z.int()).optional(),
    },
  },
  run: async ({ flags: { port, world, trains, seed, speed, at }, signal, print }) => {
    const startedMs = Date.now();
    const clock = () => (at ?? startedMs) + Math.round((Date.now() - startedMs) * speed);
    await using simulator = serveSimulator({ seed, trains, clock, port, ...(world ? { world: {} } : {}) });
    print(
      `Serving ${counted(trains, "train")}${world ? " of each date" : ""} of seed ${seed} from ${
        new Date(clock()).toISOString()
      } at speed ${speed}`,
    );
    print(`DIGITRAFFIC_URL=${simulator.url}`);
    const lead = describeLead({ aheadMs: (at ?? startedMs) - startedMs, speed });
    if (lead !== null) getLogger(["ratalake", "simulate"]).warn(lead);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return 0;
  },
});
