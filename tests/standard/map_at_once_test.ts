import { assertEquals, assertRejects } from "@std/assert";
import { mapAtOnce } from "../../lib/standard/map_at_once.ts";

/** Work that ends when it is told to, in whatever order. */
function openWork() {
  const open = new Map<number, PromiseWithResolvers<string>>();
  const begun: number[] = [];
  const work = (item: number) => {
    begun.push(item);
    const answer = Promise.withResolvers<string>();
    open.set(item, answer);
    return answer.promise;
  };
  return { work, begun, end: (item: number) => open.get(item)?.resolve(`${item}`), open };
}

/** Lets everything go on that can. */
async function turn(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

Deno.test("so many are under way at once and no more, and the results come in the order of the items", async () => {
  const { work, begun, end } = openWork();
  const all = mapAtOnce([5, 6, 7, 8], 2, work);
  await turn();
  assertEquals(begun, [5, 6]);
  end(6);
  await turn();
  assertEquals(begun, [5, 6, 7]);
  for (const item of [7, 5]) end(item);
  await turn();
  end(8);
  assertEquals(await all, ["5", "6", "7", "8"]);
  assertEquals(await mapAtOnce([], 2, work), []);
});

Deno.test("after a failure nothing is begun, and what is under way ends before the first failure is thrown", async () => {
  const { work, begun, end, open } = openWork();
  let isOver = false;
  const all = mapAtOnce([1, 2, 3], 2, work).finally(() => isOver = true);
  all.catch(() => {});
  await turn();
  open.get(1)?.reject(new Error("first"));
  await turn();
  assertEquals([begun, isOver], [[1, 2], false]);
  end(2);
  await assertRejects(() => all, Error, "first");
  assertEquals(begun, [1, 2]);
});
