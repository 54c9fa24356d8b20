/** The paths that are always served: the live trains and the lists of the metadata. */
import { arrayJson, gzipJson } from "./json_answer.ts";
import { simulatedMetadata } from "./metadata.ts";
import { simulateTrains, type Simulation } from "./simulate_trains.ts";

const METADATA_PATH = "/metadata/";

/** One path of the API. */
export interface Route {
  /** Names of the parameters that it knows. */
  readonly parameters: readonly string[];
  respond(url: URL): Response;
}

/** The route of a path below the base; undefined when there is none. */
export function findRoute(path: string, simulation: Simulation): Route | undefined {
  if (path === "/live-trains") {
    return { parameters: ["version"], respond: (url) => respondLive(url, simulation) };
  }
  if (!path.startsWith(METADATA_PATH)) return undefined;
  const metadata = simulatedMetadata(path.slice(METADATA_PATH.length));
  if (metadata === undefined) return undefined;
  return { parameters: ["show_inactive"], respond: () => gzipJson([JSON.stringify(metadata)]) };
}

function respondLive(url: URL, simulation: Simulation): Response {
  const version = url.searchParams.get("version") ?? "-1";
  if (!/^-?\d{1,15}$/.test(version)) return gzipJson([errorObject(url, version)]);
  const sinceVersion = Number(version);
  return gzipJson(arrayJson(simulateTrains(simulation).filter((train) => train.version > sinceVersion)));
}

function errorObject(url: URL, version: string): string {
  const queryString = url.search.slice(1);
  return JSON.stringify({ queryString, code: "INVALID_VERSION", errorMessage: `Not a version: ${version}` });
}
