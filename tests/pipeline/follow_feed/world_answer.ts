/** What the API of a living world answers, as text. */
import type { LivingWorld } from "../../../lib/simulator/world/open_world.ts";

/** The answer to a path and query below the base address. */
export function worldAnswer(world: LivingWorld, path: string, atMs: number): string {
  const { pathname, searchParams } = new URL(path, "http://world");
  const since = Number(searchParams.get("version") ?? 0);
  const date = pathname.slice("/trains/".length);
  const trains = pathname === "/live-trains"
    ? world.liveTrains(atMs, since)
    : pathname === "/trains"
    ? world.changedTrains(atMs, since)
    : world.trainsOf(date, atMs);
  return JSON.stringify([...trains]);
}
