/** `deno task example`: makes data_files/example anew, for people who look before they run anything. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { runScript } from "./host/run_script.ts";
import { makeExample } from "./work/demo/make_example.ts";

await runScript({
  name: "example",
  summary:
    "Makes data_files/example anew: what the demo leaves, with a clock, ids and a chance that are always the same.",
  example: "deno task example",
  run: async ({ signal }) => {
    await makeExample("data_files/example", signal);
    return EXIT_CODES.done.code;
  },
});
