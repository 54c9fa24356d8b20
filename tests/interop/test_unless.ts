/** A test that needs what is not everywhere. */
export interface ForeignTest {
  readonly name: string;
  readonly fn: (t: Deno.TestContext) => Promise<void>;
}

/** Registers a test; when there is a reason not to run it, it is skipped and its name tells why. */
export function testUnless(reason: string | undefined, { name, fn }: ForeignTest): void {
  // What a module prints while it loads is not shown by a quiet test run; a name is.
  Deno.test({
    name: reason === undefined ? name : `${name} (skipped: ${reason})`,
    ignore: reason !== undefined,
    fn,
  });
}
