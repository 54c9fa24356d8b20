/** `deno task pipeline`: fetch, process and report, one after the other, each with its own rights. */
import { getLogger } from "../lib/packages/logtape.ts";
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { PIPELINE_OPTIONS, planSteps } from "../lib/cli/pipeline_steps.ts";
import { UsageError } from "../lib/errors.ts";
import { runScript } from "./host/run_script.ts";
import { planHere, startDeno } from "./host/start_deno.ts";

await runScript({
  name: "pipeline",
  summary: "Fetches, processes and reports, one after the other; the first step that fails is the last.\n" +
    "Each flag and variable goes to every step that knows it.",
  example: "deno task pipeline --data-dir /srv/lake",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: PIPELINE_OPTIONS,
  run: async ({ signal }) => {
    const steps = planSteps(Deno.args).map(({ script, args }) => ({
      script,
      start: planHere(script, { args }),
    }));
    const faults = new Set(steps.flatMap(({ start }) => start.faults));
    if (faults.size > 0) throw new UsageError([...faults]);
    for (const [at, { script, start }] of steps.entries()) {
      const code = await startDeno(script, start);
      signal.throwIfAborted();
      if (code === EXIT_CODES.done.code) continue;
      const left = steps.slice(at + 1).map((step) => step.script).join(" and ");
      getLogger(["ratalake", "pipeline"]).error("{script} ended with exit code {code}{left}", {
        script,
        code,
        left: left === "" ? "" : `; ${left} did not run`,
      });
      return code;
    }
    return EXIT_CODES.done.code;
  },
});
