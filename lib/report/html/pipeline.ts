/** How the messages came and how long they took: per hour, per run their latency, per batch the seconds of each stage. */
import { counted, grouped } from "../../printable.ts";
import type { BatchSeconds } from "../../quality/pictures/batch_seconds.ts";
import type { HourlyMessages } from "../../quality/pictures/messages_per_hour.ts";
import type { Report } from "../build_report.ts";
import { columnChart } from "./column_chart.ts";
import { latencyFigure } from "./latency.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import type { Pictures } from "./pictures.ts";
import { timeText } from "./words.ts";

const STAGES = ["validate", "quarantine", "landing", "standard"] as const;
const MS_PER_HOUR = 3_600_000;

/** The part of the page; null where nothing was read. */
export function pipelineSection(report: Report, { messages, batches }: Pictures): Section | null {
  const parts = [messagesFigure(messages), latencyFigure(report), batchesFigure(batches)]
    .filter((part) => part !== null);
  return parts.length === 0 ? null : { id: "pipeline", heading: "Pipeline", body: parts };
}

function messagesFigure(messages: HourlyMessages | null): Markup | null {
  if (messages === null) return null;
  const { from, counts, unread } = messages;
  const columns = counts.map((count, at) => ({
    label: `${timeText(new Date(from.getTime() + at * MS_PER_HOUR))} UTC`,
    values: [count],
  }));
  const most = counts.reduce((max, count) => Math.max(max, count), 0);
  const empty = counts.filter((count) => count === 0).length;
  const title = `${grouped(most)} messages in the busiest of ${counted(counts.length, "hour")}, none in ${
    grouped(empty)
  }`;
  const description = `${
    counted(counts.reduce((sum, count) => sum + count, 0), "message")
  } by the hour in which they were written.`;
  return markup`<figure><h3>Messages per hour: ${title}</h3>
${columnChart({ id: "hours", title, description, columns })}
<figcaption>${description}${
    unread === 0
      ? ""
      : ` ${counted(unread, "message")} of files that were not read for this page may be missing here.`
  }</figcaption>
<details class="numbers"><summary>Messages per hour in numbers</summary><div class="scroll" role="region" aria-label="Messages per hour" tabindex="0"><table>
<caption>Messages per hour; hours without any are left out</caption>
<thead><tr><th scope="col">hour from</th><th scope="col" class="n">messages</th></tr></thead>
<tbody>${
    columns.map(({ label, values: [count = 0] }) =>
      count === 0 ? null : markup`
<tr><th scope="row">${label}</th><td class="n">${grouped(count)}</td></tr>`
    )
  }</tbody></table></div></details></figure>`;
}

function batchesFigure(batches: readonly BatchSeconds[] | null): Markup | null {
  if (batches === null || batches.length === 0) return null;
  const columns = batches.map(({ standardVersion, seconds }) => ({
    label: `version ${standardVersion}`,
    values: STAGES.map((stage) => seconds[stage]),
  }));
  const totals = columns.map(({ values }) => values.reduce((sum, value) => sum + value, 0));
  const middle = totals.toSorted((a, b) => a - b)[totals.length >> 1] ?? 0;
  const title = batches.length === 1
    ? `the last batch took ${secondsText(middle)}`
    : `half of the last ${grouped(batches.length)} batches took ${secondsText(middle)} or more`;
  return markup`<figure><h3>Seconds per batch: ${title}</h3>
${
    columnChart({
      ...{ id: "batches", title, columns },
      description: "Seconds that each batch took in the stages of the pipeline, the newest on the right.",
    })
  }
<ul class="key soft">${
    STAGES.map((stage, at) =>
      markup`<li><svg class="swatch" viewBox="0 0 10 10" aria-hidden="true" focusable="false"><rect class="p${
        at + 1
      }" width="10" height="10"/></svg> ${stage}</li>`
    )
  }</ul>
<figcaption>Each column is a batch, by the version of the standard table that it made.</figcaption>
<details class="numbers"><summary>Seconds per batch in numbers</summary><div class="scroll" role="region" aria-label="Seconds per batch" tabindex="0"><table>
<caption>Seconds of each batch, the newest first</caption>
<thead><tr><th scope="col">version</th><th scope="col" class="n">messages</th>${
    STAGES.map((stage) => markup`<th scope="col" class="n">${stage}</th>`)
  }</tr></thead>
<tbody>${
    batches.map(({ standardVersion, messages, seconds }) =>
      markup`
<tr><th scope="row">${standardVersion}</th><td class="n">${grouped(messages)}</td>${
        STAGES.map((stage) => markup`<td class="n">${seconds[stage].toFixed(3)}</td>`)
      }</tr>`
    ).reverse()
  }</tbody></table></div></details></figure>`;
}

function secondsText(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(2)} s` : `${grouped(Math.round(seconds))} s`;
}
