/** The limits that the user has set beside the tables; what reads them is loaded only when there are any. */
import type { Store, TableOptions } from "../../delta/mod.ts";
import type { Policy } from "../../quality/policy.ts";
import type { PolicyFile } from "../../quality/read_policy.ts";
import type { Report } from "../../report/build_report.ts";
import { findRuleResults } from "../../tables/lake_tables.ts";
import type { RunRecord } from "../../tables/run_record.ts";

/** The file with limits that differ from those of the rules; `read` gives the text of a file, null where there is none. */
export interface PolicySource {
  readonly path: string;
  /** Also of a contract that the file names. */
  readonly read: (path: string) => Promise<string | null>;
}

/**
 * The limits; null without a file.
 *
 * @throws {TypeError} when the file is no policy, or the contract that it names is not there, naming the line
 */
export async function readLimits(source: PolicySource | undefined): Promise<PolicyFile | null> {
  const text = await source?.read(source.path) ?? null;
  if (source === undefined || text === null) return null;
  const { readPolicy, withContract } = await import("../../quality/read_policy.ts");
  const file = readPolicy(text, source.path);
  if (file.contract === null) return file;
  const path = source.path.replace(/[^/]*$/, file.contract);
  const contract = await source.read(path);
  if (contract === null) {
    throw new TypeError(
      `Cannot use "${source.path}": found no "${path}", expected the contract that it names`,
    );
  }
  return withContract(file, contract, path);
}

/** Where limits of today and of earlier runs stand. */
export interface LimitPlaces extends TableOptions {
  readonly storeOf: (path: string) => Store;
  readonly policyFile?: PolicySource | undefined;
  /** The run that was asked for; absent for the newest as things are now. */
  readonly run?: string | undefined;
}

/** The limits, and what the report says of them. */
export interface RunLimits {
  readonly policy: Policy;
  readonly shownPolicy: Report["policy"];
}

/**
 * The limits of today; of a run that was asked for those by which it was recorded, where that is known.
 *
 * @throws {TypeError} when the file of today is needed and is no policy
 */
export async function limitsOfRun(places: LimitPlaces, run: RunRecord | undefined): Promise<RunLimits> {
  const used = places.run === undefined || run === undefined ? null : await limitsUsed(places, run);
  if (used !== null) {
    const rules = [...used.keys()];
    return { policy: used, shownPolicy: rules.length === 0 ? null : { rules, notes: [] } };
  }
  const limits = await readLimits(places.policyFile);
  const policy = limits?.policy ?? new Map();
  return { policy, shownPolicy: limits && { rules: [...policy.keys()], notes: limits.notes } };
}

async function limitsUsed(places: LimitPlaces, run: RunRecord): Promise<Policy | null> {
  const results = await findRuleResults(places.storeOf, places);
  if (results === null) return null;
  const { readLimitsUsed } = await import("../../quality/results/read_limits_used.ts");
  return await readLimitsUsed(results, run);
}
