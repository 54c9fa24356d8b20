/** Serves simulated trains over HTTP as the Digitraffic API does. */
import { systemFault } from "../errors.ts";
import { faultyAnswer, isFault, type SimulatedFault } from "./simulated_fault.ts";
import { simulateTrains, type Simulation } from "./simulate_trains.ts";
import { simulatedMetadata } from "./metadata.ts";

const BASE_PATH = "/api/v1";
const METADATA_PATH = `${BASE_PATH}/metadata/`;
/** Enough text at once to keep the compressor busy, little enough to hold. */
const CHUNK_CHARACTERS = 256 * 1024;

/** What to serve, and by which clock. */
export interface SimulatorOptions extends Omit<Simulation, "atMs"> {
  /** Milliseconds since 1970 UTC; may move at any speed. */
  readonly clock: () => number;
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
 * null, the same errors. `?fault=503` asks for a fault by name.
 */
export function serveSimulator(options: SimulatorOptions): Simulator {
  const faults: SimulatedFault[] = [];
  let offsetMs = 0;
  const clock = () => options.clock() + offsetMs;
  const stop = new AbortController();
  const server = listen(
    { port: options.port ?? 0, signal: stop.signal },
    (request) => answer(request, { ...options, atMs: clock() }, faults),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}${BASE_PATH}`,
    clock,
    advance: (milliseconds) => void (offsetMs += milliseconds),
    failNext: (...more) => more.forEach((fault) => faults.push(fault)),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

function listen(
  place: { readonly port: number; readonly signal: AbortSignal },
  handler: (request: Request) => Response,
): Deno.HttpServer<Deno.NetAddr> {
  const hostname = "127.0.0.1";
  try {
    return Deno.serve({ ...place, hostname, onListen: () => {}, onError: refuse }, handler);
  } catch (cause) {
    if (systemFault(cause) === "missing right" || !(cause instanceof Error)) throw cause;
    throw new Error(`Cannot serve on "${hostname}:${place.port}": ${cause.message}, expected a free port`, {
      cause,
    });
  }
}

function answer(request: Request, simulation: Simulation, faults: SimulatedFault[]): Response {
  const { pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET") return plain(405, "Method Not Allowed");
  if (!acceptsGzip(request)) {
    return plain(406, "Use of gzip compression is required with Accept-Encoding: gzip header.");
  }
  const metadata = pathname.startsWith(METADATA_PATH)
    ? simulatedMetadata(pathname.slice(METADATA_PATH.length))
    : undefined;
  if (metadata === undefined && pathname !== `${BASE_PATH}/live-trains`) return plain(404, "Not Found");
  const asked = searchParams.get("fault");
  const fault = isFault(asked) ? asked : faults.shift();
  if (fault !== undefined) return faultyAnswer(fault);
  if (metadata !== undefined) return gzipJson([JSON.stringify(metadata)]);
  const version = searchParams.get("version") ?? "-1";
  if (!/^-?\d{1,15}$/.test(version)) return gzipJson([errorObject(request.url, version)]);
  return gzipJson(trainsJson(simulation, Number(version)));
}

function acceptsGzip(request: Request): boolean {
  return /(?:^|,)\s*gzip(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(
    request.headers.get("Accept-Encoding") ?? "",
  );
}

function errorObject(url: string, version: string): string {
  const queryString = new URL(url).search.slice(1);
  return JSON.stringify({ queryString, code: "INVALID_VERSION", errorMessage: `Not a version: ${version}` });
}

function* trainsJson(simulation: Simulation, sinceVersion: number): Generator<string, void, undefined> {
  let text = "[";
  let first = true;
  for (const train of simulateTrains(simulation)) {
    if (train.version <= sinceVersion) continue;
    text += `${first ? "" : ","}${JSON.stringify(train)}`;
    first = false;
    if (text.length < CHUNK_CHARACTERS) continue;
    yield text;
    text = "";
  }
  yield `${text}]`;
}

function gzipJson(parts: Iterable<string>): Response {
  const body = ReadableStream.from(parts)
    .pipeThrough(new TextEncoderStream())
    .pipeThrough(new CompressionStream("gzip"));
  return new Response(body, {
    headers: {
      "Content-Type": "application/json;charset=utf-8",
      "Content-Encoding": "gzip",
      "Vary": "Accept-Encoding",
    },
  });
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { "Content-Type": "text/plain" } });
}

function refuse(error: unknown): Response {
  return plain(500, error instanceof Error ? error.message : "Internal Server Error");
}
