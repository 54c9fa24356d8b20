/** `deno task fetch`: publishes the live trains that are new or changed. */
import { setTimeout as sleep } from "node:timers/promises";
import { FETCH_OPTIONS } from "../lib/cli/script_options.ts";
import { describeFetch } from "../lib/pipeline/describe_fetch.ts";
import { fetchTrains } from "../lib/pipeline/fetch_trains.ts";
import { counted } from "../lib/printable.ts";
import { LICENCE } from "../lib/tables/licence.ts";
import { openConfiguredBroker } from "./open_broker.ts";
import { runScript } from "./host.ts";

await runScript({
  name: "fetch",
  summary: "Fetches the live trains from Digitraffic once and publishes those that are new or changed.\n" +
    LICENCE,
  example: "deno task fetch\nDIGITRAFFIC_URL=http://127.0.0.1:8088/api/v1 deno task fetch --json",
  settings: ["digitraffic", "broker", "tables", "state"],
  options: FETCH_OPTIONS,
  run: async ({ config, flags, signal, print, progress }) => {
    let attempts = 0;
    await using broker = await openConfiguredBroker(config, { signal });
    const summary = await fetchTrains({
      api: {
        ...config.digitraffic,
        clock: Date.now,
        sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}),
        random: Math.random,
        deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
        fetch: (request) => {
          progress.doing(`asking ${new URL(request.url).host} (attempt ${++attempts}, at most 60 s)`);
          return fetch(request);
        },
      },
      broker,
      topic: config.topic,
      partitions: config.partitions,
      statePath: config.stateFile,
      full: flags.full,
      signal,
      onPublished: (sent, total) => progress.doing(`${sent} of ${counted(total, "train")} published`),
    });
    print(
      flags.json
        ? JSON.stringify({ ...summary, topic: config.topic, broker: broker.label })
        : describeFetch(summary),
    );
    return 0;
  },
});
