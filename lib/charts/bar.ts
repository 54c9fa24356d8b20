/** Small pictures beside numbers that are written out: a share as a bar, and a few runs as columns or as a line. */
import { d3Shape } from "../packages/d3.ts";
import { type Markup, markup } from "./markup.ts";
import { px } from "./marks.ts";

/** A share of a whole, from 0 to 1; of what is not 0 something is seen, and of what is not all something lacks. */
export function shareBar(share: number, look = ""): Markup {
  const wide = share <= 0 ? 0 : share >= 1 ? 100 : Math.min(99, Math.max(1, px(100 * share)));
  return markup`<svg class="bar ${look}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="rest" width="100" height="8"/><rect class="part" width="${wide}" height="8"/></svg>`;
}

const WIDE = 104, HIGH = 22;

/** Counts, the oldest first: columns from 0 up; null is a gap. */
export function columnSpark(values: readonly (number | null)[]): Markup {
  const most = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  const step = WIDE / Math.max(values.length, 8);
  const columns = values.map((value, at) => {
    if (value === null) return null;
    const high = most === 0 || value === 0 ? 1 : Math.max(2, HIGH * value / most);
    const look = value === 0 ? "none" : "some";
    return markup`<rect class="${look}" x="${px(at * step)}" y="${px(HIGH - high)}" width="${
      px(step - 1)
    }" height="${px(high)}"/>`;
  });
  return spark(columns);
}

/** Scores, the oldest first, as a line between the least and the greatest of them; null is a gap. */
export function lineSpark(values: readonly (number | null)[]): Markup {
  const known = values.filter((value) => value !== null);
  const least = known.reduce((min, value) => Math.min(min, value), Infinity);
  const span = known.reduce((max, value) => Math.max(max, value), -Infinity) - least;
  const step = WIDE / Math.max(values.length - 1, 1);
  const yOf = (value: number) => span > 0 ? HIGH - 2 - (HIGH - 4) * (value - least) / span : HIGH / 2;
  const line = d3Shape.line<number | null>().defined((value) => value !== null).x((_, at) => at * step)
    .y((value) => yOf(value ?? 0)).digits(1);
  return spark([markup`<path d="${line(values) ?? ""}"/>`]);
}

function spark(content: readonly (Markup | null)[]): Markup {
  return markup`<svg class="spark" viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${content}</svg>`;
}
