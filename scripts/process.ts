/** `deno task process`: ingests all messages into the Delta tables. */
import { PROCESS_FOLLOW_OPTIONS } from "../lib/cli/flags/process_follow_options.ts";
import { PROCESS_OPTIONS } from "../lib/cli/flags/script_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "process",
  summary:
    "Ingests all messages of the topic into the Delta tables, each exactly once, and measures their quality.",
  example: "deno task process --max-batch-mb 16\ndeno task process --follow --max-age 100ms",
  settings: ["broker", "tables"],
  options: { ...PROCESS_OPTIONS, ...PROCESS_FOLLOW_OPTIONS },
  run: async (call) =>
    call.flags.follow
      ? (await import("./work/follow_topic.ts")).followConfiguredTopic(call)
      : (await import("./work/process.ts")).processTopic(call),
});
