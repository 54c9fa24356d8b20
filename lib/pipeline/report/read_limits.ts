/** The limits that the user has set beside the tables; what reads them is loaded only when there are any. */
import type { PolicyFile } from "../../quality/read_policy.ts";

/** The file with limits that differ from those of the rules, and its text; null where there is none. */
export interface PolicySource {
  readonly path: string;
  readonly read: () => Promise<string | null>;
}

/**
 * The limits; null without a file.
 *
 * @throws {TypeError} when the file is no policy, naming the line
 */
export async function readLimits(source: PolicySource | undefined): Promise<PolicyFile | null> {
  const text = await source?.read() ?? null;
  if (source === undefined || text === null) return null;
  const { readPolicy } = await import("../../quality/read_policy.ts");
  return readPolicy(text, source.path);
}
