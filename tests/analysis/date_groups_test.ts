/** Dates are worked out in groups of a bounded size. */
import { assert, assertEquals } from "@std/assert";
import { dateGroups } from "../../lib/analysis/date_groups.ts";
import type { Add } from "../../lib/delta/mod.ts";
import { seededRandom } from "../../lib/simulator/seeded_random.ts";

const add = (size: number): Add => ({
  ...{ path: `${size}`, partitionValues: {}, size, modificationTime: 0, dataChange: true },
});
/** The size stands for the rows. */
const standard = { countRows: ({ size }: Add) => Promise.resolve(size) };

async function groupsOf(rows: readonly (readonly number[])[], mostRows: number) {
  const dates = rows.map((files, at) => ({ date: `${at}`, files: files.map(add) }));
  const groups = await Array.fromAsync(dateGroups(standard, dates, mostRows));
  return groups.map((group) => [...group].map(Number));
}

Deno.test("three years of full days are worked out in groups of so many rows, not of so many dates alone", async () => {
  const days = Array.from(
    { length: 3 * 365 },
    (_, at) => ({ date: `${at}`, files: [add(20_000), add(30_000)] }),
  );
  const groups = await Array.fromAsync(dateGroups(standard, days));
  assertEquals([groups.length, groups[0]?.size], [92, 12]);
});

Deno.test("every date is in one group, in order, and only a date alone has more rows than a group may have", async () => {
  const random = seededRandom(5);
  for (let round = 0; round < 20; round++) {
    const rows = Array.from(
      { length: Math.floor(200 * random()) },
      () => Array.from({ length: Math.floor(3 * random()) }, () => Math.floor(60 * random())),
    );
    const groups = await groupsOf(rows, 100);
    assertEquals(groups.flat(), [...rows.keys()]);
    for (const group of groups) {
      const sum = group.flatMap((at) => rows[at] ?? []).reduce((all, more) => all + more, 0);
      assert(group.length <= 64 && (sum <= 100 || group.length === 1));
    }
  }
  assertEquals(await groupsOf([], 100), []);
  assertEquals((await groupsOf(Array.from({ length: 65 }, () => []), 100)).map(({ length }) => length), [
    64,
    1,
  ]);
});
