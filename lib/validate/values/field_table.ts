/** The fields of the wire as a flat table, derived from the zod schema and from `train_rules.ts`. */
import type { z } from "zod";
import { CALENDAR_TEXTS, FILLED_TEXTS, NUMBER_LIMITS } from "../train_rules.ts";
import { KNOWN_VALUES, trainSchema } from "../../train/train_schema.ts";

/** How the value of a field is held. A date and a time are text on the wire and numbers in a column. */
export const KIND = { text: 0, number: 1, flag: 2, date: 3, time: 4, list: 5, object: 6 } as const;

/** One field of an object. */
export interface Field {
  readonly name: string;
  readonly kind: number;
  /** Else it may be absent or null. */
  readonly isRequired: boolean;
  /** Whether "" is no value. */
  readonly isFilled: boolean;
  /** The texts that it may have, where the list of them is closed. */
  readonly options: ReadonlySet<string> | null;
  /** The texts that it had so far, where the list of them is open: others are taken and counted. */
  readonly known: ReadonlySet<string> | null;
  /** Of a number. */
  readonly lowest: number;
  readonly highest: number;
  /** The fields of the objects inside. */
  readonly nested: readonly Field[] | null;
}

const LIMITS: Readonly<Record<string, readonly [number, number]>> = NUMBER_LIMITS;
const KNOWN: Readonly<Record<string, ReadonlySet<string>>> = KNOWN_VALUES;
const CALENDAR: Readonly<Record<string, "date" | "time">> = CALENDAR_TEXTS;
const FILLED: readonly string[] = [...FILLED_TEXTS.train, ...FILLED_TEXTS.row];

/** What the table takes from a schema: formats, checks, defaults, what becomes of unknown keys are not among it. */
const PARTS: readonly string[] = ["type", "innerType", "entries", "element", "shape"];

/** The fields of a train. */
export const TRAIN_FIELDS: readonly Field[] = readType("$", trainSchema).nested ?? [];

/** The fields of an object in the order of its schema. Throws where the schema says what the table cannot. */
export function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): readonly Field[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    isRequired: true,
    isFilled: FILLED.includes(name),
    options: null,
    known: KNOWN[name] ?? null,
    lowest: LIMITS[name]?.[0] ?? Number.MIN_SAFE_INTEGER,
    highest: LIMITS[name]?.[1] ?? Number.MAX_SAFE_INTEGER,
    nested: null,
    ...readType(name, schema),
  }));
}

function readType(name: string, schema: z.core.$ZodType): Pick<Field, "kind"> & Partial<Field> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const cannot = (found: string) =>
    new TypeError(`Cannot put the field "${name}" into the table: found ${found}`);
  const more = Object.entries(def).find(([key, value]) => !PARTS.includes(key) && !isNothing(value));
  if (more !== undefined) throw cannot(`"${more[0]}" beside its type`);
  if (def.type === "optional" || def.type === "nullable") {
    return { ...readType(name, def.innerType), isRequired: false };
  }
  if (def.type === "string") return { kind: KIND[CALENDAR[name] ?? "text"] };
  if (def.type === "number") return { kind: KIND.number };
  if (def.type === "boolean") return { kind: KIND.flag };
  if (def.type === "enum") {
    return { kind: KIND.text, options: new Set(Object.values(def.entries).map(String)) };
  }
  if (def.type === "object") return { kind: KIND.object, nested: fieldsOf(def.shape) };
  if (def.type !== "array") throw cannot(`the type ${def.type}`);
  const { kind, isRequired = true, nested = null } = readType(name, def.element);
  if (kind !== KIND.object || !isRequired) throw cannot("a list of other things than objects");
  return { kind: KIND.list, nested };
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
