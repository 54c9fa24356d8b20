import { assertEquals, assertRejects } from "@std/assert";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { UnknownOutcomeError } from "../../../lib/delta/errors.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import {
  createTable,
  type DeltaTable,
  MemoryStore,
  openTable,
  type Store,
  tableSchema,
} from "../../../lib/delta/mod.ts";
import { fakeAdd, someActions, testContext } from "../test_context.ts";

const schema = tableSchema({ id: "long" });
const UNSURE = {
  atomicPutIfAbsent: true,
  consistentListing: true,
  durable: true,
  failedPutLeavesNothing: false,
};

/** What one call of putIfAbsent does to the store below, and to its caller. */
type Answer = (put: () => Promise<boolean>) => Promise<boolean>;

const lostAnswer: Answer = async (put) => {
  await put();
  throw new Error("the answer got lost");
};
const lostRequest: Answer = () => Promise.reject(new Error("the request got lost"));
const normal: Answer = (put) => put();

Deno.test("a commit whose answer got lost is found in the log and not written again", async () => {
  for (const failedPutLeavesNothing of [true, false]) {
    const { table, store } = await tableWith([lostAnswer], {
      guarantees: { ...UNSURE, failedPutLeavesNothing },
    });
    assertEquals(await append(table, "mine"), { status: "committed", version: 1 });
    assertEquals(await filesIn(store), ["mine"]);
  }
});

Deno.test("a commit whose request may have got lost is sent again at the same version", async () => {
  const { table, store, calls } = await tableWith([lostRequest, lostRequest, normal], { guarantees: UNSURE });
  assertEquals(await append(table, "mine"), { status: "committed", version: 1 });
  assertEquals([calls.length, new Set(calls).size], [3, 1]);
  assertEquals(await filesIn(store), ["mine"]);
});

Deno.test("a request that arrives late, after it was sent again, is the same commit", async () => {
  let late: (() => Promise<boolean>) | undefined;
  const { table, store } = await tableWith([
    (put) => {
      late = put;
      return lostRequest(put);
    },
    async (put) => {
      await late?.();
      return await put();
    },
  ], { guarantees: UNSURE });
  assertEquals(await append(table, "mine"), { status: "committed", version: 1 });
  assertEquals(await filesIn(store), ["mine"]);
});

Deno.test("a version that another took while the answer got lost is followed by the next", async () => {
  const rival = serializeCommit(
    someActions({ adds: [fakeAdd("rival")], commitInfo: { txnId: "rival", isBlindAppend: true } }),
  );
  const inner = new MemoryStore();
  const lost: Answer = async () => {
    await inner.put(commitPath(1), rival);
    throw new Error("the request got lost");
  };
  const { table, store } = await tableWith([lost], { guarantees: UNSURE, inner });
  assertEquals(await append(table, "mine"), { status: "committed", version: 2 });
  assertEquals(await filesIn(store), ["rival", "mine"]);
});

Deno.test("a store that leaves nothing of a failed write is believed", async () => {
  const { table, store, calls } = await tableWith([lostRequest], {
    guarantees: { ...UNSURE, failedPutLeavesNothing: true },
  });
  await assertRejects(() => append(table, "mine"), Error, "the request got lost");
  assertEquals([calls.length, await filesIn(store)], [1, []]);
});

Deno.test("an outcome that cannot be found out is an error that names the transaction", async () => {
  const { table, store, calls, waits } = await tableWith(Array.from({ length: 9 }, () => lostRequest), {
    guarantees: UNSURE,
  });
  const error = await assertRejects(() => append(table, "mine"), UnknownOutcomeError, "the request got lost");
  assertEquals(error instanceof UnknownOutcomeError ? [error.version, error.txnId, error.retriable] : [], [
    1,
    "id-2",
    false,
  ]);
  assertEquals(await filesIn(store), []);
  // As often as the table allows, with a pause between any two.
  assertEquals([calls.length, waits], [4, [1, 2, 3]]);
});

Deno.test("nothing is committed to a store in which two writers can take one version", async () => {
  const { table } = await tableWith([], { guarantees: { ...UNSURE, atomicPutIfAbsent: false } });
  await assertRejects(() => append(table, "mine"), TypeError, "expected atomicPutIfAbsent");
});

interface Setting {
  readonly guarantees: Store["guarantees"];
  readonly inner?: MemoryStore;
}

/** A table on a store that gives these answers to its next calls of putIfAbsent, and then does as it is told. */
async function tableWith(
  answers: readonly Answer[],
  { guarantees, inner = new MemoryStore() }: Setting,
): Promise<
  {
    readonly table: DeltaTable;
    readonly store: Store;
    readonly calls: string[];
    readonly waits: readonly number[];
  }
> {
  await createTable(inner, { schema }, testContext());
  const calls: string[] = [];
  const store: Store = {
    label: "unsure",
    guarantees,
    read: (path, range) => inner.read(path, range),
    list: (prefix, options) => inner.list(prefix, options),
    put: (path, bytes) => inner.put(path, bytes),
    remove: (path) => inner.remove(path),
    putIfAbsent: (path, bytes) => {
      const answer = answers[calls.length] ?? normal;
      calls.push(path);
      return answer(() => inner.putIfAbsent(path, bytes));
    },
  };
  const context = testContext();
  context.ids();
  context.ids();
  return {
    table: await openTable(store, { ...context, maxAttempts: 4 }),
    store: inner,
    calls,
    waits: context.waits,
  };
}

async function append(table: DeltaTable, path: string): Promise<unknown> {
  const adds = [fakeAdd(path)];
  return await table.commit({ readSnapshot: table.snapshot, operation: "WRITE", adds, reads: "none" });
}

async function filesIn(store: Store): Promise<readonly string[]> {
  return [...(await openTable(store, testContext())).snapshot.files.keys()];
}

Deno.test("a store that cannot even say what is there leaves the outcome unknown", async () => {
  const { table, store, calls } = await tableWith([lostRequest], { guarantees: UNSURE });
  const { read } = store;
  store.read = () => Promise.reject(new Error("no answer"));
  await assertRejects(() => append(table, "mine"), Error, "no answer");
  assertEquals(calls, []);
  store.read = (...given) =>
    calls.length === 0 ? read.apply(store, given) : Promise.reject(new Error("no answer"));
  await assertRejects(() => append(table, "mine"), UnknownOutcomeError, "the request got lost");
  assertEquals(calls.length, 1);
});
