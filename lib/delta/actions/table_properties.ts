/** The properties of a table that this library obeys, parsed, with the defaults of Delta. */
import { KIND } from "../argument_kinds.ts";
import { checkArguments } from "../check_arguments.ts";
import type { Metadata } from "./actions.ts";

/** What a table requires of its writers, with the defaults of Delta where it says nothing. */
export interface TableProperties {
  /** `delta.appendOnly`: rows are never removed or changed. */
  readonly appendOnly: boolean;
  /** `delta.logRetentionDuration`: how long old versions stay readable. */
  readonly logRetentionMs: number;
  /** `delta.enableExpiredLogCleanup`. */
  readonly enableExpiredLogCleanup: boolean;
  /** `delta.deletedFileRetentionDuration`: how long removed files stay on the disk. */
  readonly deletedFileRetentionMs: number;
  /** `delta.checkpointInterval`: commits between two checkpoints. */
  readonly checkpointInterval: number;
  /** `delta.dataSkippingNumIndexedCols`: columns with statistics, -1 for all. */
  readonly dataSkippingNumIndexedCols: number;
  /** `delta.isolationLevel`. */
  readonly isolationLevel: "Serializable" | "WriteSerializable";
  /** `delta.setTransactionRetentionDuration`; undefined for ever. */
  readonly setTransactionRetentionMs: number | undefined;
  /** `delta.targetFileSize`, in bytes. */
  readonly targetFileSizeBytes: number;
}

const SECOND_MS = 1000;
const DAY_MS = 86_400 * SECOND_MS;
const UNIT_MS: Readonly<Record<string, number>> = {
  microsecond: 0.001,
  millisecond: 1,
  second: SECOND_MS,
  minute: 60 * SECOND_MS,
  hour: 3600 * SECOND_MS,
  day: DAY_MS,
  week: 7 * DAY_MS,
};
const SIZE_FACTORS: Readonly<Record<string, number>> = { "": 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };
const DEFAULT_TARGET_FILE_SIZE = 128 * 2 ** 20;

/**
 * Reads the properties of a table; those that are not listed in {@linkcode TableProperties} are ignored.
 *
 * @throws {TypeError} naming the property, its text and what was expected
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tableProperties } from "../mod.ts";
 *
 * const configuration = { "delta.appendOnly": "true", "delta.targetFileSize": "64mb" };
 * const { appendOnly, targetFileSizeBytes, checkpointInterval } = tableProperties({ configuration });
 * assertEquals([appendOnly, targetFileSizeBytes, checkpointInterval], [true, 64 * 2 ** 20, 10]);
 * ```
 */
export function tableProperties(metadata: Pick<Metadata, "configuration">): TableProperties {
  // Called for each file that is written: the check costs nothing where nothing is wrong.
  if (typeof metadata !== "object" || metadata === null) {
    checkArguments("tableProperties", { metadata }, { metadata: KIND.object });
  }
  const { configuration } = metadata;
  if (!(configuration instanceof Object)) {
    checkArguments("tableProperties", { configuration }, { configuration: KIND.object });
  }
  const read = <T>(
    name: string,
    parse: (text: string) => T | undefined,
    expected: string,
    otherwise: T,
  ): T => {
    const text = Object.hasOwn(configuration, name) ? configuration[name] : undefined;
    if (text === undefined) return otherwise;
    const value = parse(text);
    if (value !== undefined) return value;
    throw new TypeError(`Cannot use the table property "${name}": found "${text}", expected ${expected}`);
  };
  const interval = (name: string, otherwise: number): number =>
    read(name, parseInterval, INTERVAL_EXAMPLE, otherwise);
  const flag = (name: string, otherwise: boolean): boolean =>
    read(name, parseBoolean, "true or false", otherwise);
  return {
    appendOnly: flag("delta.appendOnly", false),
    logRetentionMs: interval("delta.logRetentionDuration", 30 * DAY_MS),
    enableExpiredLogCleanup: flag("delta.enableExpiredLogCleanup", true),
    deletedFileRetentionMs: interval("delta.deletedFileRetentionDuration", 7 * DAY_MS),
    checkpointInterval: read("delta.checkpointInterval", (text) => parseInteger(text, 1), "1 or more", 10),
    dataSkippingNumIndexedCols: read(
      "delta.dataSkippingNumIndexedCols",
      (text) => parseInteger(text, -1),
      "-1 or more",
      32,
    ),
    isolationLevel: read("delta.isolationLevel", parseIsolation, ISOLATION_LEVELS, "WriteSerializable"),
    setTransactionRetentionMs: read<number | undefined>(
      "delta.setTransactionRetentionDuration",
      parseInterval,
      INTERVAL_EXAMPLE,
      undefined,
    ),
    targetFileSizeBytes: read(
      "delta.targetFileSize",
      parseSize,
      "bytes above 0, such as 104857600 or 100mb",
      DEFAULT_TARGET_FILE_SIZE,
    ),
  };
}

const INTERVAL_EXAMPLE = "a time without months or years, such as interval 30 days";
const ISOLATION_LEVELS = "Serializable or WriteSerializable";

/** Milliseconds of `interval 1 week 2 days`, the first word being optional; undefined when it is none. */
export function parseInterval(text: string): number | undefined {
  const words = text.trim().toLowerCase().split(/\s+/);
  if (words[0] === "interval") words.shift();
  if (words.length === 0 || words.length % 2 !== 0) return undefined;
  let totalMs = 0;
  for (let index = 0; index < words.length; index += 2) {
    const [count = "", unit = ""] = words.slice(index, index + 2);
    const name = unit.endsWith("s") ? unit.slice(0, -1) : unit;
    if (!/^\d+$/.test(count) || !Object.hasOwn(UNIT_MS, name)) return undefined;
    totalMs += Number(count) * (UNIT_MS[name] ?? 0);
  }
  return totalMs;
}

function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

function parseInteger(text: string, least: number): number | undefined {
  const value = /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= least ? value : undefined;
}

function parseIsolation(text: string): TableProperties["isolationLevel"] | undefined {
  const word = text.trim().toLowerCase();
  if (word === "serializable") return "Serializable";
  return word === "writeserializable" ? "WriteSerializable" : undefined;
}

function parseSize(text: string): number | undefined {
  const match = /^(\d{1,15})\s*([kmg]?)b?$/.exec(text.trim().toLowerCase());
  const [, count, unit = ""] = match ?? [];
  const bytes = Number(count) * (SIZE_FACTORS[unit] ?? NaN);
  return bytes > 0 ? bytes : undefined;
}
