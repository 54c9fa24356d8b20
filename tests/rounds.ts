/** How long tests with random input try: `deno task test` a part of it, CI and `RATALAKE_THOROUGH=1` all of it. */

const SHARE = Deno.env.get("RATALAKE_THOROUGH") === "1" ? 1 : 0.35;

/** So many of all rounds of a test as are done now, one at least. */
export function rounds(all: number): number {
  return Math.ceil(all * SHARE);
}
