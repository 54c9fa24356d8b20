/** `deno task train`: how one train ran lately, and stop by stop. */
import { TRAIN_OPTIONS } from "../lib/cli/flags/answer_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "train",
  summary: "Shows how late one train was in its last runs, and at each stop of the newest that has begun.",
  example: "deno task train IC 27\ndeno task train 27 --last 30 --date 2026-02-17\n" +
    "deno task train IC27 --format json | jq .stops",
  settings: ["tables"],
  positionals: {
    value: "train",
    summary: "its number, with or without its type or line: 27, IC 27, IC27",
    least: 1,
    most: 2,
  },
  options: TRAIN_OPTIONS,
  run: async (call) => (await import("./work/answers/train.ts")).showTrain(call),
});
