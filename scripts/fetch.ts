/** `deno task fetch`: publishes the live trains that are new or changed. */
import { FEED_OPTIONS, feedRhythm } from "../lib/cli/flags/feed_options.ts";
import { FETCH_OPTIONS, METADATA_OPTIONS } from "../lib/cli/flags/script_options.ts";
import { LICENCE } from "../lib/tables/licence.ts";
import { runScript } from "./host/run_script.ts";

await runScript({
  name: "fetch",
  summary:
    "Fetches the live trains from Digitraffic, once or again and again, and publishes those that are new or\n" +
    "changed.\n" +
    LICENCE,
  example:
    "deno task fetch\ndeno task fetch --follow --every 20s\ndeno task fetch --metadata\nDIGITRAFFIC_URL=http://127.0.0.1:8088/api/v1 deno task fetch --json",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: { ...FETCH_OPTIONS, ...FEED_OPTIONS, ...METADATA_OPTIONS },
  run: async (call) => {
    const rhythm = feedRhythm(call.flags, { hasKafka: call.config.kafka !== undefined });
    if (rhythm !== null) return await (await import("./work/follow_feed.ts")).followLiveFeed(call, rhythm);
    return call.flags.metadata
      ? await (await import("./work/fetch_metadata.ts")).fetchMetadataOnce(call)
      : await (await import("./work/fetch.ts")).fetchOnce(call);
  },
});
