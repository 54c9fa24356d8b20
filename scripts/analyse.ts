/** `deno task analyse`: brings the analysis tables to the standard table, as `process` does at its end. */
import { ANALYSE_OPTIONS } from "../lib/cli/flags/analyse_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "analyse",
  summary:
    "Brings the analysis tables (how each train ran, what each leg added, what each station saw) to the standard\n" +
    "table, as process does before it ends. Needs no broker.",
  example: "deno task analyse\ndeno task analyse --rebuild",
  settings: ["tables"],
  options: ANALYSE_OPTIONS,
  run: async (call) => (await import("./work/analyse.ts")).analyse(call),
});
