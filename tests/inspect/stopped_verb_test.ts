/** Verbs that are stopped, fail or are called wrongly: what they touch, and what they say. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UsageError } from "../../lib/errors.ts";
import { runTableVerb } from "../../lib/inspect/run_verb.ts";
import type { TableFlags } from "../../lib/inspect/table_flags.ts";
import { FLAGS, numbersTable, runBytes } from "./verb_rig.ts";

Deno.test("cat opens no more files when its reader has gone, and none at all after Ctrl-C", async () => {
  const { store } = await numbersTable(50);
  const opened: string[] = [];
  const counting = new Proxy(store, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: readonly unknown[]) => {
        if (name === "read" && /^odd=.*parquet$/.test(String(args[0]))) opened.push(String(args[0]));
        return Reflect.apply(value, target, args);
      };
    },
  });
  const flags = { ...FLAGS, format: "ndjson" } as const;
  const call = { positionals: ["cat", "t"], flags, storeOf: () => counting, print: () => {} };
  const options = { clock: () => 1, ids: () => "id" };
  const controller = new AbortController();
  let pieces = 0;
  const outOf = (write: () => boolean) => ({
    write: () => Promise.resolve(write()),
    finish: () => Promise.resolve(),
    discard: () => Promise.resolve(),
  });
  await runTableVerb({ ...call, options, out: outOf(() => ++pieces < 2), signal: controller.signal });
  assert(opened.length < 10, `opened ${opened.length} of 50 files`);
  opened.length = 0;
  const stop = new Error("stopped");
  await assertRejects(
    () =>
      runTableVerb({
        ...call,
        options,
        out: outOf(() => (controller.abort(stop), true)),
        signal: controller.signal,
      }),
    Error,
    "stopped",
  );
  assert(opened.length < 10, `opened ${opened.length} of 50 files`);
  for (const format of ["parquet", "table"] as const) {
    const stopping = new AbortController();
    const stopAtFirstFile = (path: string) => {
      if (path.endsWith(".parquet") && !path.startsWith("_delta_log/")) stopping.abort(stop);
      return store.read(path);
    };
    const stopped = new Proxy(store, {
      get: (target, name) => {
        const value = name === "read" ? stopAtFirstFile : Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { signal } = stopping;
    const asked = {
      ...call,
      options,
      storeOf: () => stopped,
      flags: { ...flags, format, limit: 1000 },
      signal,
    };
    await assertRejects(
      () => runTableVerb({ ...asked, out: outOf(() => fail("nothing is written")) }),
      Error,
      "stopped",
    );
  }
  for (
    const positionals of [["show", "t"], ["history", "t"], ["files", "t"], ["diff", "t", "0", "1"], [
      "optimize",
      "t",
    ]]
  ) {
    const again = {
      ...call,
      positionals,
      flags: FLAGS,
      options,
      out: outOf(() => true),
      signal: controller.signal,
    };
    await assertRejects(() => runTableVerb(again), Error, "stopped");
  }
});

Deno.test("a file that cat was writing when it failed or was stopped is as it was", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/keep.csv`;
    await Deno.writeTextFile(out, "precious");
    const table = await numbersTable(3);
    for (
      const [positionals, flags] of [
        [["cat", "t"], { where: "nope = 1" }],
        [["cat", "t"], { columns: ["nope"] }],
        [["cat", "t"], { version: 99 }],
        [["show", "t"], {}],
        [["vakuum", "t"], {}],
      ] as const
    ) {
      await assertRejects(() => runBytes(table, positionals, { ...flags, out }), UsageError);
    }
    const [add] = table.snapshot.files.values();
    await table.store.put(decodeURIComponent(add?.path ?? ""), new Uint8Array(8));
    await assertRejects(() => runBytes(table, ["cat", "t"], { out, format: "csv" }), Error);
    assertEquals(await Deno.readTextFile(out), "precious");
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["keep.csv"]);
    await runBytes(table, ["cat", "t"], { out, format: "csv", where: "odd = true" });
    assertEquals(await Deno.readTextFile(out), "n,odd\r\n1,true\r\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wrong values of flags are wrong uses, with the name that was meant", async () => {
  const table = await numbersTable(2);
  const faultsOf = async (verb: string, flags: Partial<TableFlags>, ...more: readonly string[]) =>
    (await assertRejects(() => runBytes(table, [verb, "t", ...more], flags), UsageError)).faults;
  assertEquals(await faultsOf("cat", { columns: ["n", "od"], where: "ODT = true" }), [
    'Cannot use "--columns": found no column "od", did you mean "odd"?',
    'Cannot use "--where": Cannot read the predicate "ODT = true": found ODT at character 1, did you mean "odd"?',
  ]);
  assertEquals(await faultsOf("cat", { columns: ["n", "n"] }), [
    'Cannot use "--columns": found the column "n" twice, expected it once',
  ]);
  assertEquals(await faultsOf("files", { where: "n = 'x'" }), [
    `Cannot use "--where": Cannot read the predicate "n = 'x'": found 'x' at character 5, expected long`,
  ]);
  assertEquals(await faultsOf("optimize", { sortBy: ["N"], partitions: "n = 1" }), [
    'Cannot use "--sort-by": found no column "N", did you mean "n"?',
    'Cannot use "--partitions": found the column "n", expected odd',
  ]);
  for (
    const [verb, flags, ...more] of [
      ["show", { version: 9 }],
      ["cat", { timestamp: 0 }],
      ["diff", {}, "0", "9"],
      ["restore", { to: { version: 9 } }],
      ["vacuum", { retentionHours: 0 }],
    ] as const
  ) {
    assertEquals((await faultsOf(verb, flags, ...more)).length, 1, verb);
  }
});

function fail(message: string): never {
  throw new Error(message);
}
