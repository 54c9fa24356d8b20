/** What `deno task report` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { REPORT_OPTIONS } from "../../lib/cli/script_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { explainRule, reportSegments } from "../../lib/pipeline/report_details.ts";
import { type ReportOptions, reportQuality } from "../../lib/pipeline/report_quality.ts";
import { openConfiguredBroker } from "../open_broker.ts";
import { canPaint } from "../host.ts";

/** Resolves to the exit code. */
export async function showReport(
  { config, flags, print }: Call<typeof REPORT_OPTIONS>,
): Promise<number> {
  const options: ReportOptions = {
    storeOf: (path) => new LocalStore(`${config.dataDir}/${path}`),
    clock: Date.now,
    ids: () => crypto.randomUUID(),
    topic: config.topic,
    // Kafka would need a network, which a report has no right to.
    openBroker: config.kafka ? undefined : () => openConfiguredBroker(config, { isReadOnly: true }),
    format: flags.json ? "json" : canPaint(Deno.stdout) ? "colour" : "text",
  };
  if (flags.explain !== undefined) {
    print(await explainRule({ ...options, ruleId: flags.explain }));
    return EXIT_CODES.done.code;
  }
  if (flags.by !== undefined) {
    print(await reportSegments({ ...options, by: flags.by }));
    return EXIT_CODES.done.code;
  }
  const { passed, text } = await reportQuality(options);
  print(text);
  return passed ? EXIT_CODES.done.code : EXIT_CODES.quality.code;
}
