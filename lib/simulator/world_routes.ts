/** The paths of a living world: the live window, the dates, what changed since a version. */
import type { Route } from "./api_routes.ts";
import { archiveBytes, archiveNames } from "./archives/month_archive.ts";
import { arrayJson, badRequest, gzipJson } from "./json_answer.ts";
import type { LivingWorld } from "./world/open_world.ts";

const DUMPS = "/trains/dumps/";
const DATE = /^\/trains\/([^/]+)(?:\/([^/]+))?$/;
const VERSION = /^-?\d{1,18}$/;

/** The world, and the moment of the request. */
export interface WorldNow {
  readonly world: LivingWorld;
  readonly atMs: number;
}

/** The route of a path below the base; undefined when the world has none. */
export function findWorldRoute(path: string, now: WorldNow): Route | undefined {
  if (path === "/live-trains") {
    return { parameters: ["version"], respond: (url) => respondLive(url, now) };
  }
  if (path === "/trains" || path === "/all-trains") {
    return { parameters: ["version"], respond: (url) => respondChanged(url, now) };
  }
  if (path.startsWith(DUMPS)) return findArchive(path.slice(DUMPS.length), now);
  const [, date, number] = DATE.exec(path) ?? [];
  if (date === undefined) return undefined;
  return number === undefined
    ? { parameters: ["include_deleted"], respond: (url) => respondDate(url, now, { date }) }
    : {
      parameters: ["include_deleted", "version"],
      respond: (url) => respondDate(url, now, { date, number }),
    };
}

function findArchive(name: string, { world, atMs }: WorldNow): Route | undefined {
  if (name === "list.html") {
    const links = archiveNames(atMs).map((each) => `<li><a href="${each}">${each}</a></li>\n`).join("");
    const page =
      `<!DOCTYPE html>\n<html><head><title>Junat</title></head><body><ul>\n${links}</ul></body></html>\n`;
    return { parameters: [], respond: () => typed(page, "text/html;charset=utf-8") };
  }
  const bytes = archiveBytes(world, name, atMs);
  if (bytes === null) return undefined;
  return { parameters: [], respond: () => typed(ReadableStream.from(bytes), "application/zip") };
}

function typed(body: BodyInit, contentType: string): Response {
  return new Response(body, { headers: { "Content-Type": contentType } });
}

function respondLive(url: URL, { world, atMs }: WorldNow): Response {
  const version = url.searchParams.get("version");
  if (version !== null && !VERSION.test(version)) return wrongType(url, { name: "version", value: version });
  return gzipJson(arrayJson(world.liveTrains(atMs, Math.max(0, Number(version)))));
}

function respondChanged(url: URL, { world, atMs }: WorldNow): Response {
  const version = url.searchParams.get("version");
  if (version !== null && !VERSION.test(version)) return wrongType(url, { name: "version", value: version });
  return gzipJson(arrayJson(world.changedTrains(atMs, version === null ? null : Number(version))));
}

function respondDate(
  url: URL,
  { world, atMs }: WorldNow,
  asked: { readonly date: string; readonly number?: string },
): Response {
  const { date, number } = asked;
  const deleted = url.searchParams.get("include_deleted") ?? "false";
  const version = url.searchParams.get("version") ?? "0";
  if (!isDate(date)) return wrongType(url, { name: "departure_date", value: date });
  if (number !== undefined && !/^\d{1,18}$/.test(number)) {
    return wrongType(url, { name: "train_number", value: number });
  }
  if (!/^(?:true|false)$/.test(deleted)) return wrongType(url, { name: "include_deleted", value: deleted });
  if (!VERSION.test(version)) return wrongType(url, { name: "version", value: version });
  const trains = world.trainsOf(date, atMs, number === undefined ? undefined : Number(number));
  return gzipJson(arrayJson(
    trains.filter((train) =>
      (deleted === "true" || train.deleted !== true) && train.version > Number(version)
    ),
  ));
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}

function wrongType(url: URL, { name, value }: { readonly name: string; readonly value: string }): Response {
  return badRequest(url, {
    code: "PARAMETER_WRONG_TYPE",
    errorMessage: `Parameter ${name} has the wrong type: ${value}`,
  });
}
