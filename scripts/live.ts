/** `deno task live`: fetch, process and the page, each a process of its own, started again when it dies. */
import { setTimeout as sleep } from "node:timers/promises";
import { getLogger } from "../lib/packages/logtape.ts";
import { LIVE_OPTIONS, planLive } from "../lib/cli/live_steps.ts";
import { UsageError } from "../lib/errors.ts";
import { supervise } from "../lib/follow/supervise.ts";
import { runScript } from "./host/run_script.ts";
import { startBeside } from "./host/start_beside.ts";
import { planHere } from "./host/start_deno.ts";

const logger = getLogger(["ratalake", "live"]);

await runScript({
  name: "live",
  summary:
    "Follows the feed of trains into the tables and shows them on a page on localhost, until Ctrl-C.\n" +
    "Each part is a process of its own with its own rights, started again when it dies.",
  example: "deno task live --simulate\ndeno task live --data-dir /srv/lake --max-age 1s",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: LIVE_OPTIONS,
  run: async ({ flags, signal, print }) => {
    const { simulate, trains, simulatorPort } = flags;
    const env = { DATA_DIR: Deno.env.get("DATA_DIR") };
    const steps = planLive({ args: Deno.args, env, simulate, trains, simulatorPort }).map((step) => {
      // Planned anew at each start: folders that were missing may be there.
      const plan = () => planHere(step.script, { args: step.args });
      const write = (line: string) => print(`${step.name.padEnd(8)} | ${line}`);
      return { ...step, plan, start: () => startBeside({ start: plan(), write }) };
    });
    const faults = new Set(steps.flatMap(({ plan }) => plan().faults));
    if (faults.size > 0) throw new UsageError([...faults]);
    const code = await supervise(steps, {
      signal,
      sleep: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }),
      monotonic: () => performance.now(),
      onRestart: (name, { code, waitMs }) =>
        logger.warn("{name} ended with exit code {code}; starting it again in {seconds} s", {
          ...{ name, code, seconds: waitMs / 1000 },
        }),
    });
    if (code !== 0) {
      logger.error("All are stopped, as one of them cannot run as it was called: its lines say why");
    }
    return code;
  },
});
