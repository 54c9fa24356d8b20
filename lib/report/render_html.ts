/** The report as one page that needs nothing but a browser: no network, no script, no other file. */
import type { Report } from "./build_report.ts";
import { accountingSection } from "./html/accounting.ts";
import { heatMapSection } from "./html/heat_map.ts";
import { headline, pageTitle } from "./html/headline.ts";
import { tablesSection } from "./html/lake_tables.ts";
import { leftoversSection } from "./html/leftovers.ts";
import { type Content, markup } from "./html/markup.ts";
import type { Pictures } from "./html/pictures.ts";
import { pipelineSection } from "./html/pipeline.ts";
import { newsSection } from "./html/news.ts";
import { pageFrame } from "./html/page_frame.ts";
import { rulesSection, type RuleText } from "./html/rules_table.ts";
import { scoreSection } from "./html/score_card.ts";
import { segmentsSection } from "./html/segments.ts";
import { trafficSection } from "./html/traffic.ts";

/** What the page is made with beside the report. */
export interface HtmlOptions {
  /** What the rules are for. */
  readonly rules: readonly RuleText[];
  /** What was read for it alone; without it the page has no such pictures. */
  readonly pictures?: Pictures;
}

const NONE: Pictures = { segments: null, messages: null, batches: null, causeNames: null };

/** Renders the page; the same report gives the same bytes. */
export function renderHtml(report: Report, { rules, pictures = NONE }: HtmlOptions): string {
  return pageFrame({
    title: pageTitle(report),
    header: headline(report),
    sections: [
      newsSection(report),
      scoreSection(report),
      rulesSection(report, rules),
      heatMapSection(report),
      segmentsSection(report, pictures.segments),
      trafficSection(report, pictures),
      accountingSection(report),
      pipelineSection(report, pictures),
      leftoversSection(report),
      tablesSection(report),
    ].filter((section) => section !== null),
    footer: markup`<p class="soft">${linked(report.licence)}</p>`,
  });
}

/** The line with its address as a link. */
function linked(line: string): Content {
  return line.split(/(https:\/\/[^\s;]+)/).map((part, at) =>
    at % 2 === 1 ? markup`<a rel="license" href="${part}">${part}</a>` : part
  );
}
