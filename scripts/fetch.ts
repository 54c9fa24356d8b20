/** `deno task fetch`: publishes the live trains that are new or changed. */
import { setTimeout as sleep } from "node:timers/promises";
import { FETCH_OPTIONS } from "../lib/cli/script_options.ts";
import { type FetchSummary, fetchTrains } from "../lib/pipeline/fetch_trains.ts";
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
  run: async ({ config, flags, signal, print }) => {
    await using broker = await openConfiguredBroker(config, { signal });
    const summary = await fetchTrains({
      api: {
        ...config.digitraffic,
        clock: Date.now,
        sleep: (milliseconds, signal) => sleep(milliseconds, undefined, signal ? { signal } : {}),
        random: Math.random,
        deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
        fetch: (request) => fetch(request),
      },
      broker,
      topic: config.topic,
      partitions: config.partitions,
      statePath: config.stateFile,
      full: flags.full,
      signal,
    });
    print(
      flags.json
        ? JSON.stringify({ ...summary, topic: config.topic, broker: broker.label })
        : describe(summary),
    );
    return 0;
  },
});

function describe(
  { fetched, published, unchanged, older, unpublished, sizeBytes, durationSeconds }: FetchSummary,
): string {
  const size = `${(sizeBytes / 1e6).toFixed(1)} MB`;
  const done = `Fetched ${
    counted(fetched, "train")
  }: ${published} published (${size}), ${unchanged} unchanged${
    older === 0 ? "" : `, ${older} older than published`
  }`;
  const stopped = unpublished === 0
    ? ""
    : `, ${unpublished} left for the next fetch because this one was stopped`;
  return `${done}${stopped}; ${durationSeconds.toFixed(1)} s`;
}
