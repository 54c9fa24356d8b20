import { assertEquals, assertGreater } from "@std/assert";
import { openWorld } from "../../lib/simulator/world/open_world.ts";
import { BATCH_MS, type World } from "../../lib/simulator/world/world.ts";
import { openWorldChanges, type WorldChange } from "../../lib/simulator/world/world_changes.ts";

const HOUR_MS = 3_600_000;
const FROM_MS = Date.parse("2026-03-10T20:00:00Z");
const WORLD: World = { seed: 1, trains: 60, rebases: [{ atMs: FROM_MS + 2 * HOUR_MS, lowerBy: 7_000_000 }] };

function name({ train }: WorldChange): string {
  return `${train.departureDate}/${train.trainNumber}/${train.version}`;
}

Deno.test({
  name: "the changes of some hours are those of their parts, and what the API tells after each batch",
  permissions: "none",
  fn: () => {
    const between = openWorldChanges(WORLD);
    const whole = between(FROM_MS, FROM_MS + 4 * HOUR_MS).toArray();
    const parts = Array.from(
      { length: 16 },
      (_, part) => between(FROM_MS + part * HOUR_MS / 4, FROM_MS + (part + 1) * HOUR_MS / 4).toArray(),
    ).flat();
    assertEquals(parts, whole);
    assertGreater(whole.length, 100);
    const living = openWorld(WORLD);
    for (const { atMs, train } of whole.filter((_, index) => index % 7 === 0)) {
      const now = [...living.trainsOf(train.departureDate, atMs, train.trainNumber)];
      assertEquals(now, [train]);
      const before = [...living.trainsOf(train.departureDate, atMs - BATCH_MS, train.trainNumber)];
      assertEquals(before[0]?.version === train.version, false);
    }
  },
});

Deno.test({
  name: "the last change of each train between two moments is on the page of changes between them",
  permissions: "none",
  fn: () => {
    const plain = { seed: 1, trains: 150 };
    const untilMs = FROM_MS + 30 * HOUR_MS;
    const changes = openWorldChanges(plain)(FROM_MS, untilMs).toArray();
    const last = new Map(
      changes.map((change) => [`${change.train.departureDate}/${change.train.trainNumber}`, change]),
    );
    const before = Math.max(
      ...[...openWorld(plain).changedTrains(FROM_MS, null)].map((train) => train.version),
    );
    const page = [...openWorld(plain).changedTrains(untilMs, before)].map((train) =>
      name({ train, atMs: 0, kind: "run" })
    );
    assertEquals([...last.values()].map(name).sort(), page.sort());
    const kinds = Map.groupBy(changes, ({ kind }) => kind);
    assertEquals(kinds.get("deleted")?.every(({ train }) => train.deleted === true), true);
    assertGreater(kinds.get("timetable")?.length ?? 0, 50);
    assertGreater(kinds.get("run")?.length ?? 0, 500);
  },
});
