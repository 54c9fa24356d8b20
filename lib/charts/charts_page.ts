/** A page of pictures that is one file: it asks nothing of anybody, and no browser may make it. */
import { LICENCE_LINE } from "../tables/licence.ts";
import { type Chart, chartFigure } from "./chart.ts";
import { CHART_STYLE } from "./chart_style.ts";
import { linkedLine } from "./marks.ts";
import { type Content, markup } from "./markup.ts";
import { pageFrame } from "./page_frame.ts";

/** What a page shows. */
export interface ChartsPage {
  readonly title: string;
  /** One sentence on what all of it is of. */
  readonly intro: string;
  /** What the page is called, to those who skip to it. */
  readonly what?: string;
  readonly parts: readonly ChartPart[];
}

/** A picture below its heading, and what else stands there. */
export interface ChartPart {
  readonly heading: string;
  readonly chart: Chart;
  readonly more?: Content;
}

/** Renders the page; the same rows give the same bytes. */
export function chartsPage({ title, intro, what = "pictures", parts }: ChartsPage): string {
  return pageFrame({
    title,
    what,
    header: markup`<style>${CHART_STYLE}</style><h1>${title}</h1><p>${intro}</p>`,
    sections: parts.map(({ heading, chart, more = null }) => ({
      id: `part-${chart.id}`,
      heading,
      body: markup`${chartFigure(chart)}${more}`,
    })),
    footer: markup`<p class="soft">${linkedLine(LICENCE_LINE)}</p>`,
  });
}
