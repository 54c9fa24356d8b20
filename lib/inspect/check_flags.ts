/** What only the table can tell of flags: conditions and columns, refused as wrong use with the name that was meant. */
import { closestName } from "../text/closest_name.ts";
import {
  parsePredicate,
  type Predicate,
  predicateColumns,
  type Snapshot,
  type StructType,
} from "../delta/mod.ts";
import { UsageError } from "../errors.ts";
import type { TableFlags } from "./table_flags.ts";

/**
 * Throws when the condition or a column that a flag names does not fit the table, before anything is written.
 *
 * @throws {UsageError} with all faults together
 */
export function checkTableFlags(
  { columns, where, partitions, sortBy }: TableFlags,
  { schema, metadata }: Snapshot,
): void {
  const names = schema.fields.map(({ name }) => name);
  const faults = [
    ...columnFaults("--columns", columns, names),
    ...columnFaults("--sort-by", sortBy, names),
    ...conditionFaults("--where", where, schema),
    ...conditionFaults("--partitions", partitions, schema, metadata.partitionColumns),
  ];
  if (faults.length > 0) throw new UsageError(faults);
}

function columnFaults(
  flag: string,
  columns: readonly string[] | undefined = [],
  known: readonly string[],
): readonly string[] {
  const twice = columns.find((name, at) => columns.indexOf(name) !== at);
  if (twice !== undefined) {
    return [`Cannot use "${flag}": found the column "${twice}" twice, expected it once`];
  }
  return columns.filter((name) => !known.includes(name)).map((name) => {
    const closest = closestName(name, known);
    const way = closest === undefined ? `expected ${shortList(known)}` : `did you mean "${closest}"?`;
    return `Cannot use "${flag}": found no column "${name}", ${way}`;
  });
}

function conditionFaults(
  flag: string,
  text: string | undefined,
  schema: StructType,
  only?: readonly string[],
): readonly string[] {
  if (text === undefined) return [];
  const predicate = parsed(text, schema);
  if (typeof predicate === "string") return [`Cannot use "${flag}": ${predicate}`];
  if (only === undefined) return [];
  const other = predicateColumns(predicate).find((name) => !only.includes(name));
  const expected = only.join(", ") || "no condition, since the table has no partitions";
  return other === undefined
    ? []
    : [`Cannot use "${flag}": found the column "${other}", expected ${expected}`];
}

// The predicate, or what is wrong with its text.
function parsed(text: string, schema: StructType): Predicate | string {
  try {
    return parsePredicate(text, schema);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return withMeant(error.message, text, schema);
  }
}

/** The message, with the column that was meant in place of all that there are. */
function withMeant(message: string, text: string, schema: StructType): string {
  const [whole, position] = / at character (\d+), expected .*one of the columns .*/s.exec(message) ?? [];
  if (whole === undefined) return message;
  const [name = ""] = /^[\p{L}_][\p{L}\p{N}_]*/u.exec(text.slice(Number(position) - 1)) ?? [];
  const closest = name === "" ? undefined : closestName(name, schema.fields.map((field) => field.name));
  if (closest === undefined) return message;
  return message.replace(whole, ` at character ${position}, did you mean "${closest}"?`);
}

const SHOWN = 40;

function shortList(names: readonly string[]): string {
  return `${names.slice(0, SHOWN).join(", ")}${names.length > SHOWN ? ", ..." : ""}`;
}
