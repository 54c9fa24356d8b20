/** Which lines of the benchmark a request means. */

import type { BenchLine } from "./bench_line.ts";
import type { BenchRequest } from "./bench_options.ts";

/** Quick ones for quick, all but the fullest as a rule; with a name the named ones of them, and of all when none is. */
export function chooseLines<Line extends Pick<BenchLine, "name" | "in">>(
  lines: readonly Line[],
  { set, only }: Pick<BenchRequest, "set" | "only">,
): readonly Line[] {
  const named = lines.filter(({ name }) => name.includes(only));
  const fitting = named.filter((line) =>
    set === "full" || line.in === "quick" || (set === "usual" && line.in !== "full")
  );
  return fitting.length > 0 ? fitting : named;
}
