/** The weather between the API and whoever asks it: what goes wrong when, out of a seed. */
import { type Random, seededRandom } from "../seeded_random.ts";

const HOUR_MS = 3_600_000;
/** A third of the slots of a round have a spell. */
const SLOTS_PER_KIND = 3;

/** What may go wrong, each once in every round. */
export const WEATHER_KINDS = [
  /** Connections end without an answer. */
  "refused",
  /** 503 for everything. */
  "down",
  /** Most answers are 429. */
  "throttled",
  /** Most answers are 429 and say when to ask again. */
  "throttled-retry-after",
  /** Half of the answers break off. */
  "cut",
  /** Half of the answers are those of some minutes ago. */
  "stale",
  /** Half of the answers are an HTML page with status 200. */
  "html",
  /** Half of the answers are an error object with status 200. */
  "error-object",
  /** Answers come drop by drop. */
  "trickle",
  /** Half of the answers are an empty array. */
  "empty",
  /** Answers carry the headers `Deprecation` and `Sunset`. */
  "deprecated",
  /** The versions of all trains are lower from its beginning on; else nothing. */
  "rebase",
] as const;

/** A kind of weather. */
export type WeatherKind = (typeof WEATHER_KINDS)[number];

/** What determines all weather. */
export interface Weather {
  readonly seed: number;
  /** When the first round begins, milliseconds since 1970 UTC. */
  readonly fromMs: number;
  /** From here on it is calm. Default 400 days later. */
  readonly untilMs?: number;
  /** In this time there is a spell of every kind. Default three days, in which the API is down for an hour. */
  readonly roundMs?: number;
  /** Kinds that are left out. */
  readonly without?: readonly WeatherKind[];
}

/** One kind of weather for a while. */
export interface Spell {
  readonly kind: WeatherKind;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** All spells, in the order of time; no two at once. */
export function* weatherSpells(weather: Weather): Generator<Spell, void, undefined> {
  const { fromMs, untilMs, roundMs } = withDefaults(weather);
  for (let round = 0; fromMs + round * roundMs < untilMs; round++) yield* roundSpells(weather, round);
}

/** The spell at a moment; null when it is calm. */
export function weatherAt(weather: Weather, atMs: number): Spell | null {
  const { fromMs, roundMs } = withDefaults(weather);
  if (atMs < fromMs) return null;
  const spells = roundSpells(weather, Math.floor((atMs - fromMs) / roundMs));
  return spells.find((spell) => spell.fromMs <= atMs && atMs < spell.untilMs) ?? null;
}

function withDefaults(weather: Weather): Required<Weather> {
  return { untilMs: weather.fromMs + 400 * 24 * HOUR_MS, roundMs: 72 * HOUR_MS, without: [], ...weather };
}

function roundSpells(weather: Weather, round: number): readonly Spell[] {
  const { seed, fromMs, untilMs, roundMs, without } = withDefaults(weather);
  const random = seededRandom(seed, round, 41);
  const slotMs = roundMs / (WEATHER_KINDS.length * SLOTS_PER_KIND);
  const roundFromMs = fromMs + round * roundMs;
  return drawSlots(random, WEATHER_KINDS.length * SLOTS_PER_KIND).map((slot, index) => {
    const kind = WEATHER_KINDS[index] ?? "down";
    const lengthMs = slotMs * (kind === "refused" || kind === "down" ? 1 / 2 : 1 / 12 + random() / 4);
    const startMs = Math.ceil(roundFromMs + slot * slotMs + random() * (slotMs - lengthMs));
    return { kind, fromMs: startMs, untilMs: Math.min(untilMs, Math.floor(startMs + lengthMs)) };
  }).filter((spell) => spell.fromMs < spell.untilMs && !without.includes(spell.kind)).toSorted((a, b) =>
    a.fromMs - b.fromMs
  );
}

/** One slot for each kind, never the first of a round: whoever begins then begins in calm weather. */
function drawSlots(random: Random, slots: number): readonly number[] {
  const free = Array.from({ length: slots - 1 }, (_, index) => index + 1);
  return WEATHER_KINDS.map(() => free.splice(Math.floor(random() * free.length), 1)[0] ?? 1);
}
