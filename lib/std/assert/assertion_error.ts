/** What all assertions share: their error, the end of its message, and values as text. */

/** What every assertion throws when it does not hold. */
export class AssertionError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Fills the end of an assertion's sentence: `: why` when the caller said why, else a full stop. */
export function reason(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

/** A value as one readable text with sorted keys and nothing left out, so that two equal values read the same. */
export function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    getters: true,
  });
}
