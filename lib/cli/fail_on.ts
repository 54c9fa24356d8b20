/** From which quality on a report ends with an exit code of its own. */
import { EXIT_CODES } from "./exit_code.ts";

/** What is too bad: a failed report, one with something to look at too, or nothing. */
export const FAIL_ON = ["error", "warn", "never"] as const;

/** What a report came to. */
interface ReportedQuality {
  /** The accounting adds up and no error-level rule is broken, threw or is uncounted. */
  readonly passed: boolean;
  /** A warning-level rule is broken, or threw. */
  readonly warned: boolean;
}

/** The exit code of a report that could be made. */
export function reportExitCode({ passed, warned }: ReportedQuality, failOn: typeof FAIL_ON[number]): number {
  const isTooBad = failOn === "error" ? !passed : failOn === "warn" && (!passed || warned);
  return isTooBad ? EXIT_CODES.quality.code : EXIT_CODES.done.code;
}
