/** Reads a policy from YAML, which people write: whatever is wrong is told with its line. */
import { load, YAMLException } from "../packages/js_yaml.ts";
import { z } from "../packages/zod.ts";
import { isContract, readContract, type YamlFile } from "./contract/read_contract.ts";
import { type PlacedLimit, readLimit, wrong } from "./contract/read_limits.ts";
import { limitsUnder, readSchemaPolicy } from "./contract/read_schema_policy.ts";
import { yamlLines } from "./contract/yaml_lines.ts";
import { deadLimits, type Limit, type Policy } from "./policy.ts";
import type { SchemaPolicy } from "./schema_policy.ts";

/** A policy, and what its author may want to know. */
export interface PolicyFile {
  readonly policy: Policy;
  /** Limits that can never break, and entries that nobody understands, in words, each with its line. */
  readonly notes: readonly string[];
  /** A data contract beside the file, whose limits hold for rules that the file does not name. */
  readonly contract: string | null;
}

/** Counts unknown fields and values. */
const DRIFT_RULE = "S2";

const FILE = z.strictObject({
  contract: z.string().regex(/^[^/\\]+\.ya?ml$/).optional(),
  quality: z.array(z.unknown()).nullish(),
  schema: z.unknown().optional(),
});

/**
 * The limits that a file sets: a list of limits, or a data contract.
 *
 * @throws {TypeError} naming the file, the line, what was found there and what was expected
 */
export function readPolicy(text: string, path: string): PolicyFile {
  const root = loadYaml(text, path);
  const lineOf = yamlLines(text);
  const { limits, notes, contract, schema } = isContract(root)
    ? { ...readContract(root, { path, lineOf }), contract: null }
    : readFile(root, { path, lineOf });
  assertDifferent(limits, path);
  const dead = deadLimits(limits).flatMap((note, i) =>
    note === null ? [] : [`${path}, line ${limits[i]?.line}: ${note}`]
  );
  return { policy: policyOf(limits, schema, path), notes: [...notes, ...dead], contract };
}

/** What is frozen are limits too: of the rule that counts unknown fields and values. */
function policyOf(limits: readonly PlacedLimit[], schema: SchemaPolicy | undefined, path: string): Policy {
  const policy = Map.groupBy<string, Limit>(
    limits.map(({ line: _line, rule: _rule, ...limit }) => limit),
    (_, i) => limits[i]?.rule ?? "",
  );
  if (schema === undefined) return policy;
  const frozen = limitsUnder(schema);
  const own = limits.find(({ rule }) => rule === DRIFT_RULE);
  if (frozen !== null && own !== undefined) {
    throw wrong(
      { path, line: own.line },
      `found a limit of ${DRIFT_RULE} beside a frozen schema, expected one of both`,
    );
  }
  if (frozen !== null) policy.set(DRIFT_RULE, [...frozen]);
  return Object.assign(policy, { schema });
}

/** A file, and the contract that it names: what the file says of a rule takes precedence. */
export function withContract(file: PolicyFile, text: string, path: string): PolicyFile {
  if (!isContract(loadYaml(text, path))) {
    throw wrong({ path, line: 1 }, "found no data contract, expected apiVersion and kind");
  }
  const contract = readPolicy(text, path);
  const schema = file.policy.schema ?? contract.policy.schema;
  const isReplaced = (limits: readonly Limit[]) =>
    file.policy.schema !== undefined && limits.some(({ part }) => part !== undefined);
  const others = [...contract.policy].filter(([, limits]) => !isReplaced(limits));
  return {
    policy: Object.assign(new Map([...others, ...file.policy]), schema && { schema }),
    notes: [...contract.notes, ...file.notes],
    contract: null,
  };
}

interface Parsed {
  readonly limits: readonly PlacedLimit[];
  readonly notes: readonly string[];
  readonly contract: string | null;
  readonly schema: SchemaPolicy | undefined;
}

function readFile(root: unknown, { path, lineOf }: YamlFile): Parsed {
  const shape = FILE.safeParse(root ?? {});
  if (!shape.success) {
    const [at] = shape.error.issues[0]?.path ?? [];
    const what = at === "contract"
      ? "expected as contract the name of a YAML file beside this one"
      : 'expected "quality:" with a list of limits, and nothing beside it but "schema:" and "contract:"';
    throw wrong({ path, line: lineOf(at === "contract" ? [at] : []) }, what);
  }
  const entries = shape.data.quality ?? [];
  const limits = entries.map((entry, i) => readLimit(entry, { path, line: lineOf(["quality", i]) }));
  const { contract = null, schema: section = null } = shape.data;
  const read = section === null ? null : readSchemaPolicy(section, { path, lineOf, at: ["schema"] });
  return { limits, notes: read?.notes ?? [], contract, schema: read?.schema };
}

function loadYaml(text: string, path: string): unknown {
  // A file of nothing but comments sets nothing.
  if (/^(\s*(#.*)?(\n|$))*$/.test(text)) return null;
  try {
    return load(text, { maxDepth: 24 });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw wrong({ path, line: (error.mark?.line ?? 0) + 1 }, `found no YAML: ${error.reason}`);
  }
}

function assertDifferent(limits: readonly PlacedLimit[], path: string): void {
  limits.forEach(({ rule, severity, line }, i) => {
    const first = limits.findIndex((other) => other.rule === rule && other.severity === severity);
    if (first === i) return;
    const found = `found a second limit of ${rule} with this severity, the first is in line ${
      limits[first]?.line
    }`;
    throw wrong({ path, line }, `${found}, expected one`);
  });
}
