/** One suite for every store: a step for each promise of lib/delta/store/store.ts, the same for all. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { Buffer } from "node:buffer";
import { NotFoundError } from "../../lib/delta/errors.ts";
import type { Store } from "../../lib/delta/store/store.ts";

/** One promise and how to check it on a store that holds nothing below `folder`. */
interface StorePromise {
  readonly name: string;
  readonly check: (store: Store, folder: string) => Promise<void>;
}

const PROMISES: readonly StorePromise[] = [
  { name: "read gives the bytes that put wrote", check: readsWhatWasPut },
  {
    name: "reading a missing file rejects with NotFoundError, which says which and where",
    check: missingFileIsNotFound,
  },
  {
    name: "a range gives its bytes, and of what lies beyond the end those that are there",
    check: readsRanges,
  },
  { name: "a range that is negative or no whole number is refused", check: refusesBadRanges },
  { name: "a range of a missing file rejects with NotFoundError", check: missingRangeIsNotFound },
  { name: "put replaces a file", check: putReplaces },
  {
    name: "putWritten, where there is one, puts what was written to the place it gives",
    check: putsWhatWasWritten,
  },
  { name: "putIfAbsent takes a path once and leaves the first bytes", check: putIfAbsentTakesOnce },
  { name: "of many concurrent callers of putIfAbsent exactly one wins", check: oneCallerWins },
  { name: "bytes changed by the caller afterwards do not change the file", check: bytesAreCopied },
  { name: "list gives paths in order, at any depth, with size and time", check: listsInOrder },
  { name: "list goes on after a path, whether it exists or not", check: listsAfter },
  { name: "a prefix may end inside a name", check: listsByPartOfName },
  { name: "listing where nothing is gives nothing", check: listsNothing },
  { name: "a removed file is gone, and removing it again is no error", check: removesTwice },
  { name: "names with spaces, percent signs and other scripts stay as they are", check: keepsNames },
  { name: "a path that leaves the root is refused by every method", check: refusesEscapes },
];

const ESCAPES = ["../x", "a/../../x", "/etc/passwd", "", "a//b", "./a", "a/.", "a\\..\\b", "C:/x", "a\0b"];

/** Runs every promise as its own step, each in its own folder. */
export async function storeContract(t: Deno.TestContext, store: Store): Promise<void> {
  for (const [index, { name, check }] of PROMISES.entries()) {
    await t.step(name, () => check(store, `contract-${index}`));
  }
}

async function readsWhatWasPut(store: Store, folder: string): Promise<void> {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
  await store.put(`${folder}/deep/er/file`, bytes);
  assertEquals(await store.read(`${folder}/deep/er/file`), bytes);
  await store.put(`${folder}/empty`, new Uint8Array());
  assertEquals(await store.read(`${folder}/empty`), new Uint8Array());
}

async function putsWhatWasWritten(store: Store, folder: string): Promise<void> {
  if (store.putWritten === undefined) return;
  const path = `${folder}/deep/file`;
  const write = (text: string) => (place: string) => Deno.writeTextFileSync(place, text);
  assertEquals(await store.putWritten(path, write("longer")), 6);
  assertEquals(await store.putWritten(path, write("new")), 3);
  assertEquals(await store.read(path), textOf("new"));
  const fail = () => {
    throw new TypeError("no");
  };
  await assertRejects(() => store.putWritten?.(path, fail) ?? Promise.resolve(), TypeError, "no");
  assertEquals((await store.list(folder, { forRemoval: true })).map((entry) => entry.path), [path]);
  assertEquals(await store.read(path), textOf("new"));
}

async function missingFileIsNotFound(store: Store, folder: string): Promise<void> {
  await store.put(`${folder}/file`, textOf("x"));
  for (const path of [`${folder}/missing`, `${folder}/no/folder`, `${folder}/file/below`]) {
    const error = await assertRejects(() => store.read(path), NotFoundError, `"${path}"`);
    assertEquals([error.path, error.label, error.retriable], [path, store.label, false]);
  }
}

async function readsRanges(store: Store, folder: string): Promise<void> {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
  await store.put(`${folder}/file`, bytes);
  const ends = [0, 1, 8, 100_000, 199_992, 199_999, 200_000, 200_001, Number.MAX_SAFE_INTEGER];
  for (const offset of ends) {
    for (const length of ends) {
      const read = await store.read(`${folder}/file`, { offset, length });
      assertEquals(read, bytes.slice(offset, offset + length), `${length} bytes from ${offset}`);
      // They belong to the caller.
      read.fill(255);
    }
  }
  assertEquals(await store.read(`${folder}/file`), bytes);
}

async function refusesBadRanges(store: Store, folder: string): Promise<void> {
  await store.put(`${folder}/file`, textOf("0123456789"));
  for (const bad of [-1, -8, 0.5, NaN, Infinity, 2 ** 53]) {
    await assertRejects(() => store.read(`${folder}/file`, { offset: bad, length: 1 }), TypeError);
    await assertRejects(() => store.read(`${folder}/file`, { offset: 0, length: bad }), TypeError);
  }
}

async function missingRangeIsNotFound(store: Store, folder: string): Promise<void> {
  const range = { offset: 0, length: 1 };
  await assertRejects(() => store.read(`${folder}/missing`, range), NotFoundError);
}

async function putReplaces(store: Store, folder: string): Promise<void> {
  await store.put(`${folder}/file`, textOf("a longer first text"));
  await store.put(`${folder}/file`, textOf("second"));
  assertEquals(await store.read(`${folder}/file`), textOf("second"));
}

async function putIfAbsentTakesOnce(store: Store, folder: string): Promise<void> {
  assertEquals(await store.putIfAbsent(`${folder}/file`, textOf("first")), true);
  assertEquals(await store.putIfAbsent(`${folder}/file`, textOf("second")), false);
  assertEquals(await store.read(`${folder}/file`), textOf("first"));
  assertEquals(await pathsOf(store, `${folder}/`), [`${folder}/file`]);
}

async function oneCallerWins(store: Store, folder: string): Promise<void> {
  const callers = Array.from({ length: 20 }, (_, caller) => textOf(`caller ${caller}`));
  const wins = await Promise.all(callers.map((bytes) => store.putIfAbsent(`${folder}/file`, bytes)));
  assertEquals(wins.filter((win) => win).length, 1);
  assertEquals(await store.read(`${folder}/file`), callers[wins.indexOf(true)]);
  assertEquals(await pathsOf(store, `${folder}/`), [`${folder}/file`]);
}

async function bytesAreCopied(store: Store, folder: string): Promise<void> {
  // A Buffer is the harder case: its chunk is a view.
  const bytes = Buffer.from("as written");
  await store.put(`${folder}/put`, bytes);
  await store.putIfAbsent(`${folder}/absent`, bytes);
  bytes.fill(0);
  (await store.read(`${folder}/put`)).fill(0);
  assertEquals(await store.read(`${folder}/put`), textOf("as written"));
  assertEquals(await store.read(`${folder}/absent`), textOf("as written"));
}

async function listsInOrder(store: Store, folder: string): Promise<void> {
  const paths = ["b", "a/z", "a/b/c", "a.json", "a-1", "Z", "10", "9"].map((name) => `${folder}/${name}`);
  for (const path of paths) await store.put(path, textOf(path));
  const entries = await store.list(`${folder}/`);
  assertEquals(entries.map(({ path }) => path), paths.toSorted());
  assertEquals(entries.map(({ sizeBytes }) => sizeBytes), paths.toSorted().map((path) => path.length));
  assert(entries.every(({ modifiedMs }) => modifiedMs > 0));
}

async function listsAfter(store: Store, folder: string): Promise<void> {
  for (const name of ["1", "2", "3"]) await store.put(`${folder}/${name}`, textOf(name));
  assertEquals(await pathsOf(store, `${folder}/`, `${folder}/2`), [`${folder}/3`]);
  assertEquals(await pathsOf(store, `${folder}/`, `${folder}/15`), [`${folder}/2`, `${folder}/3`]);
  assertEquals(await pathsOf(store, `${folder}/`, `${folder}/9`), []);
}

async function listsByPartOfName(store: Store, folder: string): Promise<void> {
  for (const name of ["part-1", "part-2", "other", "pa/rt", "part-3/deep"]) {
    await store.put(`${folder}/${name}`, textOf(name));
  }
  const expected = ["part-1", "part-2", "part-3/deep"].map((name) => `${folder}/${name}`);
  assertEquals(await pathsOf(store, `${folder}/part`), expected);
}

async function listsNothing(store: Store, folder: string): Promise<void> {
  assertEquals(await pathsOf(store, `${folder}/nowhere/`), []);
  await store.put(`${folder}/file`, textOf("x"));
  assertEquals(await pathsOf(store, `${folder}/file/below/`), []);
}

async function removesTwice(store: Store, folder: string): Promise<void> {
  await store.put(`${folder}/file`, textOf("x"));
  await store.remove(`${folder}/file`);
  await store.remove(`${folder}/file`);
  await assertRejects(() => store.read(`${folder}/file`), NotFoundError);
  assertEquals(await pathsOf(store, `${folder}/`), []);
}

async function keepsNames(store: Store, folder: string): Promise<void> {
  const paths = ["a b", "50%25", "ä=ö", "data=😈/x", "#?&+"].map((name) => `${folder}/${name}`);
  for (const path of paths) await store.put(path, textOf(path));
  assertEquals(await pathsOf(store, `${folder}/`), paths.toSorted());
  for (const path of paths) assertEquals(await store.read(path), textOf(path));
}

async function refusesEscapes(store: Store): Promise<void> {
  for (const path of ESCAPES) {
    await assertRejects(() => store.read(path), TypeError);
    await assertRejects(() => store.put(path, textOf("x")), TypeError);
    await assertRejects(() => store.putIfAbsent(path, textOf("x")), TypeError);
    await assertRejects(() => store.remove(path), TypeError);
  }
  await assertRejects(() => store.list("../"), TypeError);
}

async function pathsOf(store: Store, prefix: string, startAfter?: string): Promise<readonly string[]> {
  const entries = await store.list(prefix, startAfter === undefined ? {} : { startAfter });
  return entries.map(({ path }) => path);
}

function textOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
