/** The re-bases of a weather: moments from which the API counts its versions anew. */
import { seededRandom } from "../seeded_random.ts";
import { versionOf } from "../world/version.ts";
import type { Rebase, World } from "../world/world.ts";
import { type Weather, weatherSpells } from "./weather.ts";

const HOUR_MS = 3_600_000;
/** Above what the oldest trains in sight are behind the newest version. */
const LOW_VERSION = 3_000_000_000;

/** The world in a weather: what is served of both, and the truth about it. */
export function worldInWeather(world: World, weather: Weather): World {
  const { rebases = [] } = world;
  return { ...world, rebases: [...rebases, ...rebasesOf(weather, rebases)] };
}

/** In turn, all versions fall by some hours' worth, or restart low; beside those that a world has of its own. */
function rebasesOf(weather: Weather, own: readonly Rebase[]): readonly Rebase[] {
  const rebases: Rebase[] = [];
  for (const { kind, fromMs } of weatherSpells(weather)) {
    if (kind !== "rebase") continue;
    const random = seededRandom(weather.seed, rebases.length, 43);
    const fallBy = Math.round((1 + random() * 47) * HOUR_MS);
    const newest = versionOf({ seed: 0, trains: 0, rebases: [...own, ...rebases] }, {
      changedMs: fromMs,
      chunk: 0,
    }, fromMs);
    const lowerBy = rebases.length % 2 === 0 ? fallBy : Math.max(fallBy, newest - LOW_VERSION);
    rebases.push({ atMs: fromMs, lowerBy });
  }
  return rebases;
}
