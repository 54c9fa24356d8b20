/** Checks the elements of a list from outside: all of them are what they should be, or the list is not taken. */
import { z } from "../packages/zod.ts";
import { printable } from "../printable.ts";
import { type ElementPolicy, type KnownFields, type UnknownField, unknownFields } from "./unknown_fields.ts";

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
  /** Fields that are not known, by JSON path, with how often they came, as far as the policy wants them told. */
  readonly drift: ReadonlyMap<string, number>;
  /** Elements that were left out for a field that is not known, and the first such field. */
  readonly discarded: number;
  readonly firstDiscarded: string | null;
}

/** What goes along with a list. */
export interface CheckOptions {
  /** Where it is from, for messages. */
  readonly source: string;
  /** What fields mean that are not known; by default they are told of. */
  readonly policy?: ElementPolicy | undefined;
}

const FAULTS_SHOWN = 3;
/** A hostile answer could invent names without end. */
const MAX_DRIFT_NAMES = 50;
const EVOLVE: ElementPolicy = { fields: "evolve", known: [] };
const OTHERS = "(others)";

/**
 * The elements as the schema gives them, without those that the policy discards.
 *
 * @throws {TypeError} when there are none, too many, or one that is not what it should be, or has a field that the policy
 * refuses; names the first few faults
 */
export function checkElements<Element>(
  elements: readonly unknown[],
  shape: ListShape<Element>,
  { source, policy = EVOLVE }: CheckOptions,
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
  const letThrough = policy.known;
  const unknown = elements.map((element, at) => unknownFields(element, at, { known, letThrough }));
  const whole = results.flatMap(({ data }) => data === undefined ? [] : [data]);
  return applyPolicy(whole, unknown, { policy, source, what });
}

function applyPolicy<Element>(
  elements: readonly Element[],
  unknown: readonly (readonly UnknownField[])[],
  { policy: { fields }, source, what }: Required<CheckOptions> & {
    readonly policy: ElementPolicy;
    what: string;
  },
): CheckedList<Element> {
  const drift = new Map<string, number>();
  if (fields !== "discard_value") { for (const { name } of unknown.flat()) addName(drift, name); }
  const first = unknown.flat()[0]?.path;
  if (first === undefined || fields === "evolve" || fields === "discard_value") {
    return { elements, drift, discarded: 0, firstDiscarded: null };
  }
  const kept = elements.filter((_, at) => unknown[at]?.length === 0);
  const discarded = elements.length - kept.length;
  if (fields === "freeze" || kept.length === 0) {
    const found =
      `a field that is not known in ${discarded} of ${elements.length} ${what}, the first is ${first}`;
    throw unusable(source, found, `known fields alone, by the schema policy "${fields}" of quality.yaml`);
  }
  return { elements: kept, drift, discarded, firstDiscarded: first };
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

function addName(drift: Map<string, number>, name: string): void {
  const kept = drift.has(name) || drift.size < MAX_DRIFT_NAMES ? name : OTHERS;
  drift.set(kept, (drift.get(kept) ?? 0) + 1);
}
