/** What was published of each train, beside a plain list of all that ever was. */
import { assertEquals } from "@std/assert";
import {
  addPublished,
  compareToPublished,
  prunePublished,
  type PublishedVersions,
} from "../../lib/digitraffic/published_versions.ts";
import { type Random, seededRandom } from "../../lib/simulator/seeded_random.ts";
import type { TrainIdentity } from "../../lib/train/train_identity.ts";

function randomTrain(random: Random): TrainIdentity | null {
  if (random() < 0.1) return null;
  const version = random() < 0.1 ? null : Math.floor(random() * 6);
  const departureDate = `2025-02-1${Math.floor(random() * 2)}`;
  return { departureDate, trainNumber: 1 + Math.floor(random() * 3), version };
}

Deno.test("a train is known by the newest of all its versions that were published, in whatever order they were", () => {
  const random = seededRandom(81);
  for (let round = 0; round < 100; round++) {
    let published: PublishedVersions = new Map();
    const all: TrainIdentity[] = [];
    for (let step = 0; step < 4; step++) {
      const trains = Array.from({ length: Math.floor(random() * 5) }, () => randomTrain(random));
      published = addPublished(published, trains);
      all.push(...trains.filter((train) => train !== null));
      const train = randomTrain(random);
      const versions = all.flatMap(({ departureDate, trainNumber, version }) =>
        departureDate === train?.departureDate && trainNumber === train.trainNumber ? version ?? [] : []
      );
      const newest = Math.max(...versions);
      const expected = train === null || train.version === null || train.version > newest
        ? "new"
        : train.version === newest
        ? "unchanged"
        : "older";
      assertEquals(compareToPublished(published, train), expected);
    }
  }
});

Deno.test("dates are forgotten that are more than a week away and that the answer does not name", () => {
  const days = ["02-09", "02-10", "02-17", "02-24", "02-25", "03-01"].map((day) => `2025-${day}`);
  const published = new Map(days.map((day) => [day, new Map([[1, 1]])]));
  const options = { nowMs: Date.UTC(2025, 1, 17, 12), answered: new Set(["2025-03-01"]) };
  assertEquals([...prunePublished(published, options).keys()], [
    "2025-02-10",
    "2025-02-17",
    "2025-02-24",
    "2025-03-01",
  ]);
});
