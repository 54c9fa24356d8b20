/** What `deno task fetch --metadata` does; a module of its own, so that a fetch of trains need not load it. */
import { getLogger } from "../../lib/packages/logtape.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { failureLines } from "../../lib/cli/failure_text.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import type { FETCH_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { jitteredBackoff, LocalStore } from "../../lib/delta/mod.ts";
import {
  describeFallback,
  describeMetadata,
  metadataJson,
} from "../../lib/pipeline/metadata/metadata_outcome.ts";
import { checkPlaces } from "../../lib/pipeline/check_places.ts";
import { fetchMetadata } from "../../lib/pipeline/metadata/fetch_metadata.ts";
import { policyInUse } from "../../lib/pipeline/report/policy_in_use.ts";
import { liveApi } from "../host/live_api.ts";
import { policyIn } from "../host/policy_file.ts";

/** Resolves to the exit code. */
export async function fetchMetadataOnce(
  { config, flags, signal, print, progress, forPeople }: Call<typeof FETCH_OPTIONS>,
): Promise<number> {
  const { dataDir, stateFile, brokerFile, kafka } = config;
  checkPlaces({ dataDir, stateFile, brokerFile: kafka === undefined ? brokerFile : null });
  const { schema } = await policyInUse(policyIn(dataDir), /discard.?rows?|freeze|frozen/i);
  const context = { clock: Date.now, ids: () => crypto.randomUUID() };
  const outcomes = await fetchMetadata({
    api: liveApi(config.digitraffic, progress),
    storeOf: (path) => new LocalStore(`${dataDir}/${path}`),
    context: { ...context, backoff: jitteredBackoff({ random: Math.random }) },
    full: flags.full,
    ...(schema?.tables && { policies: schema.tables }),
    onPart: (name) => progress.doing(`metadata: ${name}`),
    signal,
  });
  print(flags.json ? metadataJson(outcomes, describe) : forPeople(describeMetadata(outcomes)));
  const failed = outcomes.filter(({ status }) => status === "failed");
  const log = getLogger(["ratalake", "fetch"]);
  for (const outcome of failed) {
    log.debug("{stack}", { stack: outcome.error instanceof Error ? outcome.error.stack : "" });
    log.error("{what}; {rest}", { what: describe(outcome.error), rest: describeFallback(outcome) });
  }
  return failed.length === 0 ? EXIT_CODES.done.code : EXIT_CODES.failed.code;
}

function describe(error: unknown): string {
  return failureLines(error).join("; ");
}
