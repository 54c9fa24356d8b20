/** What the data lacks and what came that nobody expected: missing values, quarantine, schema drift. */
import { grouped } from "../../printable.ts";
import type { Counts } from "../../tables/counts.ts";
import type { Report } from "../build_report.ts";
import { barList } from "./bar_list.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { foreign } from "../../charts/marks.ts";

/** The part of the page. */
export function leftoversSection({ run }: Report): Section {
  const parts = [
    barList(run.quarantineReasons, {
      caption: "Messages in quarantine, by reason",
      name: "reason",
      count: "messages",
    }),
    barList(run.schemaDrift, {
      caption: "Schema drift: fields and values that nobody expected",
      name: "field or value",
      count: "times seen",
    }),
    missingTable(run.missingValues),
  ].filter((part) => part !== null);
  return {
    id: "leftovers",
    heading: "Quarantine and drift",
    body: parts.length > 0
      ? parts
      : markup`<p>Nothing is in quarantine, no field is unknown, no required value is missing.</p>`,
  };
}

function missingTable(values: Counts): Markup | null {
  const found = Object.entries(values).filter(([column]) => !column.endsWith("_empty"))
    .map(([column, absent]) => ({ column, absent, empty: values[`${column}_empty`] ?? 0 }))
    .filter(({ absent, empty }) => absent + empty > 0);
  if (found.length === 0) return null;
  return markup`<table>
<caption>Missing values, of rows and of messages in quarantine</caption>
<thead><tr><th scope="col">column</th><th scope="col" class="n">absent</th><th scope="col" class="n">empty</th></tr></thead>
<tbody>${
    found.map(({ column, absent, empty }) =>
      markup`
<tr><th scope="row">${foreign(column)}</th><td class="n">${grouped(absent)}</td><td class="n">${
        grouped(empty)
      }</td></tr>`
    )
  }</tbody>
</table>`;
}
