/** `deno task replay`: publishes recorded responses of the API. */
import { REPLAY_OPTIONS } from "../lib/cli/flags/replay_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "replay",
  summary: "Publishes recorded responses of the train API; a broken file is skipped as a whole.",
  example: "deno task replay --fetched-at 2025-02-17T04:21:00Z 'recordings/*.json.gz'",
  settings: ["broker", "tables"],
  positionals: {
    value: "file...",
    summary: ".json (an array), .ndjson or .jsonl (JSON per line), also with .gz; * is a wildcard in names",
    least: 1,
    most: Infinity,
  },
  options: REPLAY_OPTIONS,
  run: async (call) => (await import("./work/replay.ts")).replayFiles(call),
});
