import { assertEquals } from "@std/assert";
import { placeOfTrain } from "../../lib/live/client/train_place.ts";
import type { TrainEntry } from "../../lib/live/messages.ts";

const PLACES = { HKI: [100, 200], TPE: [300, 100] } as const;
const TRAIN: TrainEntry = {
  ...{ id: "2026-11-28/27", name: "IC 27", from: "HKI", to: "TPE", leftMs: 1_000, dueMs: 11_000 },
  ...{ delaySeconds: 0, isOnTime: true },
};

Deno.test("a train is as far along its leg as its time is, waits before the next station, and never goes back", () => {
  const at = (nowMs: number) => placeOfTrain(TRAIN, PLACES, nowMs);
  assertEquals(at(0), { x: 100, y: 200 });
  assertEquals(at(6_000), { x: 200, y: 150 });
  assertEquals(at(60_000), { x: 294, y: 103 });
});

Deno.test("a train that stands is at its station, and one between unknown stations is nowhere", () => {
  assertEquals(placeOfTrain({ ...TRAIN, to: "HKI" }, PLACES, 6_000), { x: 100, y: 200 });
  assertEquals(placeOfTrain({ ...TRAIN, dueMs: 1_000 }, PLACES, 6_000), { x: 100, y: 200 });
  assertEquals(placeOfTrain({ ...TRAIN, to: "XXX" }, PLACES, 6_000), null);
});
