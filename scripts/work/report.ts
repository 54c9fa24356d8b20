/** What `deno task report` does; a module of its own, so that `--help` need not load it. */
import type { Call } from "../../lib/cli/run_command.ts";
import type { REPORT_OPTIONS } from "../../lib/cli/script_options.ts";
import { reportExitCode } from "../../lib/cli/fail_on.ts";
import { LocalStore } from "../../lib/delta/mod.ts";
import { reportQuality } from "../../lib/pipeline/report_quality.ts";
import { openConfiguredBroker } from "../open_broker.ts";
import { canPaint } from "../host.ts";

/** Resolves to the exit code. */
export async function showReport(
  { config, flags: { format, json, out, failOn }, print }: Call<typeof REPORT_OPTIONS>,
): Promise<number> {
  const text = out === undefined && canPaint(Deno.stdout) ? "colour" : "text";
  const report = await reportQuality({
    storeOf: (path) => new LocalStore(`${config.dataDir}/${path}`),
    clock: Date.now,
    ids: () => crypto.randomUUID(),
    topic: config.topic,
    // Kafka would need a network, which a report has no right to.
    openBroker: config.kafka ? undefined : () => openConfiguredBroker(config, { isReadOnly: true }),
    format: format === undefined ? (json ? "json" : text) : format === "text" ? text : format,
  });
  if (out === undefined) print(report.text);
  else await writeReport(out, report.text, print);
  return reportExitCode(report, failOn);
}

async function writeReport(path: string, text: string, print: (text: string) => void): Promise<void> {
  const { isStandardOutput, writeOutput } = await import("../../lib/inspect/output_file.ts");
  if (isStandardOutput(path)) return print(text);
  await writeOutput(path, new TextEncoder().encode(`${text}\n`));
}
