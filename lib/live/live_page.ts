/** The live page: one document, which shows what the server knew when it was asked for, and one script that keeps it so. */
import { CHART_STYLE } from "../charts/chart_style.ts";
import { linkedLine } from "../charts/marks.ts";
import { type Markup, markup } from "../charts/markup.ts";
import { STYLE } from "../charts/page_style.ts";
import { LICENCE_LINE } from "../tables/licence.ts";

/** What the page is made of. */
export interface LivePage {
  /** What it is of: the folder of the tables. */
  readonly title: string;
  /** The stringline that is asked for: "HKI-TPE"; null for the busiest line. */
  readonly line: string | null;
}

/** Where the page finds its script and its events. */
export const LIVE_PATHS = { script: "/live_client.js", events: "/events" } as const;

const PAGE_STYLE = markup`<style>
.net{fill:none;stroke:var(--line);stroke-width:2;stroke-linecap:round}
.mapbox{position:relative;max-width:56rem;margin:.4rem 0}
.mapbox svg{display:block;width:100%;height:auto}
.mapbox svg text{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round;fill:var(--soft);font-size:12px}
.mapbox canvas{position:absolute;inset:0;width:100%;height:100%}
.mapbox output{position:absolute;pointer-events:none;background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.1rem .5rem;font-size:.875rem;white-space:nowrap;z-index:1}
.mapbox output:empty{display:none}
.state{font-size:.875rem;border:1px solid var(--line);border-radius:1rem;padding:.05rem .7rem}
.state.live{border-color:var(--good);color:var(--good)}.state.lost{border-color:var(--bad);color:var(--bad)}
.two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 2.5rem}
#headline{font-size:1.15rem;font-weight:600;margin:.2rem 0}
form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin:.4rem 0}
input,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.3rem;padding:.25rem .6rem}
input{width:8rem}
.key i{display:inline-block;width:.7rem;height:.7rem;margin-right:.35rem}
.key .on{background:var(--bar);border-radius:50%}.key .behind{background:var(--bad)}
</style>`;

/** The whole document; `parts` are those of `liveParts`, which the script replaces later. */
export function livePage({ title, line }: LivePage): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Trains now, ${title}</title>
${STYLE}<style>${CHART_STYLE}</style>${PAGE_STYLE}
<script type="module" src="${LIVE_PATHS.script}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the trains</a>
<header><p class="top"><span class="state" id="state" role="status">connecting</span><span>${title}</span><time id="clock"></time></p>
<h1>Trains now</h1>
<p id="headline">Waiting for the first news</p>
<noscript><p>This page is kept up to date by a script, and this browser runs none. <code>deno task report</code>, <code>punctuality</code> and <code>charts</code> tell the same without.</p></noscript></header>
<nav aria-label="Parts of the page"><ul>${
    SECTIONS.map(({ id, heading }) => markup`<li><a href="#${id}">${heading}</a></li>`)
  }</ul></nav>
<main id="main">${SECTIONS.map((section) => sectionOf(section, line))}
</main>
<footer><p class="soft">${linkedLine(LICENCE_LINE)}</p></footer>
</body>
</html>
`.toString();
}

interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: (line: string | null) => Markup;
}

const SECTIONS: readonly Section[] = [
  {
    id: "part-map",
    heading: "On the map",
    body: () =>
      markup`<div class="mapbox" id="map"><svg aria-hidden="true"></svg><canvas role="img" aria-label="Trains on the map of the net; the tables below say how many and which are late"></canvas><output></output></div>
<ul class="key soft"><li><i class="on"></i>on time</li><li><i class="behind"></i>late</li><li>point at a train for its name</li></ul>`,
  },
  {
    id: "part-onway",
    heading: "On the way",
    body: () =>
      markup`<div class="two"><div id="onway" class="scroll"></div><div id="latest" class="scroll"></div></div>`,
  },
  {
    id: "part-line",
    heading: "On a line",
    body: (line) =>
      markup`<form method="get" action="/"><label for="line">between two stations</label><input id="line" name="line" placeholder="HKI-TPE" value="${
        line ?? ""
      }" maxlength="100" autocomplete="off" autocapitalize="characters" spellcheck="false"><button>Show</button></form><div id="picture"></div>`,
  },
  { id: "part-pipeline", heading: "The pipeline", body: () => markup`<div id="pipeline"></div>` },
  { id: "part-quality", heading: "Quality", body: () => markup`<div id="quality"></div>` },
  {
    id: "part-rejections",
    heading: "Rejections",
    body: () => markup`<div id="rejections" class="scroll"></div>`,
  },
];

function sectionOf({ id, heading, body }: Section, line: string | null): Markup {
  return markup`
<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${body(line)}
</section>`;
}
