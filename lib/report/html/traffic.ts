/** What became of the trains: punctuality, delays, cancellations and causes, by kind. */
import { counted, grouped } from "../../printable.ts";
import type { KindFigures } from "../../quality/traffic/traffic_figures.ts";
import type { Report } from "../build_report.ts";
import { onTimeRules, onTimeText } from "../traffic/delay_text.ts";
import { shareBar } from "../../charts/bar.ts";
import { barList } from "./bar_list.ts";
import { delayHistogram } from "./delay_histogram.ts";
import { type Content, type Markup, markup } from "../../charts/markup.ts";
import type { Pictures } from "./pictures.ts";
import type { Section } from "../../charts/page_frame.ts";
import { commandMark, type CompleteCommand } from "./words.ts";
import { delayText } from "../../text/delay_text.ts";

/** The part of the page. */
export function trafficSection(
  { traffic }: Report,
  { causeNames, complete }: Pick<Pictures, "causeNames"> & { readonly complete: CompleteCommand },
): Section {
  return {
    id: "traffic",
    heading: "Traffic",
    body: traffic === null ? uncounted(complete) : bodyOf(traffic, causeNames ?? {}),
  };
}

function uncounted(complete: CompleteCommand): Markup {
  return markup`<p>This run did not count how the trains ran; the next ${
    commandMark("deno task process", complete)
  } does.</p>`;
}

function bodyOf(
  traffic: NonNullable<Report["traffic"]>,
  causeNames: Readonly<Record<string, string>>,
): Content {
  if (traffic.length === 0) {
    return markup`<p>There is no long-distance, commuter or freight train in the table.</p>`;
  }
  const pictures = traffic.map(delayHistogram).filter((picture) => picture !== null);
  return markup`${figuresTable(traffic)}
<p class="soft">On time: ${
    onTimeRules(traffic)
  }. Cancelled trains, and those of which a part was cancelled, are neither on time nor late.</p>
${
    pictures.length === 0 ? null : markup`<div class="pictures delays">${pictures}</div>
<p class="soft">Trains per minute of delay at the final station; outlined columns right of the dashed line are late.</p>
<details class="numbers"><summary>Delays in numbers</summary>${binsTable(traffic)}</details>`
  }
${
    barList(causesOf(traffic, new Map(Object.entries(causeNames))), {
      caption: "Trains by category of the causes that are given for them",
      name: "category",
      count: "trains",
    })
  }`;
}

function figuresTable(traffic: readonly KindFigures[]): Markup {
  const arrived = traffic.reduce((sum, kind) => sum + kind.arrived, 0);
  return markup`<div class="scroll" role="region" aria-label="Trains by kind" tabindex="0"><table>
<caption>Of ${counted(arrived, "train")} that ${arrived === 1 ? "has" : "have"} arrived, by kind</caption>
<thead><tr><th scope="col">trains</th><th scope="col"><span class="vh">share on time</span></th>${
    HEAD.map((text) => markup`<th scope="col" class="n">${text}</th>`)
  }</tr></thead>
<tbody>${traffic.map(kindRow)}</tbody>
</table></div>`;
}

const HEAD = ["on time", "arrived", "median", "p90", "cancelled", "in part", "unfinished"] as const;

function kindRow(kind: KindFigures): Markup {
  const { name, arrived, onTime, medianSeconds, p90Seconds, cancelled, partlyCancelled, unfinished } = kind;
  const cells = [
    onTimeText(kind),
    grouped(arrived),
    delayText(medianSeconds),
    delayText(p90Seconds),
    ...[cancelled, partlyCancelled, unfinished].map(grouped),
  ];
  return markup`
<tr><th scope="row">${name}</th><td class="bars">${arrived === 0 ? null : shareBar(onTime / arrived)}</td>${
    cells.map((cell) => markup`<td class="n">${cell}</td>`)
  }</tr>`;
}

/** By code, with the name where it is known. */
function causesOf(
  traffic: readonly KindFigures[],
  names: ReadonlyMap<string, string>,
): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { causes } of traffic) {
    for (const [code, trains] of Object.entries(causes)) {
      const name = names.get(code), label = name === undefined ? code : `${code} ${name}`;
      sums.set(label, (sums.get(label) ?? 0) + trains);
    }
  }
  return Object.fromEntries(sums);
}

function binsTable(traffic: readonly KindFigures[]): Markup {
  const starts = new Map(
    traffic.flatMap(({ delays }) => delays.map(({ from, to }) => [from, to] as const)),
  );
  const rows = [...starts].sort(([a], [b]) => a - b);
  return markup`<div class="scroll" role="region" aria-label="Trains by delay" tabindex="0"><table>
<caption>Trains by their delay in seconds; the first line has those that were earlier still</caption>
<thead><tr><th scope="col">from</th><th scope="col">up to</th>${
    traffic.map(({ name }) => markup`<th scope="col" class="n">${name}</th>`)
  }</tr></thead>
<tbody>${
    rows.map(([from, to]) =>
      markup`
<tr><th scope="row">${grouped(from)}</th><td>${to === null ? "" : grouped(to)}</td>${
        traffic.map(({ delays }) =>
          markup`<td class="n">${grouped(delays.find((bin) => bin.from === from)?.trains ?? 0)}</td>`
        )
      }</tr>`
    )
  }</tbody></table></div>`;
}
