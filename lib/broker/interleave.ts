/** Takes turns between several streams. */

/**
 * Yields one value of each source in turn until all have ended; closes all of them when the loop is left early.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { interleave } from "./interleave.ts";
 *
 * async function* repeat(text: string, times: number) {
 *   for (let time = 0; time < times; time++) yield text;
 * }
 * assertEquals(await Array.fromAsync(interleave([repeat("a", 1), repeat("b", 3)])), ["a", "b", "b", "b"]);
 * ```
 */
export async function* interleave<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const open = [...sources];
  try {
    for (let turn = 0; open.length > 0;) {
      const source = open[turn % open.length];
      const step = await source?.next();
      if (step === undefined || step.done) {
        open.splice(turn % open.length, 1);
        continue;
      }
      turn = turn % open.length + 1;
      yield step.value;
    }
  } finally {
    await Promise.all(open.map((source) => source.return(undefined)));
  }
}
