/** What `deno task fetch` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { FETCH_OPTIONS, METADATA_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { describeFetch } from "../../lib/pipeline/describe_fetch.ts";
import { fetchTrains } from "../../lib/pipeline/fetch_trains.ts";
import { counted } from "../../lib/printable.ts";
import { liveApi } from "../host/live_api.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";

/** Resolves to the exit code. */
export async function fetchOnce(
  { config, flags, signal, print, progress, forPeople }: Call<typeof FETCH_OPTIONS & typeof METADATA_OPTIONS>,
): Promise<number> {
  await using broker = await openConfiguredBroker(config, { signal });
  const summary = await fetchTrains({
    api: liveApi(config.digitraffic, progress),
    broker,
    topic: config.topic,
    partitions: config.partitions,
    statePath: config.stateFile,
    full: flags.full,
    anew: flags.anew,
    signal,
    onPublished: (sent, total) => progress.doing(`${sent} of ${counted(total, "train")} published`),
  });
  print(
    flags.json
      ? JSON.stringify({ ...summary, topic: config.topic, broker: broker.label })
      : forPeople(describeFetch(summary)),
  );
  return 0;
}
