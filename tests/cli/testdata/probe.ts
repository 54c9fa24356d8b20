/** A script for tests of the host: does what its first argument says. */
import { z } from "zod";
import { getLogger } from "@logtape/logtape";
import { runScript } from "../../../scripts/host/run_script.ts";

type Unheard = <T>(work: () => T) => T;

const ACTS: Readonly<Record<string, (signal: AbortSignal, unheard: Unheard) => Promise<unknown>>> = {
  end: () => Promise.resolve(),
  fail: () => Promise.reject(new Error("Cannot do it", { cause: new Error("the reason") })),
  read: () => Deno.readTextFile("/etc/hostname"),
  connect: () => Deno.connect({ hostname: "127.0.0.1", port: 9 }),
  stray: () => {
    Promise.reject(new Error("nobody waits"));
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  throwLater: () => {
    setTimeout(() => {
      throw new Error("thrown in a callback");
    }, 0);
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  wait: (signal) =>
    new Promise((_, reject) => {
      const timer = setTimeout(() => reject(new Error("was not stopped")), 60_000);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
  // As native code does: the event loop does not turn.
  busy: (_, unheard) =>
    unheard(() => {
      console.log("busy");
      const end = Date.now() + 60_000;
      while (Date.now() < end);
      return Promise.resolve();
    }),
  busyOnce: async (signal, unheard) => {
    unheard(() => {});
    return await ACTS.wait?.(signal, unheard);
  },
  hang: (signal) => {
    signal.addEventListener("abort", () => console.log("heard, and going on"));
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  },
};

await runScript({
  name: "probe",
  summary: "Does one thing.",
  example: "deno task probe end",
  settings: ["tables", "broker"],
  options: {
    code: {
      summary: "exit code",
      value: "number",
      default: "0",
      expected: "a digit",
      schema: z.coerce.number().max(9),
    },
    lines: {
      summary: "lines to print",
      value: "n",
      default: "1",
      expected: "a number",
      schema: z.coerce.number(),
    },
  },
  positionals: { value: "act", summary: "what to do", least: 1, most: 1 },
  async run({ config, flags, positionals, signal, unheard, print, progress }) {
    for (let line = 0; line < flags.lines; line++) print(`${positionals[0]} in ${config.dataDir}`);
    getLogger(["ratalake", "probe"]).info("started");
    progress.batchDone({ messages: 1, rows: 2, lag: 3n });
    await ACTS[positionals[0] ?? ""]?.(signal, unheard);
    return flags.code;
  },
});
