/** Named counts as bars, the largest first. */
import { counted, grouped } from "../../printable.ts";
import { shareBar } from "../../charts/bar.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import { foreign } from "../../charts/marks.ts";

/** What the table is called. */
interface BarListTexts {
  readonly caption: string;
  readonly name: string;
  readonly count: string;
}

/** Names from outside may be endless. */
const ROWS_SHOWN = 40;

/** The table; null without counts. */
export function barList(
  counts: Readonly<Record<string, number>>,
  { caption, name, count }: BarListTexts,
): Markup | null {
  const sorted = Object.entries(counts).filter(([, found]) => found > 0).sort(([, a], [, b]) => b - a);
  const [[, most] = ["", 0]] = sorted;
  if (most === 0) return null;
  return markup`<table>
<caption>${caption}</caption>
<thead><tr><th scope="col">${name}</th><th scope="col" class="barcell">${BLANK_HEAD}</th><th scope="col" class="n">${count}</th></tr></thead>
<tbody>${sorted.slice(0, ROWS_SHOWN).map(([label, found]) => row(label, found, most))}${
    rest(sorted.slice(ROWS_SHOWN))
  }</tbody>
</table>`;
}

const BLANK_HEAD = markup`<span class="vh">bar</span>`;

function row(label: string, found: number, most: number): Markup {
  return markup`
<tr><th scope="row">${foreign(label)}</th><td>${shareBar(found / most)}</td><td class="n">${
    grouped(found)
  }</td></tr>`;
}

function rest(others: readonly (readonly [string, number])[]): Markup | null {
  if (others.length === 0) return null;
  const sum = others.reduce((total, [, found]) => total + found, 0);
  return markup`
<tr><th scope="row">${counted(others.length, "other")}</th><td></td><td class="n">${grouped(sum)}</td></tr>`;
}
