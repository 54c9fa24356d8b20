/** One picture with all that belongs to it: a title that says the finding, its numbers, and where they are from. */
import { counted, foldLine } from "../printable.ts";
import { LICENCE_LINE } from "../tables/licence.ts";
import { CHART_STYLE } from "./chart_style.ts";
import { foreign, linkedLine } from "./marks.ts";
import { type Content, type Markup, markup } from "./markup.ts";

/** What a function of this folder makes of rows. */
export interface Chart {
  /** Of the page that shows it; no name from outside. */
  readonly id: string;
  /** The finding, which is the title; without pictures why there are none. */
  readonly finding: string;
  /** What is drawn how, in which units, and what is left out. */
  readonly note: string;
  /** Of wide screens, then of narrow ones; none where there is nothing to draw. */
  readonly pictures: readonly Picture[];
  readonly numbers: ChartNumbers;
}

/** The same rows for screens of one width. */
export interface Picture {
  readonly name: "wide" | "narrow";
  readonly width: number;
  readonly height: number;
  readonly content: Content;
}

/** The numbers of a picture; the first cell of each row names it. */
export interface ChartNumbers {
  readonly caption: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A page need not hold more of one table. */
const ROWS_SHOWN = 400;
/** Of the picture as a file: above it stands the finding, below it the source. */
const TITLE_HIGH = 34, SOURCE_HIGH = 26, MARGIN = 12;
/** Of the finding: its letters are larger than all others. */
const FINDING_HIGH = 20, FINDING_WIDE = 9;

/** The picture on a page, which has {@linkcode CHART_STYLE}. */
export function chartFigure({ id, finding, note, pictures, numbers }: Chart): Markup {
  if (pictures.length === 0) return markup`<p id="${id}">${finding}</p>`;
  return markup`<figure class="picture" id="${id}">
<figcaption><b>${finding}</b><br>${note}</figcaption>
${
    pictures.map(({ name, width, height, content }) =>
      markup`<svg class="pic ${name}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-${name}-t ${id}-${name}-d">
<title id="${id}-${name}-t">${finding}</title>
<desc id="${id}-${name}-d">${note} The numbers are in the table below.</desc>
${content}
</svg>
`
    )
  }<details class="numbers"><summary>The numbers of this picture</summary>${
    numbersTable(numbers)
  }</details><p class="soft source">${linkedLine(LICENCE_LINE)}</p>
</figure>`;
}

/** The picture as a file of its own, or in a notebook: an SVG that looks the same wherever it is. */
export function chartSvg({ finding, note, pictures }: Chart): string {
  const picture = pictures[0] ?? { width: 900, height: 0, content: null };
  const lines = foldLine(finding, { columns: Math.floor(picture.width / FINDING_WIDE), indent: 0 }).split(
    "\n",
  );
  const top = TITLE_HIGH + FINDING_HIGH * (lines.length - 1);
  const width = picture.width + 2 * MARGIN, height = picture.height + top + SOURCE_HIGH;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="pic" width="${width}" viewBox="0 0 ${width} ${height}" role="img">
<title>${finding}</title>
<desc>${note}</desc>
<style>${CHART_STYLE}</style>
<rect class="page" width="${width}" height="${height}"/>
${
    lines.map((line, at) =>
      markup`<text class="finding" x="${MARGIN}" y="${22 + FINDING_HIGH * at}">${line}</text>
`
    )
  }<svg x="${MARGIN}" y="${top}" width="${picture.width}" height="${picture.height}">${picture.content}</svg>
<text class="dim" x="${MARGIN}" y="${height - 9}">${LICENCE_LINE}</text>
</svg>
`.toString();
}

function numbersTable({ caption, heads, rows }: ChartNumbers): Markup {
  const isNumber = heads.map((_, at) => rows.every((row) => typeof row[at] !== "string" || row[at] === ""));
  const look = (at: number) => isNumber[at] ? "n" : "w";
  const more = rows.length - ROWS_SHOWN;
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}${more > 0 ? `; ${counted(more, "further row")} left out` : ""}</caption>
<thead><tr>${heads.map((head, at) => markup`<th scope="col" class="${look(at)}">${head}</th>`)}</tr></thead>
<tbody>${
    rows.slice(0, ROWS_SHOWN).map(([first = "", ...cells]) =>
      markup`
<tr><th scope="row">${cell(first)}</th>${
        cells.map((value, at) => markup`<td class="${look(at + 1)}">${cell(value)}</td>`)
      }</tr>`
    )
  }</tbody></table></div>`;
}

function cell(value: string | number): Content {
  return typeof value === "number" ? value : foreign(value);
}
