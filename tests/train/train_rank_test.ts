import { assert, assertEquals } from "@std/assert";
import { compareRanks, type TrainRank } from "../../lib/train/train_rank.ts";

const RANKS: readonly TrainRank[] = [0, 1, 7].flatMap((sourceEpoch) =>
  [0, 1, 293_700_000_000].map((version) => ({ sourceEpoch, version }))
);

Deno.test("a version counts within its epoch alone, and any newer epoch comes after it", () => {
  RANKS.forEach((a, i) =>
    RANKS.forEach((b, j) => {
      assertEquals(Math.sign(compareRanks(a, b)), Math.sign(i - j));
      assertEquals(compareRanks(a, b) === 0, i === j);
    })
  );
  assert(compareRanks({ sourceEpoch: 1, version: 0 }, { sourceEpoch: 0, version: 9e15 }) > 0);
});
