/** The flags of `deno task simulate`. */
import { z } from "../../packages/zod.ts";
import { countOption, switchOption } from "../options.ts";

const MOST_SEED = 2 ** 31 - 1;

/** What the simulator serves, and by which clock. */
export const SIMULATE_OPTIONS = {
  port: countOption({ summary: "port on 127.0.0.1; 0 is any free one", most: 65_535, default: "8088" }),
  mqttPort: {
    summary: "with --world: serve an MQTT broker on this port of 127.0.0.1, and publish what changes",
    value: "count",
    expected: "a whole number from 0 to 65535",
    schema: z.string().regex(/^\d{1,5}$/).transform(Number).pipe(z.int().max(65_535)).optional(),
  },
  world: switchOption(
    "serve a whole world: --trains of each date, in /live-trains those within four hours, and /trains",
  ),
  trains: countOption({
    summary: "number of trains; with --world of each date, 7000 at most",
    most: 10_000_000,
    default: "600",
  }),
  seed: countOption({ summary: "the same seed makes the same trains", most: MOST_SEED, default: "1" }),
  weather: {
    summary: "let everything go wrong that may, each once in three simulated days; the seed says when",
    value: "seed",
    expected: `a whole number from 0 to ${MOST_SEED}`,
    schema: z.string().regex(/^\d{1,10}$/).transform(Number).pipe(z.int().max(MOST_SEED)).optional(),
  },
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
};
