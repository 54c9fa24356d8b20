/** What programs get of a report, byte by byte. */
import { assertEquals } from "@std/assert";
import type { Report } from "../../lib/report/build_report.ts";
import { renderGithub } from "../../lib/report/render_github.ts";
import { renderJson } from "../../lib/report/render_json.ts";
import { renderJunit } from "../../lib/report/render_junit.ts";
import { renderMarkdown } from "../../lib/report/render_markdown.ts";
import { renderNdjson } from "../../lib/report/render_ndjson.ts";
import { mixedReport } from "./mixed_report.ts";

const FORMATS: Readonly<Record<string, (report: Report) => string>> = {
  github: renderGithub,
  json: renderJson,
  junit: renderJunit,
  markdown: renderMarkdown,
  ndjson: renderNdjson,
};

for (const [format, render] of Object.entries(FORMATS)) {
  // To change one: write what the renderer gives, and a line feed, to the file.
  const golden = new URL(`testdata/report_${format}.txt`, import.meta.url);
  Deno.test({
    name: `the format ${format} is what it was`,
    permissions: { read: [golden] },
    async fn() {
      assertEquals(`${render(mixedReport())}\n`, await Deno.readTextFile(golden));
    },
  });
}
