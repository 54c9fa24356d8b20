/** Message bytes to a train of the right shape, or the fault that keeps it out. */
import type { z } from "zod";
import { countWrittenKeys, findDuplicateKey } from "./duplicate_keys.ts";
import { describeValue, type Fault } from "./rejection.ts";
import { addCounts, countNewValues, countParsedKeys, type DriftCounts } from "./schema_drift.ts";
import { type Train, trainSchema } from "../train/train_schema.ts";

type Issue = z.core.$ZodRawIssue;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * One at the start of a message, a line, a file or an answer is passed over, as most readers of JSON do; anywhere else
 * it is a character that JSON does not know. Landing keeps it.
 */
const BYTE_ORDER_MARK = "\ufeff";

/** The text of the message, byte order mark and all, or null when the bytes are no UTF-8. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Parses and checks the shape of one message; unknown fields and values are counted in `drift` when it is a train.
 * The train is the parsed value itself, not a copy: a key such as `__proto__` stays a plain key that nobody reads.
 */
export function parseMessage(bytes: Uint8Array, text: string, drift: DriftCounts): Train | Fault {
  const parsed = parseJson(text);
  if ("fault" in parsed) return parsed.fault;
  const { value } = parsed;
  const issue = firstIssue(value);
  if (issue !== undefined) return faultOf(value, issue);
  const train = value as Train;
  const counts: DriftCounts = new Map();
  if (countParsedKeys(train, counts) !== countWrittenKeys(bytes)) {
    const key = findDuplicateKey(text);
    if (key !== null) return duplicateKey(key);
  }
  countNewValues(train, counts);
  addCounts(drift, counts);
  return train;
}

function parseJson(text: string): { value: unknown } | { fault: Fault } {
  try {
    return { value: JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 200) : String(error);
    return { fault: { code: "not_json", message: `Not JSON: ${reason}`, path: "$", rule: "S1" } };
  }
}

/**
 * What zod finds first, if anything. Its `safeParse` looks for all there is and makes an Error of it, which takes ten
 * times as long for a small message.
 */
function firstIssue(value: unknown): Issue | undefined {
  const found = trainSchema._zod.run({ value, issues: [] }, { async: false, abortEarly: true });
  if (found instanceof Promise) {
    throw new TypeError("Cannot check a train at once: its schema is asynchronous");
  }
  return found.issues[0];
}

/** The first thing that zod found, in the words of the quarantine table. */
function faultOf(value: unknown, issue: Issue): Fault {
  const keys = issue.path ?? [];
  if (keys.length === 0) {
    return {
      code: "not_a_train",
      message: `Found ${describeValue(value)}, expected a train`,
      path: "$",
      rule: "S1",
    };
  }
  const path = keys.reduce<string>(
    (text, key) => typeof key === "number" ? `${text}[${key}]` : `${text}.${String(key)}`,
    "$",
  );
  const found = keys.reduce<unknown>((object, key) => Reflect.get(Object(object), key), value);
  const message = `Found ${describeValue(found)} at ${path}, expected ${expectedBy(issue)}`;
  if (found === undefined || found === null) {
    const rule = keys[0] === "timeTableRows" && keys.length > 1 ? "S4" : "S3";
    return { code: "missing_field", message, path, rule };
  }
  if (issue.code !== "invalid_value") return { code: "wrong_type", message, path, rule: "S1" };
  // The one closed list is the type of a row.
  return found === ""
    ? { code: "empty_field", message, path, rule: "S4" }
    : { code: "out_of_range", message, path, rule: "V2" };
}

function expectedBy(issue: Issue): string {
  if (issue.code === "invalid_type") return `a value of type ${issue.expected}`;
  return issue.code === "invalid_value" ? issue.values.join(" or ") : "a train's value";
}

function duplicateKey(key: string): Fault {
  const message = `Found the key ${describeValue(key)} twice in one object, expected it once`;
  return { code: "duplicate_key", message, path: "$", rule: "S1" };
}
