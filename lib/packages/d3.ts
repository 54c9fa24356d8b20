/** The parts of d3 that pictures are made with, loaded when they are first used; typed here by what is used of them. */
import { loadLazily } from "./load_lazily.ts";

/** A line through points; where one is not defined it stops and begins anew. */
interface Line<Point> {
  (points: readonly Point[]): string | null;
  x(of: (point: Point, index: number) => number): Line<Point>;
  y(of: (point: Point, index: number) => number): Line<Point>;
  defined(of: (point: Point) => boolean): Line<Point>;
  digits(count: number): Line<Point>;
}

/** The surface between two lines over the same x. */
interface Area<Point> {
  (points: readonly Point[]): string | null;
  x(of: (point: Point, index: number) => number): Area<Point>;
  y0(of: (point: Point, index: number) => number): Area<Point>;
  y1(of: (point: Point, index: number) => number): Area<Point>;
  curve(curve: object): Area<Point>;
  digits(count: number): Area<Point>;
}

/** Of d3-shape. */
export const d3Shape: {
  readonly line: <Point>() => Line<Point>;
  readonly area: <Point>() => Area<Point>;
  readonly curveBumpX: object;
} = loadLazily("d3-shape");

/** Of d3-array: round numbers around and between two. */
export const d3Array: {
  readonly nice: (start: number, stop: number, count: number) => readonly [number, number];
  readonly ticks: (start: number, stop: number, count: number) => readonly number[];
} = loadLazily("d3-array");

/** From degrees to a plane. */
interface Projection {
  (place: readonly [longitude: number, latitude: number]): readonly [x: number, y: number] | null;
  fitExtent(
    box: readonly [readonly [number, number], readonly [number, number]],
    geometry: object,
  ): Projection;
}

/** Of d3-geo. */
export const d3Geo: {
  readonly geoMercator: () => Projection;
} = loadLazily("d3-geo");
