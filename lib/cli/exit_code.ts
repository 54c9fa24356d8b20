/** What the exit codes mean, and which one an error gets. */
import { UsageError } from "../errors.ts";

/** What the exit codes of every script mean; 2 and 130 are what shells expect there. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "done" },
  failed: { code: 1, meaning: "failed; the last line on stderr says why" },
  usage: { code: 2, meaning: "a flag or a variable is wrong; nothing was done" },
  quality: { code: 3, meaning: "done, but the data quality is below the threshold" },
  interrupted: { code: 130, meaning: "stopped by Ctrl-C (143: by SIGTERM)" },
} as const;

/** The reason of the abort signal when the user or the system asks the script to stop. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  /** 128 plus the number of the signal. */
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(`stopped by ${signal}`);
    this.exitCode = signal === "SIGINT" ? EXIT_CODES.interrupted.code : 143;
  }
}

const SAME_INTERRUPT_MS = 500;

/**
 * True when somebody insists. One Ctrl-C comes up to three times at once: from the terminal, and forwarded by the
 * launcher and by `deno task`.
 */
export function isSecondInterrupt(nowMs: number, firstMs: number | undefined): boolean {
  return firstMs !== undefined && nowMs - firstMs > SAME_INTERRUPT_MS;
}

/** The exit code of a script that ended with this error. An interruption wins over what it caused. */
export function exitCodeOf(error: unknown, signal: AbortSignal): number {
  if (signal.reason instanceof Interruption) return signal.reason.exitCode;
  return error instanceof UsageError ? EXIT_CODES.usage.code : EXIT_CODES.failed.code;
}
