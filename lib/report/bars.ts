/** Numbers as bars of text: one beside its limit, or several over time. */

/** How bars are drawn: in blocks, or in what every terminal has. */
export type BarStyle = "blocks" | "ascii";

const BLOCKS = "▁▂▃▄▅▆▇█";
const ASCII = ".:-=+*%@";

/** A share of a whole, from 0 to 1, as a bar of that many characters; full only when it is whole. */
export function shareBar(share: number, width: number, style: BarStyle): string {
  const filled = share >= 1 ? width : Math.min(width - 1, Math.max(0, Math.round(share * width)));
  const [full, empty] = style === "blocks" ? ["█", "░"] : ["#", "."];
  return full.repeat(filled) + empty.repeat(width - filled);
}

/**
 * One character per value, the oldest first: the lowest step is the least of them, or 0 where `from` says so, the
 * highest the greatest; a blank stands for a value that nobody knows.
 */
export function sparkline(
  values: readonly (number | null)[],
  style: BarStyle,
  from: "zero" | "least" = "zero",
): string {
  const steps = style === "blocks" ? BLOCKS : ASCII;
  const { least, span } = rangeOf(values, from);
  return values.map((value) => {
    if (value === null) return " ";
    // All alike is no trend.
    if (span <= 0) return steps[0];
    return steps[Math.round((value - least) / span * (steps.length - 1))];
  }).join("");
}

function rangeOf(values: readonly (number | null)[], from: "zero" | "least") {
  let least = from === "zero" ? 0 : Infinity, most = -Infinity;
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, span: most - least };
}
