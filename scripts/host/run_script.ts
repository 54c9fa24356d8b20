/**
 * The host of all scripts: the only place that touches Deno.args, Deno.env, the standard streams, signals
 * and the exit code. What happens in between is `lib/cli/run_command.ts`, which takes these as parameters.
 *
 * @module
 */
import { Interruption, isSecondInterrupt } from "../../lib/cli/exit_code.ts";
import type { OptionTable } from "../../lib/cli/options.ts";
import { PLAIN_DISK } from "../../lib/cli/rights/disk.ts";
import { rightsAdvice } from "../../lib/cli/rights/rights_advice.ts";
import {
  environmentNames,
  type Host,
  runCommand,
  type Script,
  writeFailure,
} from "../../lib/cli/run_command.ts";
import { VERSION } from "../../lib/cli/version.ts";
import project from "../../deno.json" with { type: "json" };

/** Runs a script in this process and ends the process with its exit code. */
export async function runScript<Table extends OptionTable>(script: Script<Table>): Promise<never> {
  endOnStrayErrors(script.name);
  await turnOnTelemetry();
  Deno.exit(await runCommand(script, hostOf(script)));
}

/** Where the user has set the variable by which Deno exports spans and figures, as OpenTelemetry describes it. */
async function turnOnTelemetry(): Promise<void> {
  if (!["true", "1"].includes(variable("OTEL_DENO") ?? "")) return;
  const [{ openTelemetry }, { useTelemetry }] = await Promise.all([
    import("../../lib/telemetry/open_telemetry.ts"),
    import("../../lib/telemetry/telemetry.ts"),
  ]);
  useTelemetry(openTelemetry(VERSION));
}

function hostOf<Table extends OptionTable>(script: Script<Table>): Host {
  const isTerminal = Deno.stderr.isTerminal() && !isDumb();
  // Name by name, so that a script runs with the right to its own variables alone.
  const env = Object.fromEntries(environmentNames(script).map((name) => [name, Deno.env.get(name)]));
  return {
    args: Deno.args,
    env,
    advise: (right) => {
      const place = { ...PLAIN_DISK, args: Deno.args, env, sets: project.permissions };
      return rightsAdvice(script.name, { ...place, isBinary: Deno.build.standalone }, right);
    },
    ...interrupts(),
    writeOut: openWriter(Deno.stdout),
    ...(Deno.stdout.isTerminal() ? { outColumns: Deno.consoleSize().columns } : {}),
    stderr: {
      isTerminal,
      ...(isTerminal ? { columns: Deno.consoleSize().columns } : {}),
      colour: isTerminal && !Deno.noColor,
      write: openWriter(Deno.stderr),
    },
    monotonic: () => performance.now(),
  };
}

/** Whether a stream is a terminal that takes colours, and whose user wants them. */
export function canPaint(stream: Pick<typeof Deno.stdout, "isTerminal">): boolean {
  return stream.isTerminal() && !Deno.noColor && !isDumb();
}

/** Such a terminal neither takes colours nor lines that are written over. */
function isDumb(): boolean {
  return variable("TERM") === "dumb";
}

/** A variable that the script may read; undefined when it may not. */
function variable(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

/** The signal aborts at the first Ctrl-C or SIGTERM; the second ends the process at once. */
function interrupts(): Pick<Host, "signal" | "unheard"> {
  const controller = new AbortController();
  let firstMs: number | undefined;
  const signals = Deno.build.os === "windows" ? ["SIGINT"] as const : ["SIGINT", "SIGTERM"] as const;
  const listeners = signals.map((name) => {
    return [name, () => {
      const interruption = new Interruption(name);
      const nowMs = performance.now();
      if (isSecondInterrupt(nowMs, firstMs)) Deno.exit(interruption.exitCode);
      firstMs ??= nowMs;
      controller.abort(interruption);
    }] as const;
  });
  listeners.forEach((listener) => Deno.addSignalListener(...listener));
  return {
    signal: controller.signal,
    // Without listeners the system ends the process, which needs no event loop.
    unheard: (work) => {
      listeners.forEach((listener) => Deno.removeSignalListener(...listener));
      try {
        return work();
      } finally {
        listeners.forEach((listener) => Deno.addSignalListener(...listener));
      }
    },
  };
}

// A library's forgotten promise, or what it throws in a callback, would otherwise end the process with a stack trace.
function endOnStrayErrors(name: string): void {
  const end = (event: Event, error: unknown) => {
    event.preventDefault();
    const host = { args: Deno.args, env: { LOG_FORMAT: variable("LOG_FORMAT") } };
    writeFailure(error, {
      name,
      host: { ...host, stderr: { isTerminal: false, write: openWriter(Deno.stderr) } },
    });
    Deno.exit(1);
  };
  globalThis.addEventListener("unhandledrejection", (event) => end(event, event.reason));
  globalThis.addEventListener("error", (event) => end(event, event.error));
}

/** Writes a whole text, or bytes, at once. When the reader has gone ("| head"), the rest is dropped. */
export function openWriter(
  stream: Pick<typeof Deno.stdout, "writeSync">,
): (content: string | Uint8Array) => void {
  let hasReader = true;
  return (content) => {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    try {
      for (let at = 0; hasReader && at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      hasReader = false;
    }
  };
}
