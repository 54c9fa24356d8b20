/** `deno task punctuality`: how many trains were on time, as it is published. */
import { PUNCTUALITY_OPTIONS } from "../lib/cli/flags/answer_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "punctuality",
  summary:
    "Shows how many trains were on time, as it is published: long-distance at most 5 minutes late at the\n" +
    "final station, commuter less than 3 at the first and the final one, freight at most 30.",
  example: "deno task punctuality\n" +
    "deno task punctuality --by hour --category long-distance\n" +
    "deno task punctuality --by line --from 2026-02-16 --to 2026-02-17 --format csv",
  settings: ["tables"],
  options: PUNCTUALITY_OPTIONS,
  run: async (call) => (await import("./work/answers/punctuality.ts")).showPunctuality(call),
});
