/** Rules on the way between two stations, whose distance follows from their coordinates: C15, C16. */
import type { MetadataLists, Station } from "../metadata/metadata_lists.ts";
import type { TrainRows } from "../../tables/rows/train_rows.ts";
import type { Rule } from "./rule.ts";

const EARTH_KM = 6371.0088;
/** Stations have one coordinate each and are long: below this a speed says nothing. */
const LEAST_KM = 2;
const MOST_KM_PER_HOUR = 250;
const MICROS_PER_HOUR = 3_600_000_000;

/** What a leg came to; an arrival that ends no leg of known length has none of these. */
const LEG = 1, TOO_FAST = 2, BACKWARDS = 4;

/** In the order of the report. */
export const LEG_RULES: readonly Rule[] = [
  {
    id: "C15",
    dimension: "validity",
    severity: "W",
    grain: "leg",
    title: "no train exceeds 250 km/h between two stations",
    why: "no track allows it: a time, or a coordinate, is wrong; straight lines of more than 2 km count",
    source: "trains run 220 km/h at most, and no track is shorter than the great circle",
    count: {
      from: "rows",
      anomaly: "leg_too_fast",
      revision: 1,
      needs: ["coordinates"],
      units: marked(LEG),
      breaks: marked(TOO_FAST),
    },
  },
  {
    id: "C16",
    dimension: "validity",
    severity: "W",
    grain: "leg",
    title: "a way of more than 2 km takes time",
    why: "an arrival that is no later than the departure before it makes a running time of nothing, or less",
    source: "of a recorded morning 1 of 7,303 legs, a cargo train",
    count: {
      from: "rows",
      anomaly: "leg_without_time",
      revision: 1,
      needs: ["coordinates"],
      units: marked(LEG),
      breaks: marked(BACKWARDS),
    },
  },
];

function marked(mark: number): (rows: TrainRows, lists: MetadataLists) => Uint8Array {
  return (rows, lists) => {
    const legs = rows.once("legs", () => legsOf(rows, lists)), found = new Uint8Array(rows.rows);
    for (let row = 0; row < found.length; row++) if (((legs[row] ?? 0) & mark) !== 0) found[row] = 1;
    return found;
  };
}

/** Per arrival what its leg came to, by the plan or by what has happened; legs that were cancelled ran nowhere. */
function legsOf(rows: TrainRows, { stations }: MetadataLists): Uint8Array {
  const kilometres = distances(rows, stations), cancelled = rows.flag("cancelled");
  const isArrival = rows.isText("type", (type) => type === "ARRIVAL");
  const isDeparture = rows.isText("type", (type) => type === "DEPARTURE");
  const times = [rows.number("scheduledTime"), rows.number("actualTime")];
  const found = new Uint8Array(rows.rows);
  rows.eachTrain((from, to) => {
    for (let row = from + 1; row < to; row++) {
      if (isArrival[row] !== 1 || isDeparture[row - 1] !== 1) continue;
      if (cancelled[row] === 1 || cancelled[row - 1] === 1) continue;
      const km = kilometres(row - 1, row);
      if (!(km > LEAST_KM)) continue;
      let marks = LEG;
      for (const time of times) {
        const hours = ((time[row] ?? NaN) - (time[row - 1] ?? NaN)) / MICROS_PER_HOUR;
        if (hours <= 0) marks |= BACKWARDS;
        else if (km / hours > MOST_KM_PER_HOUR) marks |= TOO_FAST;
      }
      found[row] = marks;
    }
  });
  return found;
}

/** Great circles between the stations of two rows; NaN where one of them is not known. One look-up per station. */
function distances(
  rows: TrainRows,
  stations: ReadonlyMap<string, Station>,
): (from: number, to: number) => number {
  const { codes, words } = rows.text("stationShortCode");
  const points = words.map((word) => pointOf(stations.get(word)));
  const axis = (at: 0 | 1 | 2) => Float64Array.from(points, (point) => point[at]);
  const x = axis(0), y = axis(1), z = axis(2);
  const square = (values: Float64Array, a: number, b: number) => {
    const difference = (values[a] ?? NaN) - (values[b] ?? NaN);
    return difference * difference;
  };
  return (from, to) => {
    const a = codes[from] ?? -1, b = codes[to] ?? -1;
    const chord = Math.sqrt(square(x, a, b) + square(y, a, b) + square(z, a, b));
    return 2 * EARTH_KM * Math.asin(chord / 2);
  };
}

/** On a globe with a radius of 1. */
function pointOf(station: Station | undefined): readonly [x: number, y: number, z: number] {
  const { latitude = NaN, longitude = NaN } = station ?? {};
  const north = latitude * Math.PI / 180, east = longitude * Math.PI / 180;
  return [Math.cos(north) * Math.cos(east), Math.cos(north) * Math.sin(east), Math.sin(north)];
}
