/** What stands in an action where the protocol wants something else, and nothing depends on it, is passed over. */

/** What `JSON.parse` gives for an object. */
type JsonObject = Readonly<Record<string, unknown>>;

/** Says whether a value is what a field should hold. */
type Fits = (value: unknown) => boolean;

/** The object without those of the fields that do not fit, as if their writer had left them out. */
export function withoutOdd(object: JsonObject, fields: Readonly<Record<string, Fits>>): JsonObject {
  const isOdd = (key: string): boolean => object[key] !== undefined && fields[key]?.(object[key]) === false;
  for (const key in fields) {
    if (isOdd(key)) return Object.fromEntries(Object.entries(object).filter(([name]) => !isOdd(name)));
  }
  return object;
}

/** What the fields of actions may be. */
export const FITS = {
  text: (value) => typeof value === "string",
  flag: (value) => typeof value === "boolean",
  /** A number that 64 bits hold; beyond 2^53 it is not exact, and still a time or a size. */
  long: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 63,
  texts: (value) => Array.isArray(value) && value.every((each) => typeof each === "string"),
  /** An object of texts and nulls. */
  textMap: (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === "string" || each === null),
} as const satisfies Readonly<Record<string, Fits>>;
