/** The lines of a train in a stringline: planned, as it ran, and where it was cancelled. */
import type { LinePoint, LineTrain } from "./stringline_rows.ts";

/** What a train was late at its worst. */
export interface Worst {
  readonly seconds: number;
  readonly station: number;
}

/** Where times and stations lie in the picture, in pixels. */
export interface LineScales {
  readonly x: (ms: number) => number;
  readonly y: (station: number) => number;
}

/** Paths of SVG; "" where there is nothing to draw. */
export interface TrainPaths {
  readonly planned: string;
  readonly actual: string;
  readonly off: string;
}

/** Null where no actual time is known. */
export function worstOf({ parts }: LineTrain): Worst | null {
  let worst: Worst | null = null;
  for (const points of parts) {
    for (const { actualMs, plannedMs, station } of points) {
      if (actualMs === null) continue;
      const seconds = Math.trunc((actualMs - plannedMs) / 1000);
      if (worst === null || seconds > worst.seconds) worst = { seconds, station };
    }
  }
  return worst;
}

/** Of tenths of a pixel; written by hand, since a day has a hundred thousand points. */
export function trainPaths({ parts }: LineTrain, { x, y }: LineScales): TrainPaths {
  let planned = "", actual = "", off = "";
  for (const points of parts) {
    let isPlanned = false, hasRun = false, wasOff = false, before: LinePoint | null = null;
    for (const point of points) {
      const high = tenth(y(point.station)), at = `${tenth(x(point.plannedMs))} ${high}`;
      planned += (isPlanned ? "L" : "M") + at;
      isPlanned = true;
      if (before !== null && isOff(before, point)) {
        off += wasOff ? `L${at}` : `M${tenth(x(before.plannedMs))} ${tenth(y(before.station))}L${at}`;
        wasOff = true;
      } else wasOff = false;
      if (point.actualMs !== null) actual += `${hasRun ? "L" : "M"}${tenth(x(point.actualMs))} ${high}`;
      hasRun = point.actualMs !== null;
      before = point;
    }
  }
  return { planned, actual, off };
}

/** A leg is run when the train departs and arrives; a halt is made when it does either. */
function isOff(before: LinePoint, point: LinePoint): boolean {
  return before.station === point.station
    ? before.isCancelled && point.isCancelled
    : before.isCancelled || point.isCancelled;
}

function tenth(value: number): number {
  return Math.round(10 * value) / 10;
}
