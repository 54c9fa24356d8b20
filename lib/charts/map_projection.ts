/** Where the stations of a map stand in its picture. */
import { d3Geo } from "../packages/d3.ts";

/** A station, with its place in degrees; null where nobody knows it. */
export interface MapStation {
  readonly name: string;
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** How many trains came or went. */
  readonly trains: number;
}

/** In pixels of the picture, from its upper left corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

type KnownStation = MapStation & { readonly longitude: number; readonly latitude: number };

/** The pictures of a map: for wide screens and narrow ones, with so many names at most. */
export const MAP_FRAMES = [{ name: "wide", width: 900, labels: 26 }, {
  name: "narrow",
  width: 340,
  labels: 12,
}] as const;
const MARGIN = 14;

/** Fits the stations `ends`, places in the list, into the width; as high as they need, within bounds. */
export function projectStations(
  stations: readonly MapStation[],
  ends: readonly number[],
  width: number,
): { readonly placeOf: (at: number) => Place; readonly height: number } {
  const coordinates = ends.flatMap((at) => {
    const station = stations[at];
    return isKnown(station) ? [[station.longitude, station.latitude] as const] : [];
  });
  const shape = { type: "MultiPoint", coordinates };
  const spread = d3Geo.geoMercator().fitExtent([[0, 0], [1000, 1000]], shape);
  const all = coordinates.map((place) => spread(place) ?? [0, 0]);
  const span = (axis: 0 | 1) =>
    all.reduce((max, place) => Math.max(max, place[axis]), -Infinity) -
    all.reduce((min, place) => Math.min(min, place[axis]), Infinity);
  const ratio = span(0) > 0 ? span(1) / span(0) : 1;
  const height = Math.round(
    Math.min(Math.max(ratio * width, 0.55 * width), width > 500 ? 0.95 * width : 1.5 * width),
  );
  const projection = d3Geo.geoMercator().fitExtent(
    [[MARGIN, MARGIN], [width - MARGIN, height - MARGIN]],
    shape,
  );
  // A single place has no extent to be fitted.
  const hasExtent = span(0) > 0 || span(1) > 0;
  const placeOf = (at: number): Place => {
    const station = stations[at];
    const [x, y] =
      (hasExtent && isKnown(station) ? projection([station.longitude, station.latitude]) : null) ??
        [width / 2, height / 2];
    return { x, y };
  };
  return { placeOf, height };
}

/** Whether its place is known and on the map. */
export function isKnown(station: MapStation | undefined): station is KnownStation {
  return station !== undefined && Number.isFinite(station.longitude ?? NaN) &&
    Math.abs(station.longitude ?? NaN) <= 180 && Math.abs(station.latitude ?? NaN) <= 85;
}
