/** The texts and numbers of the live page: each part as HTML, by the id of the element that shows it. */
import { foreign, spoken } from "../charts/marks.ts";
import { type Content, type Markup, markup } from "../charts/markup.ts";
import type { Heartbeat } from "../follow/heartbeat.ts";
import { livenessOf } from "../follow/heartbeat.ts";
import { counted, grouped } from "../printable.ts";
import { formatAge } from "../text/age_text.ts";
import { delayText } from "../text/delay_text.ts";
import type { LiveView } from "./live_view.ts";
import type { Rates } from "./throughput.ts";

/** What the parts are made of. */
export interface PartsInput {
  readonly view: LiveView;
  readonly rates: ReadonlyMap<string, Rates>;
}

/** The ids of all parts. */
export const PART_IDS = ["headline", "onway", "latest", "pipeline", "quality", "rejections"] as const;

/** Of the parts that are shown, by their ids. */
export type LiveParts = Readonly<Record<typeof PART_IDS[number], string>>;

/** The same view gives the same bytes. */
export function liveParts(input: PartsInput): LiveParts {
  const { view } = input;
  return {
    headline: headline(view).toString(),
    onway: onTheWay(view).toString(),
    latest: latest(view).toString(),
    pipeline: pipeline(input).toString(),
    quality: quality(view).toString(),
    rejections: rejections(view).toString(),
  };
}

function headline({ fault, figures: { running, onTime }, nowMs, newestMessageMs }: LiveView): Markup {
  if (fault !== null) return markup`<span class="bad">The tables cannot be read: ${foreign(fault)}</span>`;
  if (newestMessageMs === null) return markup`The tables are empty yet`;
  const age = `newest message ${ageText(nowMs - newestMessageMs)} old`;
  if (running === 0) return markup`No train is on the way; ${age}`;
  return markup`${counted(running, "train")} on the way, ${shareText(onTime, running)} on time; ${age}`;
}

function onTheWay({ figures: { kinds, running, onTime } }: LiveView): Markup {
  const rows = [...kinds, { name: "all", running, onTime }];
  return markup`<table><caption>Trains on the way; on time by the limit of their kind</caption>
<thead><tr><th scope="col">kind</th><th scope="col" class="n">on the way</th><th scope="col" class="n">on time</th><th scope="col" class="n">share</th></tr></thead>
<tbody>${
    rows.map((row) =>
      markup`<tr><th scope="row">${row.name}</th><td class="n">${grouped(row.running)}</td><td class="n">${
        grouped(row.onTime)
      }</td><td class="n">${shareText(row.onTime, row.running)}</td></tr>`
    )
  }</tbody></table>`;
}

function latest({ figures, nameOf }: LiveView): Markup {
  if (figures.latest.length === 0) return markup`<p>No train on the way is late.</p>`;
  return markup`<table><caption>The latest of them</caption>
<thead><tr><th scope="col">train</th><th scope="col">is</th><th scope="col" class="n">late, min:s</th></tr></thead>
<tbody>${
    figures.latest.map(({ name, from, to, delaySeconds }) =>
      markup`<tr><th scope="row">${foreign(name)}</th><td>${
        whereText(from, to, nameOf)
      }</td><td class="n bad">${delayText(delaySeconds)}</td></tr>`
    )
  }</tbody></table>`;
}

function whereText(from: string, to: string, nameOf: (station: string) => string): Markup {
  return from === to
    ? markup`at ${foreign(nameOf(from))}`
    : markup`${foreign(nameOf(from))} – ${foreign(nameOf(to))}`;
}

function pipeline({ view, rates }: PartsInput): Markup {
  const { followers, nowMs } = view;
  if (followers.length === 0) {
    return markup`<p>No follower has run in this folder: <code>deno task live</code> starts them.</p>`;
  }
  return markup`${followers.map((follower) => followerLine(follower, nowMs))}<dl class="facts">${
    pipelineFacts(view, rates).map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)
  }</dl>${
    followers.flatMap(({ role, errors }) =>
      errors.slice(-1).map(({ at, message }) =>
        markup`<p class="soft">last trouble of ${role}, ${ageText(nowMs - at)} ago: ${foreign(message)}</p>`
      )
    )
  }`;
}

const LIVENESS = {
  running: { mark: "✓", look: "passed", word: "runs" },
  ended: { mark: "–", look: "unknown", word: "has ended" },
  silent: { mark: "!", look: "failed", word: "is silent" },
} as const;

function followerLine(follower: Heartbeat, nowMs: number): Markup {
  const { role, pid, host, doing, at } = follower;
  const { mark, look, word } = LIVENESS[livenessOf(follower, nowMs)];
  const what = doing === "" ? `since ${ageText(nowMs - at)}` : doing;
  return markup`<p><span class="mark ${look}" aria-hidden="true">${mark}</span><b>${role}</b> ${word}: ${
    foreign(what)
  } <span class="soft">(process ${pid} on ${foreign(host)})</span></p>`;
}

function pipelineFacts({ followers }: LiveView, rates: PartsInput["rates"]): readonly [string, Content][] {
  const gauges = Object.assign({}, ...followers.map((follower) => follower.gauges)) as Heartbeat["gauges"];
  const rateOf = (role: string, name: string) => rates.get(role)?.get(name);
  return [
    ["offsets waiting", numberText(gauges.lagOffsets)],
    ["messages a second", numberText(rateOf("process", "messages"), 1)],
    ["rows a second", numberText(rateOf("process", "rows"))],
    ["publish to readable, median", secondsText(gauges.latencyP50Ms)],
    ["... of 99 in 100", secondsText(gauges.latencyP99Ms)],
    ["requests a minute", numberText(perMinute(rateOf("fetch", "requests")), 1)],
  ];
}

function perMinute(rate: number | undefined): number | undefined {
  return rate === undefined ? undefined : 60 * rate;
}

function quality({ quality: found, nowMs }: LiveView): Markup {
  if (found === null) return markup`<p>No run has been measured yet.</p>`;
  const { passed, scores, generatedAtMs } = found;
  return markup`<p><span class="mark ${passed ? "passed" : "failed"}" aria-hidden="true">${
    passed ? "✓" : "✗"
  }</span>The newest run, ${ageText(nowMs - generatedAtMs)} ago, ${passed ? "passed" : "failed"}.</p>
<dl class="facts">${
    scores.map(({ dimension, score }) =>
      markup`<div><dt>${dimension}</dt><dd>${score === null ? "not counted" : score.toFixed(1)}</dd></div>`
    )
  }</dl>`;
}

function rejections({ rejections: found, rejected, nowMs }: LiveView): Markup {
  if (found.length === 0) return markup`<p>No message was rejected.</p>`;
  return markup`<table><caption>The newest of ${
    counted(rejected, "rejected message")
  }; <code>deno task quarantine list</code> shows all</caption>
<thead><tr><th scope="col">reason</th><th scope="col">what was found</th><th scope="col" class="n">age</th></tr></thead>
<tbody>${
    found.map(({ reason, message, place, atMs }) =>
      markup`<tr><th scope="row">${foreign(reason)}</th><td>${foreign(message)}${
        spoken(", ")
      } <span class="soft">${foreign(place)}</span></td><td class="n">${
        atMs === null ? "" : ageText(nowMs - atMs)
      }</td></tr>`
    )
  }</tbody></table>`;
}

function shareText(part: number, whole: number): string {
  return whole === 0 ? "" : `${Math.floor((100 * part) / whole)} %`;
}

function ageText(milliseconds: number): string {
  return formatAge(Math.max(0, milliseconds / 1000));
}

function numberText(number: number | undefined, digits = 0): string {
  if (number === undefined) return "not known yet";
  return digits === 0 ? grouped(Math.round(number)) : number.toFixed(digits);
}

function secondsText(milliseconds: number | undefined): string {
  return milliseconds === undefined ? "not known yet" : `${(milliseconds / 1000).toFixed(2)} s`;
}
