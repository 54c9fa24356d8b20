/** The user's policy as a run goes by it, which ingests: a mistake in the file stops it only where messages might get in for it. */
import { getLogger } from "../../packages/logtape.ts";
import type { Policy } from "../../quality/policy.ts";
import type { DriftRefusal } from "../../validate/drift/refuse_drift.ts";
import { type PolicySource, readLimits } from "./read_limits.ts";

const log = getLogger(["ratalake", "quality"]);

const NONE: Policy = new Map();
/** Modes that keep messages out, also misspelt: "discard-row" is the mistake in its file. */
const KEEPING_OUT = /discard.?rows?/i;
const COMMENTS = /^\s*#.*$/gm;

/**
 * The policy of the file; that of the rules where there is none. One with a mistake in it is for the report to refuse,
 * unless it has one of the modes that keep something out: what is let in by mistake never leaves again.
 *
 * @throws {Error} when the file cannot be used and has one of the modes
 */
export async function policyInUse(
  source: PolicySource | undefined,
  modes: RegExp = KEEPING_OUT,
): Promise<Policy> {
  if (source === undefined) return NONE;
  const texts: string[] = [];
  const read = async (path: string) => {
    const text = await source.read(path);
    texts.push(text ?? "");
    return text;
  };
  try {
    return (await readLimits({ path: source.path, read }))?.policy ?? NONE;
  } catch (cause) {
    const mode = modes.exec(texts.join("\n").replaceAll(COMMENTS, ""))?.[0];
    if (mode !== undefined) {
      const found =
        `found a mistake in a file with ${mode}, expected one that says for certain what is kept out`;
      throw new Error(`Cannot go by "${source.path}": ${found}`, { cause });
    }
    log.warn("Goes by the limits of the rules alone: {error}", { error: cause });
    return NONE;
  }
}

/** What validation has to keep out; null when that is nothing. */
export function refusalOf({ schema }: Policy): DriftRefusal | null {
  if (schema === undefined) return null;
  const [fields, values] = [schema.fields === "discard_row", schema.values === "discard_row"];
  return fields || values ? { fields, values, known: schema.known } : null;
}
