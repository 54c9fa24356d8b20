/** Fields of an element from outside that nobody knows, and what a policy of the user makes of them. */
import { fieldStep } from "../printable.ts";

/** The fields of an object that are known, with those of the objects in it. */
export interface KnownFields {
  readonly names: ReadonlySet<string>;
  readonly within: Readonly<Record<string, KnownFields>>;
}

/** What unknown fields mean, in the words of dlt. No mode keeps such a field: the tables have the columns that they have. */
export interface ElementPolicy {
  /** "evolve" tells of them, "freeze" refuses the list, "discard_row" leaves their elements out, "discard_value" is silent. */
  readonly fields: "evolve" | "freeze" | "discard_value" | "discard_row";
  /** Names that are known by now. */
  readonly known: readonly string[];
}

/** An unknown field: what it is called in counts, with `[]` for any place in a list, and its own path, printable. */
export interface UnknownField {
  readonly name: string;
  readonly path: string;
}

const MAX_NAME_LENGTH = 100;

/** The unknown fields of the element at this place of a list, but for those that are known by now. */
export function unknownFields(
  element: unknown,
  at: number,
  { known, letThrough }: { readonly known: KnownFields; readonly letThrough: readonly string[] },
): readonly UnknownField[] {
  const found = fieldsBelow(element, known, { name: "$[]", path: `$[${at}]` });
  return found.filter(({ name }) => !letThrough.includes(name));
}

function fieldsBelow(
  value: unknown,
  known: KnownFields,
  { name, path }: UnknownField,
): readonly UnknownField[] {
  if (Array.isArray(value)) {
    return value.flatMap((part, at) =>
      fieldsBelow(part, known, { name: `${name}[]`, path: `${path}[${at}]` })
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, part]) => {
    const at = { name: `${name}.${shorten(field)}`, path: path + fieldStep(field) };
    const within = Object.hasOwn(known.within, field) ? known.within[field] : undefined;
    if (within !== undefined) return fieldsBelow(part, within, at);
    return known.names.has(field) ? [] : [at];
  });
}

/** Short, and without half characters, which no table can hold. */
function shorten(name: string): string {
  return name.slice(0, MAX_NAME_LENGTH).toWellFormed();
}
