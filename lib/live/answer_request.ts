/** The web server of the live page as a function from a request to its answer. Nothing that is asked changes anything. */
import { healthOf } from "./health.ts";
import type { LiveFeed } from "./live_feed.ts";
import { LIVE_PATHS, livePage } from "./live_page.ts";
import type { LiveView } from "./live_view.ts";
import { METRICS_TYPE, metricsText } from "./metrics.ts";

/** What answers are made of. */
export interface LiveSite {
  readonly feed: LiveFeed;
  readonly look: () => Promise<LiveView>;
  /** What the page is of: the folder of the tables. */
  readonly title: string;
  /** The script of the page. */
  readonly script: string;
  /**
   * Names by which the server may be asked, beside any address: pages of other sites reach it by names of their own
   * (DNS rebinding), and no other site has the address of this machine.
   */
  readonly hosts: ReadonlySet<string>;
}

/** What is looked at of a request. */
type Asked = Pick<Request, "method" | "url">;

/** Nothing is loaded from elsewhere, no other site may show the page or read its answers. */
const HEADERS = {
  "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; " +
    "style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-store",
} as const;
/** Of two stations by their names. */
const MOST_LINE_CHARACTERS = 100;

/** Answers; a request that is no use of the page gets a status that says why. */
export async function answerRequest(request: Asked, site: LiveSite): Promise<Response> {
  const answer = await answerOf(request, site);
  for (const [name, value] of Object.entries(HEADERS)) answer.headers.set(name, value);
  return request.method === "HEAD" ? new Response(null, answer) : answer;
}

async function answerOf(request: Asked, site: LiveSite): Promise<Response> {
  const url = urlOf(request);
  if (url === null) return text(400, "The name of the host is none\n");
  const { hostname, pathname, searchParams } = url;
  if (!isAddress(hostname) && !site.hosts.has(hostname)) {
    const names = [...site.hosts].join(", ");
    return text(421, `Ask by an address or one of these names: ${names}; \`--host\` gives another\n`);
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return text(405, "Only GET and HEAD: nothing can be changed here\n", { Allow: "GET, HEAD" });
  }
  const line = lineOf(searchParams);
  if (line === undefined) return text(400, "A line is two stations, such as HKI-TPE\n");
  switch (pathname) {
    case "/":
      return text(200, livePage({ title: site.title, line }), { "Content-Type": "text/html; charset=utf-8" });
    case LIVE_PATHS.script:
      return text(200, site.script, { "Content-Type": "text/javascript; charset=utf-8" });
    case LIVE_PATHS.events:
      return request.method === "HEAD" ? eventHead() : await events(site.feed, line);
    case "/healthz":
      return health(await site.look());
    case "/metrics":
      return text(200, await metricsText(await site.look(), site.feed.readers), {
        "Content-Type": METRICS_TYPE,
      });
    default:
      return text(404, "There are /, /events, /healthz and /metrics\n");
  }
}

/** Null when the host that is named makes no URL: then to ask for it throws. */
function urlOf(request: Asked): URL | null {
  try {
    return new URL(request.url);
  } catch {
    return null;
  }
}

/** As URLs write them. */
function isAddress(hostname: string): boolean {
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/.test(hostname);
}

/** Null without one, undefined when it is none. */
function lineOf(parameters: URLSearchParams): string | null | undefined {
  const line = parameters.get("line")?.trim() ?? "";
  if (line === "") return null;
  return line.length <= MOST_LINE_CHARACTERS ? line : undefined;
}

async function events(feed: LiveFeed, line: string | null): Promise<Response> {
  const stream = await feed.open(line);
  if (stream === null) return text(503, "Too many pages are open\n", { "Retry-After": "30" });
  return new Response(stream.body, eventHead());
}

function eventHead(): Response {
  return new Response(null, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });
}

function health(view: LiveView): Response {
  const found = healthOf(view);
  return text(found.status === "ok" ? 200 : 503, `${JSON.stringify(found)}\n`, {
    "Content-Type": "application/json",
  });
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } });
}
