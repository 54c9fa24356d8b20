/**
 * A question as the user wrote it, made ready for SQLite: tables of zones under names that it knows, and times in the
 * one form in which they are stored. What is no question is refused here, with a sentence.
 */
import { UsageError } from "../errors.ts";
import { type NamedTable, tableIn } from "./lake_names.ts";
import { nameOf, placeIn, type Token, tokensOf } from "./query_tokens.ts";
import { timeLiteral } from "./time_literal.ts";

/** A question. */
export interface Query {
  /** As the user wrote it. */
  readonly text: string;
  /** As the user wrote them. */
  readonly tokens: readonly Token[];
  /** What SQLite gets of each token, with the gap before it; "" of one that has gone into its neighbour. */
  readonly pieces: readonly string[];
  /** The tables that are named with their zone, by the names that they have in `pieces`. */
  readonly named: ReadonlyMap<string, NamedTable>;
}

/** Words that questions begin with. */
const BEGINNINGS = ["select", "with", "values"];

/**
 * Reads a question.
 *
 * @throws {UsageError} when it is none: empty, several, something that changes tables, or one with parameters
 */
export function readQuery(text: string): Query {
  const all = tokensOf(text);
  const end = all.findIndex(({ text }) => text === ";");
  const tokens = end < 0 ? all : all.slice(0, end);
  assertOne(text, tokens, all.slice(tokens.length).find((token) => token.text !== ";"));
  const zones = zonedNames(tokens);
  const named = new Map(zones.map(({ sqlName, table }) => [sqlName.toLowerCase(), table]));
  return { text, tokens, pieces: piecesOf(tokens, zones), named };
}

/** The first tokens as SQLite gets them; by default all. */
export function sqlText({ pieces }: Query, count = pieces.length): string {
  return pieces.slice(0, count).join("");
}

function assertOne(text: string, tokens: readonly Token[], after: Token | undefined): void {
  const [first] = tokens;
  const refuse = (found: string, expected: string, { start }: Pick<Token, "start"> = { start: 0 }) => {
    throw new UsageError([
      `Cannot ask this: found ${found}${placeIn(text, start)}, expected ${expected}`,
    ]);
  };
  if (first === undefined) throw new UsageError(["Cannot ask: found no question, expected a SELECT"]);
  if (!BEGINNINGS.includes(first.text.toLowerCase())) {
    refuse(`"${first.text}"`, "a question that begins with SELECT or WITH; sql only reads", first);
  }
  if (after !== undefined) refuse("a second question", "one at a time", after);
  const parameter = tokens.find(({ kind }) => kind === "parameter");
  if (parameter !== undefined) {
    refuse(`the parameter "${parameter.text}"`, "a value in its place", parameter);
  }
}

/** A table that is named with its zone: three tokens from `at` on. */
interface ZonedName {
  readonly at: number;
  readonly table: NamedTable;
  readonly sqlName: string;
}

// Under its bare name, so that `train_runs.version` and `analysis_zone.train_runs.version` both mean it.
function zonedNames(tokens: readonly Token[]): readonly ZonedName[] {
  const found = tokens.flatMap((token, at) => {
    if (tokens[at + 1]?.text !== "." || tokens[at - 1]?.text === ".") return [];
    const [zone, name] = [nameOf(token), nameOf(tokens[at + 2])];
    const table = zone === undefined || name === undefined ? undefined : tableIn(zone, name);
    return table === undefined ? [] : [{ at, table }];
  });
  return found.map(({ at, table }) => {
    const isAlone = found.every((other) => other.table.name !== table.name || other.table === table);
    return { at, table, sqlName: isAlone ? table.name : `${table.zone}.${table.name}` };
  });
}

function piecesOf(tokens: readonly Token[], zones: readonly ZonedName[]): readonly string[] {
  const byPlace = new Map(zones.map((zone) => [zone.at, zone]));
  let skip = 0;
  return tokens.map((token, at) => {
    if (skip > 0) {
      skip--;
      return "";
    }
    // SQLite calls a column as it is written, so what is written together stays together.
    const before = tokens[at - 1];
    const gap = before === undefined || before.start + before.text.length === token.start ? "" : " ";
    const zoned = byPlace.get(at);
    if (zoned !== undefined) {
      skip = 2;
      return `${gap}"${zoned.sqlName}"`;
    }
    if (token.kind === "text") return gap + timeLiteral(token.text);
    // DATE '2026-11-28' of standard SQL: here the text alone is the date.
    const isTyped = /^(?:date|timestamp)$/i.test(token.text) && tokens[at + 1]?.kind === "text";
    return token.kind === "word" && isTyped ? gap : gap + token.text;
  });
}
