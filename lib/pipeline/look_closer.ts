/** Which closer look is meant, if any; what looks is loaded only then. */
import { UsageError } from "../errors.ts";
import type { SegmentBy } from "../quality/count_segments.ts";
import type { ReportOptions } from "./report_quality.ts";

/** What may be asked for instead of the report. */
export interface CloserLook {
  /** The data contract. */
  readonly contract?: boolean;
  readonly explain?: string | undefined;
  readonly by?: SegmentBy | undefined;
  readonly diff: boolean;
  /** A moment, or how long ago it was, in milliseconds. */
  readonly since?: { readonly atMs: number } | { readonly agoMs: number } | undefined;
  /** The run to compare with. */
  readonly baseline?: string | undefined;
  /** The runs that there are. */
  readonly runs?: boolean;
}

/**
 * The page that was asked for; null when it is the report.
 *
 * @throws {UsageError} when two runs to compare with are named, or one that is not there
 */
export async function lookCloser(
  { contract = false, explain, by, diff, since, baseline, runs = false }: CloserLook,
  options: ReportOptions,
): Promise<string | null> {
  const asked = [explain, by, since, baseline];
  if (!contract && !runs && !diff && asked.every((each) => each === undefined)) return null;
  const look = await import("./report_details.ts");
  if (contract) return await look.reportContract(options);
  if (runs) return await look.listRuns(options);
  if (explain !== undefined) return await look.explainRule({ ...options, ruleId: explain });
  if (by !== undefined) return await look.reportSegments({ ...options, by });
  if (since !== undefined && baseline !== undefined) {
    throw new UsageError(["Cannot compare: found --since and --baseline, expected one of them"]);
  }
  if (since === undefined) return await look.reportChanges({ ...options, sinceMs: null, baseline });
  const sinceMs = "atMs" in since ? since.atMs : options.clock() - since.agoMs;
  return await look.reportChanges({ ...options, sinceMs });
}

/** A quality.yaml to begin with, which changes nothing as it stands. */
export async function startPolicy(): Promise<string> {
  return (await import("../quality/default_policy.ts")).defaultPolicy().trimEnd();
}
