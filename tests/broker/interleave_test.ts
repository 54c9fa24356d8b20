import { assertEquals, assertRejects } from "@std/assert";

import { interleave } from "../../lib/broker/interleave.ts";

Deno.test("sources take turns, and longer ones go on alone", async () => {
  const order = await Array.fromAsync(interleave([letters("abc"), letters("x"), letters("12345")]));
  assertEquals(order.toSorted(), [..."12345abcx"]);
  assertEquals(order.slice(0, 3), ["a", "x", "1"]);
  assertEquals(order.filter((letter) => "12345".includes(letter)), [..."12345"]);
});

Deno.test("no sources, and sources without values, yield nothing", async () => {
  assertEquals(await Array.fromAsync(interleave([])), []);
  assertEquals(await Array.fromAsync(interleave([letters(""), letters("")])), []);
});

Deno.test("leaving early closes every source that was begun", async () => {
  const closed: string[] = [];
  const source = async function* (name: string) {
    try {
      for (;;) yield await Promise.resolve(name);
    } finally {
      closed.push(name);
    }
  };
  let taken = 0;
  for await (const _ of interleave([source("a"), source("b"), source("c")])) {
    if (++taken === 2) break;
  }
  assertEquals(closed.toSorted(), ["a", "b"]);
});

Deno.test("the failure of one source closes the others and comes out", async () => {
  let closed = false;
  const endless = async function* () {
    try {
      for (;;) yield await Promise.resolve(1);
    } finally {
      closed = true;
    }
  };
  const failing = async function* (): AsyncGenerator<number> {
    yield await Promise.resolve(2);
    throw new RangeError("broken");
  };
  await assertRejects(() => Array.fromAsync(interleave([endless(), failing()])), RangeError, "broken");
  assertEquals(closed, true);
});

async function* letters(text: string): AsyncGenerator<string> {
  for (const letter of text) yield await Promise.resolve(letter);
}
