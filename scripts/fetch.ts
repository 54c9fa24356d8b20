/** `deno task fetch`: publishes the live trains that are new or changed. */
import { FETCH_OPTIONS, METADATA_OPTIONS } from "../lib/cli/script_options.ts";
import { LICENCE } from "../lib/tables/licence.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "fetch",
  summary: "Fetches the live trains from Digitraffic once and publishes those that are new or changed.\n" +
    LICENCE,
  example:
    "deno task fetch\ndeno task fetch --metadata\nDIGITRAFFIC_URL=http://127.0.0.1:8088/api/v1 deno task fetch --json",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: { ...FETCH_OPTIONS, ...METADATA_OPTIONS },
  run: async (call) =>
    call.flags.metadata
      ? (await import("./work/fetch_metadata.ts")).fetchMetadataOnce(call)
      : (await import("./work/fetch.ts")).fetchOnce(call),
});
