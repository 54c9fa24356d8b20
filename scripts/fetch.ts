/** `deno task fetch`: publishes the live trains that are new or changed. */
import { FETCH_OPTIONS } from "../lib/cli/script_options.ts";
import { LICENCE } from "../lib/tables/licence.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "fetch",
  summary: "Fetches the live trains from Digitraffic once and publishes those that are new or changed.\n" +
    LICENCE,
  example: "deno task fetch\nDIGITRAFFIC_URL=http://127.0.0.1:8088/api/v1 deno task fetch --json",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: FETCH_OPTIONS,
  run: async (call) => (await import("./work/fetch.ts")).fetchOnce(call),
});
