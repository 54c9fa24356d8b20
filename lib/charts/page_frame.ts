/** The frame of a page that is one file: it asks nothing of anybody, and no browser may make it. */
import { type Content, type Markup, markup } from "./markup.ts";
import { STYLE } from "./page_style.ts";

/** What the frame is around. */
export interface PageParts {
  readonly title: string;
  /** What the page is, to those who skip to it: "report". */
  readonly what: string;
  readonly header: Markup;
  readonly sections: readonly Section[];
  readonly footer: Markup;
}

/** A part of the page with a heading of its own. */
export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly body: Content;
}

/** The whole document. */
export function pageFrame({ title, what, header, sections, footer }: PageParts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
${STYLE}
</head>
<body>
<a class="skip" href="#main">Skip to the ${what}</a>
<header>${header}</header>
<nav aria-label="Parts of the ${what}"><ul>${sections.map(linkTo)}</ul></nav>
<main id="main">${sections.map(sectionOf)}
</main>
<footer>${footer}</footer>
</body>
</html>
`.toString();
}

function linkTo({ id, heading }: Section): Markup {
  return markup`<li><a href="#${id}">${heading}</a></li>`;
}

function sectionOf({ id, heading, body }: Section): Markup {
  return markup`
<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${body}
</section>`;
}
