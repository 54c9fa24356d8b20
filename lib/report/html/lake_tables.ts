/** The tables that the report was made from. */
import { grouped } from "../../printable.ts";
import type { Report, TableFigures } from "../build_report.ts";
import { formatSize } from "../text_table.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { foreign } from "../../charts/marks.ts";

/** The part of the page. */
export function tablesSection({ tables, since }: Report): Section {
  return {
    id: "tables",
    heading: "Tables",
    body: markup`<table class="small">
<caption>The tables as they ${since === null ? "were when the run measured them" : "are now"}</caption>
<thead><tr><th scope="col">table</th>${
      ["version", "files", "rows", "size"].map((name) => markup`<th scope="col" class="n">${name}</th>`)
    }</tr></thead>
<tbody>${tables.map(row)}</tbody>
</table>`,
  };
}

function row({ path, version, files, rows, sizeBytes }: TableFigures): Markup {
  const figures = [String(version), grouped(files), grouped(rows), formatSize(sizeBytes)];
  return markup`
<tr><th scope="row">${foreign(path)}</th>${figures.map((text) => markup`<td class="n">${text}</td>`)}</tr>`;
}
