/** The timetable of the simulated network: which trains there are and where they run. */
import { pick, type Random, seededRandom } from "./seeded_random.ts";
import { type Service, servicesOf, type TrainCategory } from "./services.ts";
import { type Station, STATIONS } from "./stations.ts";

/** How many of each hundred trains are of a category, and the numbers they have. Shares as in the recording. */
const CATEGORIES: readonly CategoryShare[] = [
  { category: "Long-distance", share: 14, firstNumber: 1 },
  { category: "Commuter", share: 48, firstNumber: 6_000 },
  { category: "Cargo", share: 20, firstNumber: 2_000 },
  { category: "Shunting", share: 12, firstNumber: 60_000 },
  { category: "Locomotive", share: 5, firstNumber: 11_000 },
  { category: "On-track machines", share: 1, firstNumber: 70_000 },
];

/** Above this, long-distance trains would run out of the numbers below 1,000. */
export const MAX_TRAINS_PER_DAY = 7_000;

/** Weight of each hour of departure. */
const PASSENGER_HOURS = [1, 0, 0, 0, 1, 4, 8, 9, 8, 6, 5, 5, 5, 6, 8, 9, 9, 8, 6, 5, 4, 3, 3, 2];
const WORKING_HOURS = [3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3];
/** A line is longer than the great circle between its stations. */
const DETOUR = 1.1;
const STEP_SECONDS = 30;
const BRAKING_SECONDS = 30;

interface CategoryShare {
  readonly category: TrainCategory;
  readonly share: number;
  readonly firstNumber: number;
}

/** One station of a planned train. Seconds count from the departure of the train. */
interface PlannedStop {
  readonly station: Station;
  readonly stopping: boolean;
  /** False where the train stands for the railway's own reasons. */
  readonly commercial: boolean;
  /** "" where nothing is planned. */
  readonly track: string;
  readonly arrivalSeconds: number;
  readonly departureSeconds: number;
}

/** A train of the timetable: the same on every date. */
export interface TrainPlan {
  readonly trainNumber: number;
  readonly service: Service;
  readonly trainType: string;
  readonly adhoc: boolean;
  /** Seconds after midnight in Helsinki. */
  readonly departureSecondOfDay: number;
  readonly stops: readonly PlannedStop[];
}

/** Plans the train of one slot of the day; every slot below {@linkcode MAX_TRAINS_PER_DAY} has its own number. */
export function planTrain(seed: number, slot: number): TrainPlan {
  const random = seededRandom(seed, slot, 1);
  const { category, trainNumber } = numberSlot(slot);
  const service = pick(random, servicesOf(category));
  return {
    trainNumber,
    service,
    trainType: pick(random, service.types),
    adhoc: category !== "Commuter" && random() < 0.2,
    departureSecondOfDay: drawDeparture(random, category),
    stops: planStops(random, service),
  };
}

function numberSlot(slot: number): { readonly category: TrainCategory; readonly trainNumber: number } {
  let place = slot % 100;
  const hundred = Math.floor(slot / 100);
  for (const { category, share, firstNumber } of CATEGORIES) {
    if (place < share) return { category, trainNumber: firstNumber + hundred * share + place };
    place -= share;
  }
  throw new RangeError(`Cannot number slot ${slot}: found shares below 100, expected exactly 100`);
}

function drawDeparture(random: Random, category: TrainCategory): number {
  const hours = category === "Commuter" || category === "Long-distance" ? PASSENGER_HOURS : WORKING_HOURS;
  let weight = random() * hours.reduce((sum, hour) => sum + hour, 0);
  let hour = 0;
  for (const [at, share] of hours.entries()) {
    hour = at;
    weight -= share;
    if (weight < 0) break;
  }
  return hour * 3600 + Math.floor(random() * 60) * 60;
}

function planStops(random: Random, service: Service): readonly PlannedStop[] {
  const stations = drawRoute(random, service).map(stationOf);
  const stops: PlannedStop[] = [];
  let clock = 0;
  for (const [index, station] of stations.entries()) {
    const before = stations[index - 1];
    const isEnd = before === undefined || index === stations.length - 1;
    const stopping = isEnd || stopsAt(random, service, station);
    if (before !== undefined) clock += runSeconds(before, station, { speedKmh: service.speedKmh, stopping });
    const dwell = stopping && !isEnd ? drawDwell(random, service) : 0;
    stops.push({
      station,
      stopping,
      commercial: stopping && (isEnd || service.stops !== null || random() < 0.6),
      track: stopping ? String(1 + Math.floor(random() * (station.passengerTraffic ? 8 : 3))) : "",
      arrivalSeconds: clock,
      departureSeconds: clock + dwell,
    });
    clock += dwell;
  }
  return stops;
}

function drawRoute(random: Random, service: Service): readonly string[] {
  let codes = service.route;
  if (service.part !== null) {
    const [fewest, most] = service.part;
    const count = Math.min(codes.length, fewest + Math.floor(random() * (most - fewest + 1)));
    const from = Math.floor(random() * (codes.length - count + 1));
    codes = codes.slice(from, from + count);
  }
  return service.bothWays && random() < 0.5 ? [...codes].reverse() : codes;
}

function stationOf(code: string): Station {
  const station = STATIONS.get(code);
  if (station === undefined) {
    throw new RangeError(`Cannot plan a route over "${code}": found no such station`);
  }
  return station;
}

function stopsAt(random: Random, service: Service, station: Station): boolean {
  if (service.stops === null) return random() < 0.15;
  return service.stops.has(station.stationShortCode);
}

/** Passenger trains stand for as long as the timetable always says; others wait for what must pass. */
function drawDwell(random: Random, service: Service): number {
  if (service.stops !== null) return service.dwellSeconds;
  return Math.ceil((service.dwellSeconds * (0.5 + random() * 1.5)) / STEP_SECONDS) * STEP_SECONDS;
}

function runSeconds(
  from: Station,
  to: Station,
  run: { readonly speedKmh: number; readonly stopping: boolean },
): number {
  const seconds = (distanceKm(from, to) * DETOUR * 3600) / run.speedKmh +
    (run.stopping ? BRAKING_SECONDS : 0);
  return Math.max(1, Math.ceil(seconds / STEP_SECONDS)) * STEP_SECONDS;
}

/** Great-circle distance (haversine). */
function distanceKm(from: Station, to: Station): number {
  const radians = Math.PI / 180;
  const latitude = Math.sin(((to.latitude - from.latitude) * radians) / 2) ** 2;
  const longitude = Math.sin(((to.longitude - from.longitude) * radians) / 2) ** 2;
  const both = Math.cos(from.latitude * radians) * Math.cos(to.latitude * radians) * longitude;
  return 12742 * Math.asin(Math.sqrt(latitude + both));
}
