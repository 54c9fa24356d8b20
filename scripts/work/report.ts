/** What `deno task report` does; a module of its own, so that `--help` need not load it. */
import { tellCommands } from "../../lib/cli/complete_commands.ts";
import type { Call } from "../../lib/cli/run_command.ts";
import type { REPORT_OPTIONS } from "../../lib/cli/flags/script_options.ts";
import { EXIT_CODES } from "../../lib/cli/exit_code.ts";
import { reportExitCode } from "../../lib/cli/fail_on.ts";
import { LocalStore } from "../../lib/delta/reading.ts";
import { lookCloser, startPolicy } from "../../lib/pipeline/look_closer.ts";
import { type ReportOptions, reportQuality } from "../../lib/pipeline/report_quality.ts";
import { openConfiguredBroker } from "../host/open_broker.ts";
import { reportPlaces } from "./report_places.ts";
import { policyIn } from "../host/policy_file.ts";
import { canPaint } from "../host/run_script.ts";

/** Resolves to the exit code. */
export async function showReport(
  { config, flags, print, completeCommands, given }: Call<typeof REPORT_OPTIONS>,
): Promise<number> {
  const { format, json, out, failOn, init } = flags;
  const write = out === undefined ? print : writerTo(out, print);
  if (init) {
    await write(await startPolicy());
    return EXIT_CODES.done.code;
  }
  const colour = out === undefined && canPaint(Deno.stdout);
  const options: ReportOptions = {
    storeOf: (path) => new LocalStore(`${config.dataDir}/${path}`),
    clock: Date.now,
    policyFile: policyIn(config.dataDir),
    run: flags.run,
    ids: () => crypto.randomUUID(),
    topic: config.topic,
    // Kafka would need a network, which a report has no right to.
    openBroker: config.kafka ? undefined : () => openConfiguredBroker(config, { isReadOnly: true }),
    places: reportPlaces(config),
    commands: tellCommands(given),
    format: format ?? (json ? "json" : "text"),
    looks: { colour, bars: flags.ascii ? "ascii" : "blocks", completeCommands },
  };
  const closer = await lookCloser(flags, options);
  if (closer !== null) {
    await write(closer);
    return EXIT_CODES.done.code;
  }
  const report = await reportQuality(options);
  await write(report.text);
  return reportExitCode(report, failOn);
}

function writerTo(path: string, print: (text: string) => void): (text: string) => Promise<void> {
  return async (text) => {
    const { isStandardOutput, writeOutput } = await import("../../lib/inspect/output_file.ts");
    if (isStandardOutput(path)) return print(text);
    await writeOutput(path, new TextEncoder().encode(`${text}\n`));
  };
}
