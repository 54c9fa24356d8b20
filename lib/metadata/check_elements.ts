/** Checks the elements of a list from outside: all of them are what they should be, or the list is not taken. */
import { z } from "../packages/zod.ts";
import { printable } from "../printable.ts";

/** The fields of an object that are known, with those of the objects in it. */
export interface KnownFields {
  readonly names: ReadonlySet<string>;
  readonly within: Readonly<Record<string, KnownFields>>;
}

/** What a list should be. */
export interface ListShape<Element> {
  /** What its elements are, for messages: "stations". */
  readonly what: string;
  readonly schema: z.ZodType<Element>;
  readonly known: KnownFields;
  /** More elements than there can be are not looked at. */
  readonly most: number;
}

/** A list that is what it should be. */
export interface CheckedList<Element> {
  readonly elements: readonly Element[];
  /** Fields that are not known, by JSON path, with how often they came: told, never a reason to refuse. */
  readonly drift: ReadonlyMap<string, number>;
}

const FAULTS_SHOWN = 3;
/** A hostile answer could invent names without end. */
const MAX_DRIFT_NAMES = 50;
const MAX_NAME_LENGTH = 100;
const OTHERS = "(others)";

/**
 * The elements as the schema gives them.
 *
 * @throws {TypeError} when there are none, too many, or one that is not what it should be; names the first few faults
 */
export function checkElements<Element>(
  elements: readonly unknown[],
  shape: ListShape<Element>,
  source: string,
): CheckedList<Element> {
  const { what, schema, known, most } = shape;
  if (elements.length === 0 || elements.length > most) {
    throw unusable(source, `${elements.length} ${what}`, `1 to ${most}`);
  }
  const results = elements.map((element) => schema.safeParse(element));
  const faults = results.flatMap(({ error }, index) => error === undefined ? [] : [describe(error, index)]);
  if (faults.length > 0) {
    const shown = faults.slice(0, FAULTS_SHOWN).join("; ");
    const found = `${faults.length} of ${elements.length} ${what} broken (${shown})`;
    throw unusable(source, found, "whole ones");
  }
  const drift = new Map<string, number>();
  for (const element of elements) countUnknown(element, known, { path: "$[]", drift });
  return { elements: results.flatMap(({ data }) => data === undefined ? [] : [data]), drift };
}

function unusable(source: string, found: string, expected: string): TypeError {
  return new TypeError(`Cannot use the answer of "${source}": found ${found}, expected ${expected}`);
}

function describe({ issues }: z.ZodError, index: number): string {
  const [issue] = issues;
  return printable(`$${[index, ...issue?.path ?? []].map(step).join("")}: ${issue?.message}`);
}

function step(key: PropertyKey): string {
  return typeof key === "number" ? `[${key}]` : `.${String(key)}`;
}

interface Place {
  readonly path: string;
  readonly drift: Map<string, number>;
}

function countUnknown(value: unknown, known: KnownFields, { path, drift }: Place): void {
  if (Array.isArray(value)) {
    for (const part of value) countUnknown(part, known, { path: `${path}[]`, drift });
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      const within = Object.hasOwn(known.within, name) ? known.within[name] : undefined;
      if (within !== undefined) countUnknown(part, within, { path: `${path}.${name}`, drift });
      else if (!known.names.has(name)) addName(drift, `${path}.${shorten(name)}`);
    }
  }
}

function addName(drift: Map<string, number>, name: string): void {
  const kept = drift.has(name) || drift.size < MAX_DRIFT_NAMES ? name : OTHERS;
  drift.set(kept, (drift.get(kept) ?? 0) + 1);
}

/** Short, and without half characters, which no table can hold. */
function shorten(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).toWellFormed();
}
