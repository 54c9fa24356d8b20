/** Answers of the simulated API as they arrive in a spell of bad weather. */
import { mix } from "../seeded_random.ts";
import { faultyAnswer } from "../simulated_fault.ts";
import { cutBody, trickleBody } from "./break_body.ts";
import { type Spell, type Weather, weatherSpells } from "./weather.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const PAGE = "<!DOCTYPE html>\n<html><head><title>Huoltokatko</title></head>" +
  "<body><h1>Palvelu on tilapäisesti poissa käytöstä</h1></body></html>\n";

/** What a request meets. */
export interface Storm {
  readonly weather: Weather;
  readonly spell: Spell;
  readonly atMs: number;
  /** Waits between the drops of a body that trickles. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/**
 * The answer to a request in a storm; null when the connection is to end without one. `answerAt` makes the answer of a
 * moment as the API would give it.
 */
export function answerInWeather(storm: Storm, answerAt: (atMs: number) => Response): Response | null {
  const { weather, spell, atMs, sleep } = storm;
  const draw = drawSecond(weather, atMs, 1);
  switch (spell.kind) {
    case "refused":
      return null;
    case "down":
      return faultyAnswer("503");
    case "throttled":
      return draw < 75 ? faultyAnswer("429") : answerAt(atMs);
    case "throttled-retry-after":
      return draw < 75 ? faultyAnswer("429-retry-after") : answerAt(atMs);
    case "trickle":
      return trickleBody(answerAt(atMs), sleep);
    case "deprecated":
      return markDeprecated(answerAt(atMs), spell);
    case "rebase":
      return answerAt(atMs);
    default:
      return draw < 50 ? answerAt(atMs) : spoil(spell, storm, answerAt);
  }
}

function spoil({ kind }: Spell, { weather, atMs }: Storm, answerAt: (atMs: number) => Response): Response {
  const draw = drawSecond(weather, atMs, 2);
  switch (kind) {
    case "cut":
      return cutBody(answerAt(atMs), draw * 400);
    case "stale":
      return answerAt(Math.max(atMs - Math.ceil((1 + draw / 4) * MINUTE_MS), lastRebaseMs(weather, atMs)));
    case "html":
      return new Response(PAGE, { headers: { "Content-Type": "text/html;charset=utf-8" } });
    case "empty":
      return Response.json([]);
    default:
      return faultyAnswer("error-object");
  }
}

/** No cache of the API outlives the setting up of its source. */
function lastRebaseMs(weather: Weather, atMs: number): number {
  let lastMs = 0;
  for (const { kind, fromMs } of weatherSpells(weather)) {
    if (fromMs > atMs) break;
    if (kind === "rebase") lastMs = fromMs;
  }
  return lastMs;
}

/** A number from 0 to 99, by purpose, that decides about the requests of one second. */
function drawSecond({ seed }: Weather, atMs: number, purpose: number): number {
  return mix(seed, Math.floor(atMs / 1000), purpose, 42) % 100;
}

/** As RFC 9745 and RFC 8594 write them; old versions live half a year. */
function markDeprecated(answer: Response, { fromMs }: Spell): Response {
  const headers = new Headers(answer.headers);
  headers.set("Deprecation", `@${Math.floor(fromMs / 1000)}`);
  headers.set("Sunset", new Date(fromMs + 182 * DAY_MS).toUTCString());
  return new Response(answer.body, { status: answer.status, headers });
}
