/** `deno task station`: what comes to a station and leaves it on a day, and how late. */
import { STATION_OPTIONS } from "../lib/cli/flags/answer_options.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "station",
  summary: "Shows what comes to a station and leaves it on a day, where from and where to, and how late.",
  example: "deno task station Tampere\ndeno task station TPE --date 2026-02-17 --after 16:00\n" +
    "deno task station hämeenlinna --format json | jq .categories",
  settings: ["tables"],
  positionals: {
    value: "station",
    summary: "its name or its code: Tampere, tampere asema, TPE",
    least: 1,
    most: 6,
  },
  options: STATION_OPTIONS,
  run: async (call) => (await import("./work/answers/station.ts")).showStation(call),
});
