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
