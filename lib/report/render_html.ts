/** The report as one page that needs nothing but a browser: no network, no script, no other file. */
import { linkedLine } from "../charts/marks.ts";
import type { Report } from "./build_report.ts";
import { accountingSection } from "./html/accounting.ts";
import { heatMapSection } from "./html/heat_map.ts";
import { headline, pageTitle } from "./html/headline.ts";
import { tablesSection } from "./html/lake_tables.ts";
import { leftoversSection } from "./html/leftovers.ts";
import { type Content, markup } from "../charts/markup.ts";
import type { Pictures } from "./html/pictures.ts";
import { pipelineSection } from "./html/pipeline.ts";
import { newsSection } from "./html/news.ts";
import { pageFrame } from "../charts/page_frame.ts";
import { rulesSection, type RuleText } from "./html/rules_table.ts";
import { scoreSection } from "./html/score_card.ts";
import { segmentsSection } from "./html/segments.ts";
import { trafficSection } from "./html/traffic.ts";
import type { CompleteCommand } from "./html/words.ts";

/** What the page is made with beside the report. */
export interface HtmlOptions {
  /** What the rules are for. */
  readonly rules: readonly RuleText[];
  /** What was read for it alone; without it the page has no such pictures. */
  readonly pictures?: Pictures;
  readonly commands?: PageCommands | undefined;
}

/** Commands on a page, which may be passed on: they name the settings that lead to the tables, or a mark for each. */
export interface PageCommands {
  readonly complete: CompleteCommand;
  /** Stands for what is not told; null where all is. */
  readonly untold: string | null;
}

const AS_THEY_ARE: PageCommands = { complete: (command) => command, untold: null };
const NONE: Pictures = { segments: null, messages: null, batches: null, causeNames: null };

/** Renders the page; the same report gives the same bytes. */
export function renderHtml(
  report: Report,
  { rules, pictures = NONE, commands = AS_THEY_ARE }: HtmlOptions,
): string {
  const { complete, untold } = commands;
  return pageFrame({
    title: pageTitle(report),
    what: "report",
    header: headline(report, complete),
    sections: [
      newsSection(report),
      scoreSection(report),
      rulesSection(report, { texts: rules, complete }),
      heatMapSection(report),
      segmentsSection(report, { found: pictures.segments, complete }),
      trafficSection(report, { ...pictures, complete }),
      accountingSection(report),
      pipelineSection(report, pictures),
      leftoversSection(report),
      tablesSection(report),
    ].filter((section) => section !== null),
    footer: markup`${untold === null ? null : untoldNote(untold)}<p class="soft">${
      linkedLine(report.licence)
    }</p>`,
  });
}

function untoldNote(mark: string): Content {
  return markup`<p class="soft">In the commands ${mark} stands for a place, a host or a user that this page does not tell, since pages are passed on.</p>`;
}
