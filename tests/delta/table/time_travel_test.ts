import { assertEquals, assertRejects } from "@std/assert";
import { CorruptLogError } from "../../../lib/delta/errors.ts";
import { MemoryStore, openTableAt, versionAt } from "../../../lib/delta/mod.ts";
import { fakeAdd, firstActions, someActions, testContext, writeLog } from "../test_context.ts";

const NONE = { permissions: "none" } as const;
const ENABLED = { "delta.enableInCommitTimestamps": "true" };

Deno.test({
  name: "a table opens as it was at a version or at a time",
  ...NONE,
  fn: async () => {
    const store = await storeAt([1000, 2000, 3000]);
    const filesAt = async (
      moment: Parameters<typeof openTableAt>[1],
    ) => [...(await openTableAt(store, moment, testContext())).snapshot.files.keys()];
    assertEquals(await filesAt({ version: 1 }), ["1"]);
    assertEquals(await filesAt({ timestampMs: 2000 }), ["1"]);
    assertEquals(await filesAt({ timestampMs: 2999 }), ["1"]);
    assertEquals(await filesAt({ timestampMs: 1e15 }), ["1", "2"]);
    await assertRejects(() => filesAt({ version: 3 }), RangeError, "found version 2 as the newest");
    await assertRejects(
      () => filesAt({ timestampMs: 999 }),
      RangeError,
      "found 1970-01-01T00:00:01.000Z as its oldest",
    );
  },
});

Deno.test({
  name: "a table at an older version moves to the newest with update",
  ...NONE,
  fn: async () => {
    const table = await openTableAt(await storeAt([1, 2, 3]), { version: 0 }, testContext());
    assertEquals([table.snapshot.version, (await table.update()).version], [0, 2]);
  },
});

Deno.test({
  name: "a clock that was set back does not put versions out of order",
  ...NONE,
  fn: async () => {
    const store = await storeAt([1000, 5000, 2000, 3000, 9000]);
    assertEquals(
      await Promise.all([1000, 2000, 5000, 5001, 5002, 9000].map((time) => versionAt(store, time))),
      [
        0,
        0,
        1,
        2,
        3,
        4,
      ],
    );
  },
});

Deno.test({
  name: "the times in the commits count where the table keeps them there",
  ...NONE,
  fn: async () => {
    const store = await storeAt([1, 1, 1, 1], ENABLED, [100, 200, 300, 400]);
    assertEquals(await Promise.all([100, 250, 400, 1e9].map((time) => versionAt(store, time))), [0, 1, 3, 3]);
    await assertRejects(() => versionAt(store, 99), RangeError);
    const broken = await storeAt([1, 1], ENABLED, [100]);
    await assertRejects(() => versionAt(broken, 300), CorruptLogError, "inCommitTimestamp");
  },
});

Deno.test({
  name: "before a table kept its times in the commits, those of the files count",
  ...NONE,
  fn: async () => {
    const configuration = {
      ...ENABLED,
      "delta.inCommitTimestampEnablementVersion": "2",
      "delta.inCommitTimestampEnablementTimestamp": "5000",
    };
    const store = await storeAt([1000, 2000, 1, 1], configuration, [undefined, undefined, 5000, 6000]);
    const times = [1000, 2000, 4999, 5000, 5999, 6000];
    assertEquals(await Promise.all(times.map((time) => versionAt(store, time))), [0, 1, 1, 2, 2, 3]);
  },
});

/** A log whose files were written at these times; each version adds a file of its number. */
async function storeAt(
  times: readonly number[],
  configuration: Readonly<Record<string, string>> = {},
  inCommit: readonly (number | undefined)[] = [],
): Promise<MemoryStore> {
  let writes = 0;
  const store = new MemoryStore({ clock: () => times[writes++] ?? 0 });
  const versions = times.map((_, version) => {
    const time = inCommit[version];
    const commitInfo = time === undefined ? {} : { inCommitTimestamp: time };
    return version === 0
      ? { ...firstActions({ id: "long" }, [], configuration), commitInfo }
      : someActions({ adds: [fakeAdd(String(version))], commitInfo });
  });
  await writeLog(store, versions);
  return store;
}
