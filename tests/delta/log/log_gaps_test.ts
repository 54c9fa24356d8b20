/** Reading a log of which some is merged, gone, or cannot be had at that moment. */
import { assertEquals, assertRejects } from "@std/assert";
import type { Actions, Add, Remove } from "../../../lib/delta/actions/actions.ts";
import { serializeCommit } from "../../../lib/delta/actions/commit_codec.ts";
import { CorruptLogError, TableNotFoundError } from "../../../lib/delta/errors.ts";
import {
  checkpointPath,
  commitPath,
  LAST_CHECKPOINT_PATH,
  versionPrefix,
} from "../../../lib/delta/actions/log_path.ts";
import { encodeCheckpoint } from "../../../lib/delta/log/checkpoint_codec.ts";
import { readCommit, readCommitsAfter, readSnapshot } from "../../../lib/delta/log/reader.ts";
import { MemoryStore, type Store } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, seededRandom, someActions, writeLog } from "../test_context.ts";
import { randomLog } from "./random_log.ts";
import "../../load_packages.ts";

const NONE = { permissions: "none" } as const;

const history = [
  firstActions({ id: "long" }),
  someActions({ adds: [fakeAdd("a"), fakeAdd("b")] }),
  someActions({ adds: [fakeAdd("c")], removes: [{ path: "a", deletionTimestamp: 5, dataChange: true }] }),
  someActions({ txns: [{ appId: "app", version: 7n }] }),
  someActions({ adds: [fakeAdd("d")] }),
];

async function logStore(): Promise<MemoryStore> {
  const store = new MemoryStore();
  await writeLog(store, history);
  return store;
}

async function writeCheckpoint(store: Store, version: number): Promise<void> {
  await store.put(
    checkpointPath(version),
    (await encodeCheckpoint(await readSnapshot(store, { version }), 0)).bytes,
  );
}

Deno.test({
  name: "whatever runs of commits are merged into compacted logs, the table is the same",
  ...NONE,
  fn: async () => {
    let merged = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const log = randomLog(seed, 10);
      const store = new MemoryStore();
      await writeLog(store, log);
      const whole = await readSnapshot(store);
      if (random() < 0.5) {
        await store.put(
          checkpointPath(4),
          (await encodeCheckpoint(await readSnapshot(store, { version: 4 }), 0)).bytes,
        );
      }
      for (let since = 0; since < 10; since++) {
        const version = since + Math.floor(random() * 4);
        if (version === since || version > 9 || random() < 0.4) continue;
        merged++;
        const path = `${versionPrefix(since)}.${String(version).padStart(20, "0")}.compacted.json`;
        await store.put(path, serializeCommit(mergeCommits(log.slice(since, version + 1))));
        if (random() < 0.3) continue;
        for (let gone = since; gone <= version; gone++) await store.remove(commitPath(gone));
        if (random() < 0.7) since = version;
      }
      const { timestamp: _, ...read } = await readSnapshot(store);
      const { timestamp: __, ...expected } = whole;
      assertEquals(read, expected, `seed ${seed}`);
    }
    assertEquals(merged > 20, true);
  },
});

Deno.test({
  name:
    "a compacted log from the first version on is as good as all its commits, also where a checkpoint is broken",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const path = `${versionPrefix(0)}.${String(2).padStart(20, "0")}.compacted.json`;
    await store.put(path, serializeCommit(mergeCommits(history.slice(0, 3))));
    for (const version of [0, 1, 2]) await store.remove(commitPath(version));
    assertEquals([...(await readSnapshot(store)).files.keys()], ["b", "c", "d"]);
    await store.put(`${versionPrefix(3)}.checkpoint.parquet`, new TextEncoder().encode("PAR1 no more"));
    assertEquals([...(await readSnapshot(store)).files.keys()], ["b", "c", "d"]);
  },
});

Deno.test({
  name: "a version of no table is no table, a version that is gone is another error",
  ...NONE,
  fn: async () => {
    for (const version of [0, 3]) {
      await assertRejects(() => readSnapshot(new MemoryStore(), { version }), TableNotFoundError);
    }
    const store = await logStore();
    for (const version of [0, 1, 2]) await store.remove(commitPath(version));
    await assertRejects(() => readSnapshot(store, { version: 1 }), RangeError, "none so old");
  },
});

Deno.test({
  name: "a commit that goes between the listing and the reading is named as vanished",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const { list } = store;
    store.list = async (...given) => {
      const entries = await list.apply(store, given);
      await store.remove(commitPath(2));
      return entries;
    };
    await assertRejects(() => readSnapshot(store), CorruptLogError, `"${commitPath(2)}": it vanished`);
  },
});

Deno.test({
  name: "a store that fails is an error of its own, whatever else is there to read from",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const { read } = store;
    for (const path of [commitPath(0), commitPath(4), LAST_CHECKPOINT_PATH]) {
      const fail = () => Promise.reject(new RangeError("no answer"));
      store.read = (asked, range) => asked === path ? fail() : read.call(store, asked, range);
      await assertRejects(() => readSnapshot(store), RangeError, "no answer");
    }
  },
});

Deno.test({
  name:
    "a version with its own checkpoint is read from that alone, as the hint names it or as the listing does",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    await writeCheckpoint(store, 3);
    await store.put(LAST_CHECKPOINT_PATH, new TextEncoder().encode('{"version":3}'));
    const asked: string[] = [];
    const { read, list } = store;
    store.read = (path, range) => (asked.push(path), read.call(store, path, range));
    store.list = (
      prefix,
      options,
    ) => (asked.push(`after ${options?.startAfter}`), list.call(store, prefix, options));
    assertEquals((await readSnapshot(store, { version: 3 })).version, 3);
    const checkpoint = `${versionPrefix(3)}.checkpoint.parquet`;
    // The commit is looked at for its time.
    assertEquals(asked, [LAST_CHECKPOINT_PATH, `after ${versionPrefix(3)}`, checkpoint, commitPath(3)]);
  },
});

Deno.test({
  name:
    "the time of a version that is a checkpoint is its commit's, or else when its newest file was written",
  ...NONE,
  fn: async () => {
    const store = new MemoryStore({ clock: () => 5000.7 });
    await writeLog(store, [...history.slice(0, 3), someActions({ commitInfo: { timestamp: 3000 } })]);
    await writeCheckpoint(store, 3);
    const timeOf = async () => (await readSnapshot(store)).timestamp;
    assertEquals(await timeOf(), 3000);
    await store.remove(commitPath(3));
    assertEquals(await timeOf(), 5000);
  },
});

Deno.test({
  name:
    "commits after a version come in order, up to the first that is not there; a fault is thrown unless it is asked for",
  ...NONE,
  fn: async () => {
    const store = await logStore();
    const versionsAfter = async (version: number) =>
      (await readCommitsAfter(store, version)).map((commit) => commit.version);
    assertEquals(await Promise.all([-1, 2, 4, 9].map(versionsAfter)), [[0, 1, 2, 3, 4], [3, 4], [], []]);
    await store.put(commitPath(6), new Uint8Array());
    assertEquals(await versionsAfter(3), [4]);
    assertEquals(await readCommit(store, 5), undefined);
    await store.put(commitPath(5), new TextEncoder().encode('{"txn":{"appId":"a","version":0.5}}'));
    await assertRejects(() => readCommit(store, 5), CorruptLogError, "txn.version");
    await assertRejects(() => readCommitsAfter(store, 3), CorruptLogError, "txn.version");
    const commits = await readCommitsAfter(store, 3, { withFaults: true });
    assertEquals(commits.map(({ actions }) => actions.faults?.length ?? 0), [0, 1, 0]);
  },
});

/** Several commits as one, as the protocol says: of each file, application and rule the newest word. */
function mergeCommits(commits: readonly Actions[]): Actions {
  const { protocol, metadata } = Object.assign(
    {},
    ...commits.map(({ protocol, metadata }) => ({
      ...(protocol && { protocol }),
      ...(metadata && { metadata }),
    })),
  );
  const files = new Map<string, { readonly add: Add } | { readonly remove: Remove }>();
  for (const { removes, adds } of commits) {
    for (const remove of removes) files.set(remove.path, { remove });
    for (const add of adds) files.set(add.path, { add });
  }
  const txns = new Map(commits.flatMap((each) => each.txns.map((txn) => [txn.appId, txn] as const)));
  const newest = [...files.values()];
  return {
    ...(protocol && { protocol }),
    ...(metadata && { metadata }),
    txns: [...txns.values()],
    removes: newest.flatMap((each) => "remove" in each ? [each.remove] : []),
    adds: newest.flatMap((each) => "add" in each ? [each.add] : []),
  };
}
