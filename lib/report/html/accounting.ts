/** What became of every message and row, as two flows, and the sums that must add up. */
import type { Equation } from "../../quality/account.ts";
import { counted, grouped } from "../../printable.ts";
import type { Account } from "../../tables/run_record.ts";
import type { Report } from "../build_report.ts";
import type { FlowPart } from "./flow_layout.ts";
import { flowPicture } from "./flow_picture.ts";
import { type Markup, markup } from "../../charts/markup.ts";
import type { Section } from "../../charts/page_frame.ts";
import { outcomeMark } from "./words.ts";

/** The part of the page. */
export function accountingSection({ run: { account, conflict }, verdict: { equations } }: Report): Section {
  return {
    id: "accounting",
    heading: "Accounting",
    body: markup`<div class="pictures">
${
      account.offsets > 0
        ? flowPicture(messageFlow(account), { id: "messages", title: "Messages, by what became of them" })
        : null
    }
${account.rowsAdded > 0 ? flowPicture(rowFlow(account), { id: "rows", title: "Timetable rows" }) : null}
</div>
<p class="soft">Of duplicates and stale messages an equal or a newer version of the train is there; rows are removed when
a newer version of their train takes their place.${conflicts(conflict)}</p>
<div class="scroll" role="region" aria-label="Sums that must add up" tabindex="0"><table>
<caption>Sums that must add up</caption>
<thead><tr><th scope="col">equation</th><th scope="col" class="n">left</th><th scope="col" class="n">right</th></tr></thead>
<tbody>${equations.map((each) => equationRow(each, account))}</tbody>
</table></div>`,
  };
}

function messageFlow(account: Account): FlowPart {
  const { offsets, landed, expired, gaps, accepted, duplicate, stale, quarantined } = account;
  const fates = withRest(landed, [
    { name: "accepted", count: accepted, look: "end" },
    { name: "duplicate", count: duplicate },
    { name: "stale", count: stale },
    { name: "quarantined", count: quarantined, look: "loss" },
  ]);
  return {
    name: "offsets",
    count: offsets,
    parts: withRest(offsets, [
      { name: "landed", count: landed, parts: fates },
      { name: "expired", count: expired, look: "loss" },
      { name: "gaps", count: gaps },
    ]),
  };
}

function rowFlow({ rowsAdded, rowsRemoved, standardRows }: Account): FlowPart {
  return {
    name: "added",
    count: rowsAdded,
    parts: withRest(rowsAdded, [
      { name: "in the table", count: standardRows, look: "end" },
      { name: "removed", count: rowsRemoved },
    ]),
  };
}

/** What no part explains is a part too, so that it is seen. */
function withRest(whole: number, parts: readonly FlowPart[]): readonly FlowPart[] {
  const rest = whole - parts.reduce((sum, { count }) => sum + count, 0);
  return rest > 0 ? [...parts, { name: "unexplained", count: rest, look: "loss" }] : parts;
}

function conflicts(count: number): string {
  return count === 0
    ? ""
    : ` ${counted(count, "message")} had another content under a version that was there.`;
}

function equationRow({ name, left, right, holds }: Equation, account: Account): Markup {
  return markup`
<tr><th scope="row">${outcomeMark(holds ? "passed" : "failed")}${name}<br><span class="soft">${
    figures(name, account)
  }</span></th><td class="n">${grouped(left)}</td><td class="n">${grouped(right)}</td></tr>`;
}

/** The equation with numbers for its words, where the account has all of them. */
function figures(name: string, account: Account): string {
  const counts = new Map<string, number>(Object.entries(account));
  const words = name.split(/ [=+] /);
  if (!words.every((word) => counts.has(word))) return "";
  return name.replace(/[a-z]+/g, (word) => grouped(counts.get(word) ?? 0));
}
