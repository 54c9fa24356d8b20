/** Serves simulated trains over HTTP as the Digitraffic API does. */
import { faultyAnswer, isFault, type SimulatedFault } from "./simulated_fault.ts";
import { findRoute, type Route } from "./api_routes.ts";
import { listen } from "./listen.ts";
import { answerInWeather } from "./weather/answer_in_weather.ts";
import { worldInWeather } from "./weather/rebases.ts";
import { type Spell, type Weather, weatherAt } from "./weather/weather.ts";
import { badRequest } from "./json_answer.ts";
import type { Simulation } from "./simulate_trains.ts";
import { type LivingWorld, openWorld } from "./world/open_world.ts";
import type { World } from "./world/world.ts";
import { findWorldRoute } from "./world_routes.ts";

const BASE_PATH = "/api/v1";

/** What to serve, and by which clock. */
export interface SimulatorOptions extends Omit<Simulation, "atMs"> {
  /** Milliseconds since 1970 UTC; may move at any speed. */
  readonly clock: () => number;
  /**
   * Serve the API of a living world: `trains` of every departure date, of which `/live-trains` shows those in its
   * window. Default none: `/live-trains` shows exactly `trains`, and there is no `/trains`.
   */
  readonly world?: Omit<World, "seed" | "trains">;
  /** What goes wrong when. Re-bases befall a living world alone. Default calm. */
  readonly weather?: Weather;
  /** Told of each spell when the first request meets it. */
  readonly onSpell?: (spell: Spell) => void;
  /** Waits between the drops of a body that trickles; default not at all. */
  readonly sleep?: (milliseconds: number) => Promise<void>;
  /** Default 0: any free port. */
  readonly port?: number;
}

/** A running stand-in for the train API on the loopback interface. */
export interface Simulator extends AsyncDisposable {
  /** Base address, to be used as DIGITRAFFIC_URL. */
  readonly url: string;
  /** The simulator's time, milliseconds since 1970 UTC. */
  clock(): number;
  /** Moves the simulator's time on; from there it goes with the clock. */
  advance(milliseconds: number): void;
  /** Responds to the next requests with faults, one each. */
  failNext(...faults: readonly SimulatedFault[]): void;
}

/**
 * Serves `/live-trains` (with `?version=`) and the lists of `/metadata/` as the API does: gzip or 406, absent keys for
 * null, the same errors; of a living world `/trains?version=`, `/trains/{date}` and `/trains/{date}/{number}` too.
 * `?fault=503` asks for a fault by name.
 */
export function serveSimulator(options: SimulatorOptions): Simulator {
  const { seed, trains, weather } = options;
  const faults: SimulatedFault[] = [];
  const world = options.world === undefined ? null : openWorld(
    weather === undefined
      ? { seed, trains, ...options.world }
      : worldInWeather({ seed, trains, ...options.world }, weather),
  );
  let offsetMs = 0;
  const clock = () => options.clock() + offsetMs;
  const meet = weather === undefined ? null : meetWeather(weather, options);
  const listener = listen(options.port ?? 0, (request) => {
    const answerAt = (atMs: number) => answer(request, { simulation: { ...options, atMs }, world, faults });
    return meet === null ? answerAt(clock()) : meet(clock(), answerAt);
  });
  return {
    url: `http://127.0.0.1:${listener.port}${BASE_PATH}`,
    clock,
    advance: (milliseconds) => void (offsetMs += milliseconds),
    failNext: (...more) => more.forEach((fault) => faults.push(fault)),
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** Answers in the weather of the moment; tells of each spell once. */
function meetWeather(
  weather: Weather,
  { sleep = () => Promise.resolve(), onSpell }: Pick<SimulatorOptions, "sleep" | "onSpell">,
): (atMs: number, answerAt: (atMs: number) => Response) => Response | null {
  let metMs: number | undefined;
  return (atMs, answerAt) => {
    const spell = weatherAt(weather, atMs);
    if (spell === null) return answerAt(atMs);
    if (spell.fromMs !== metMs) onSpell?.(spell);
    metMs = spell.fromMs;
    return answerInWeather({ weather, spell, atMs, sleep }, answerAt);
  };
}

/** What a request is answered from. */
interface Served {
  readonly simulation: Simulation;
  readonly world: LivingWorld | null;
  readonly faults: SimulatedFault[];
}

function answer(request: Request, { simulation, world, faults }: Served): Response {
  const url = new URL(request.url);
  if (request.method !== "GET") return plain(405, "Method Not Allowed");
  if (!acceptsGzip(request)) {
    return plain(406, "Use of gzip compression is required with Accept-Encoding: gzip header.");
  }
  const path = url.pathname.startsWith(`${BASE_PATH}/`) ? url.pathname.slice(BASE_PATH.length) : "";
  const route = (world === null ? undefined : findWorldRoute(path, { world, atMs: simulation.atMs })) ??
    findRoute(path, simulation);
  if (route === undefined) return plain(404, "Not Found");
  const asked = url.searchParams.get("fault");
  const fault = isFault(asked) ? asked : faults.shift();
  if (fault !== undefined) return faultyAnswer(fault);
  return refuseUnknown(url, route) ?? route.respond(url);
}

/** The API takes no parameter that it does not know, so that nobody gets around its cache. */
function refuseUnknown(url: URL, { parameters }: Route): Response | undefined {
  const unknown = [...url.searchParams.keys()].find((name) => name !== "fault" && !parameters.includes(name));
  if (unknown === undefined) return undefined;
  return badRequest(url, { code: "UNKNOWN_PARAMETER", errorMessage: `Unknown parameter: ${unknown}` });
}

function acceptsGzip(request: Request): boolean {
  return /(?:^|,)\s*gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    request.headers.get("Accept-Encoding") ?? "",
  );
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { "Content-Type": "text/plain" } });
}
