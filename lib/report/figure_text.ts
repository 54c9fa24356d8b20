/** The figures of a rule in words: "p50 39 s, p95 2.4 min". */
import type { Figure } from "../quality/rules/rule.ts";
import { grouped } from "../printable.ts";

/** Without those that nothing was found for; "" when there are none. */
export function figuresText(figures: readonly Figure[] = []): string {
  return figures.flatMap(({ name, unit, value }) =>
    value === null ? [] : [`${name} ${valueText(value, unit)}`]
  )
    .join(", ");
}

function valueText(value: number, unit: Figure["unit"]): string {
  if (unit === "") return grouped(value);
  if (unit === "%") return `${value.toFixed(1)} %`;
  if (value < 1) return `${Math.round(1000 * value)} ms`;
  if (value < 120) return `${short(value)} s`;
  return value < 7200 ? `${short(value / 60)} min` : `${short(value / 3600)} h`;
}

/** Two digits and no more: they come from bins. */
function short(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}
