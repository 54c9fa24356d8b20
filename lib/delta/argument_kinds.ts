/** The kinds of arguments that the public functions take; only errors.ts comes before this file. */
import { pl } from "../packages/polars.ts";
import { type ArgumentFault, type ArgumentKind, isFrame } from "./check_arguments.ts";

/** A kind by a test of its own. */
export function kindOf(expected: string, isRight: (value: unknown) => boolean): ArgumentKind {
  return (value, place) => isRight(value) ? undefined : { place, found: value, expected };
}

/** The same kind, or nothing. */
function optional(kind: ArgumentKind): ArgumentKind {
  return (value, place) => value === undefined ? undefined : kind(value, place);
}

/** An array, each element of one kind. */
function listOf(kind: ArgumentKind, expected: string): ArgumentKind {
  return (value, place) => {
    if (!Array.isArray(value)) return { place, found: value, expected };
    const wrong = value.findIndex((element) => kind(element, place) !== undefined);
    return wrong < 0 ? undefined : kind(value[wrong], `${place}[${wrong}]`);
  };
}

/** An object with these properties and no others: a mistyped `where` must not mean "all rows". */
export function optionsOf(kinds: Readonly<Record<string, ArgumentKind>>): ArgumentKind {
  const expected = `an object with ${Object.keys(kinds).join(", ")}`;
  return (value, place) => {
    if (!isPlain(value)) return { place, found: value, expected };
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(kinds, name));
    if (unknown !== undefined) {
      const known = Object.keys(kinds).join(", ");
      return { place: `${place}.${unknown}`, found: value[unknown], expected: `one of the options ${known}` };
    }
    return firstFault(Object.entries(kinds), ([name, kind]) => kind(value[name], `${place}.${name}`));
  };
}

function firstFault<T>(
  values: readonly T[],
  faultOf: (value: T, index: number) => ArgumentFault | undefined,
): ArgumentFault | undefined {
  for (const [index, value] of values.entries()) {
    const fault = faultOf(value, index);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

type Properties = Readonly<Record<PropertyKey, unknown>>;

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlain(value: unknown): value is Properties {
  // Frames, expressions, promises, maps and bytes have a tag; asked of each row, so nothing slower is.
  return isObject(value) && value[Symbol.toStringTag] === undefined && !(value instanceof Date) &&
    !(value instanceof Error);
}

function has(names: readonly PropertyKey[], type?: string): (value: unknown) => boolean {
  return (value) =>
    isObject(value) &&
    names.every((name) => type === undefined ? name in value : typeof value[name] === type);
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isStore = has(["read", "putIfAbsent", "put", "list", "remove"], "function");
const isArrow = (value: unknown): boolean => has(["batches", "schema", "numRows"])(value);
const text = kindOf("a text", isText);
const count = kindOf("a whole number of 0 or more", isCount);
const callable = kindOf("a function", (value) => typeof value === "function");
const row = kindOf("a row: an object with a value for each column", isPlain);
const file = kindOf("a file as the log has it", has(["path", "partitionValues"]));
const CONDITIONS = ["compare", "compareColumns", "in", "isNull", "isNotNull", "and", "or", "not"];

const isColumns = (value: unknown): boolean =>
  isPlain(value) &&
  Object.values(value).every((column) => isPlain(column) && isText(column.kind) && isCount(column.length));

const flag = kindOf("true or false", (value) => typeof value === "boolean");
const txns = listOf(
  kindOf(
    "{ appId, version }, the version a bigint",
    (value) => isObject(value) && isText(value.appId) && typeof value.version === "bigint",
  ),
  "an array of { appId, version }",
);

function isCondition(value: unknown): boolean {
  return isText(value) || (isPlain(value) && CONDITIONS.includes(String(value.kind)));
}

function isExpression(value: unknown): boolean {
  return typeof value === "object" && value !== null && pl.Expr.isExpr(value);
}

/** The kinds by name. */
export const KIND = {
  optional,
  listOf,
  text,
  anyText: kindOf("a text", (value) => typeof value === "string"),
  count,
  callable,
  file,
  row,
  flag,
  txns,
  /** What every change takes beside its rows and conditions. */
  change: { mergeSchema: optional(flag), txns: optional(txns) },
  object: kindOf("an object", isPlain),
  limit: kindOf("a whole number of 0 or more, or Infinity", (value) => isCount(value) || value === Infinity),
  positive: kindOf("a number above 0", (value) => typeof value === "number" && value > 0),
  micros: kindOf("microseconds as a bigint", (value) => typeof value === "bigint"),
  duration: kindOf("milliseconds", Number.isFinite),
  milliseconds: kindOf("milliseconds since 1970", Number.isFinite),
  reads: kindOf('"none" or { matches }', (value) => value === "none" || has(["matches"], "function")(value)),
  names: listOf(text, "an array of column names"),
  files: listOf(file, "an array of files as the log has them"),
  /** A place is opened by `openPlace`, which says more of a text that is none. */
  place: kindOf(
    "the path of a folder, or a store",
    (value) => isText(value) || value instanceof URL || isStore(value),
  ),
  store: kindOf("a store", isStore),
  table: kindOf(
    "a table, as openTable gives it",
    (value) =>
      has(["store", "snapshot", "fileSource"])(value) &&
      has(["files", "schema"])((value as Properties).snapshot),
  ),
  /** What reading needs of a table. */
  readable: kindOf(
    "a table, as openTable gives it",
    (value) =>
      has(["snapshot", "fileSource"])(value) && has(["files", "schema"])((value as Properties).snapshot),
  ),
  /** Columns, and what the log says of them: a snapshot is one. */
  columns: kindOf("the snapshot of a table", has(["schema", "metadata"])),
  /** Rows in flat buffers. */
  columnBuffers: kindOf("columns by their names, each with kind, length and present", isColumns),
  longs: kindOf(
    "a column of int64",
    (value) => isPlain(value) && value.kind === "int64" && value.halves instanceof Int32Array,
  ),
  pieces: listOf(
    kindOf(
      "{ columns, from, to }",
      (value) => isPlain(value) && isColumns(value.columns) && isCount(value.from) && isCount(value.to),
    ),
    "an array of { columns, from, to }",
  ),
  metadata: kindOf("the metadata of a table", has(["partitionColumns"])),
  literal: kindOf(
    "a text, number, bigint, boolean, bytes or null",
    (value) =>
      value === null || value instanceof Uint8Array ||
      /^(?:string|number|bigint|boolean)$/.test(typeof value),
  ),
  path: kindOf(
    'a column as an array of names, such as ["name"]',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isText),
  ),
  type: kindOf('a type such as "long"', (value) => isText(value) || has(["type"])(value)),
  snapshot: kindOf("the snapshot of a table", has(["version", "files", "schema", "metadata"])),
  frame: kindOf("a polars frame", isFrame),
  rows: (value: unknown, place: string): ArgumentFault | undefined => {
    if (isFrame(value) || isArrow(value)) return undefined;
    const expected = "a polars frame, an Arrow table, or an array of rows";
    if (!Array.isArray(value)) return { place, found: value, expected };
    return listOf(row, expected)(value, place);
  },
  rowList: listOf(row, "an array of rows"),
  rowBatches: kindOf("batches of rows, as an asynchronous generator gives them", has([Symbol.asyncIterator])),
  schema: kindOf(
    "a schema, as tableSchema gives it",
    (value) => has(["fields"])(value) && Array.isArray((value as Properties).fields),
  ),
  fields: listOf(kindOf("a column of a schema", has(["name", "type"])), "an array of columns of a schema"),
  action: kindOf('"update" or "delete"', (value) => value === "update" || value === "delete"),
  predicate: kindOf(
    "a predicate, as parsePredicate gives it",
    (value) => typeof value !== "string" && isCondition(value),
  ),
  condition: kindOf('a condition: SQL text such as "n > 1", or a predicate', isCondition),
  mergeCondition: kindOf(
    'a condition: SQL text such as "source.n > target.n", a predicate, or a polars expression',
    (value) => isCondition(value) || isExpression(value),
  ),
  moment: kindOf(
    "{ version } or { timestampMs }",
    (value) => isObject(value) && (isCount(value.version) || Number.isFinite(value.timestampMs)),
  ),
  /** Callers hand over the object that has their clock and ids. */
  memoryOptions: (value: unknown, place: string): ArgumentFault | undefined => {
    if (!isPlain(value)) {
      return { place, found: value, expected: "an object with label, clock and beforePut" };
    }
    return firstFault(["clock", "beforePut"], (name) => optional(callable)(value[name], `${place}.${name}`));
  },
  /** Callers keep more than this in the same object. */
  openOptions: (value: unknown, place: string): ArgumentFault | undefined => {
    if (!isPlain(value)) {
      return { place, found: value, expected: "an object with clock, ids and more, or nothing" };
    }
    const names = ["clock", "ids", "backoff", "readElsewhere", "onCheckpointError"];
    return firstFault(names, (name) => optional(callable)(value[name], `${place}.${name}`)) ??
      optional(flag)(value.autoCheckpoint, `${place}.autoCheckpoint`) ??
      optional(count)(value.maxAttempts, `${place}.maxAttempts`);
  },
} as const;
