/** The live page looks at tables that come, go, break, and are made anew while it is open. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { LocalStore, openTable, type Store } from "../../../lib/delta/mod.ts";
import { commitPath } from "../../../lib/delta/actions/log_path.ts";
import { checkpointTable } from "../../../lib/delta/maintain/checkpoint_table.ts";
import { optimizeTable } from "../../../lib/delta/maintain/optimize_table.ts";
import { LiveLook } from "../../../lib/pipeline/live/look_live.ts";
import { TABLE_PATHS } from "../../../lib/tables/table_paths.ts";
import { FIRST_ROUND_MS, makeLog, makeRound } from "../made_up_log.ts";
import { brokerWith, runProcess, type StoreOf } from "../process_rig.ts";

const NOW_MS = FIRST_ROUND_MS + 1_800_000;

/** A folder on disk, a page that looks at it, and a count of the data files that it has read. */
class Scene implements AsyncDisposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "ratalake-live-" });
  readonly reads: string[] = [];
  #nowMs = NOW_MS;
  readonly #look = new LiveLook({
    source: {
      storeOf: (path) => countReads(this.storeOf(path), this.reads),
      context: { clock: () => NOW_MS, ids: () => "x" },
    },
    clock: () => this.#nowMs += 500,
    heartbeats: () => Promise.resolve([]),
  });

  storeOf: StoreOf = (path) => new LocalStore(`${this.folder}/${path}`);

  look() {
    return this.#look.look();
  }

  /** Deletes all tables. */
  async clear(): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
    await Deno.mkdir(this.folder);
  }

  /** Messages that are processed in one run. */
  async process(messages: Parameters<typeof brokerWith>[0]): Promise<void> {
    await using broker = await brokerWith(messages);
    await runProcess({ broker, storeOf: this.storeOf, maxBatchBytes: 1e9 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

function countReads(store: Store, reads: string[]): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === "read") {
        return (...args: Parameters<Store["read"]>) => {
          if (args[0].endsWith(".parquet")) reads.push(args[0]);
          return target.read(...args);
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const trains = (count: number, atMs = FIRST_ROUND_MS) => makeRound(count, 1, atMs);

Deno.test("a folder without tables is shown as empty, and the tables when they come", async () => {
  await using scene = new Scene();
  const before = await scene.look();
  assertEquals([before.fault, before.standardVersion, before.rejected], [null, null, 0]);
  await scene.process(trains(30));
  const after = await scene.look();
  assertEquals(after.fault, null);
  assert(after.trains.length > 0 && after.newestMessageMs !== null);
});

Deno.test("tables that are deleted are gone from the page, and others in their place are shown", async () => {
  await using scene = new Scene();
  await scene.process(makeLog({ trains: 60, bad: ["no train"] }));
  const first = await scene.look();
  assert(first.trains.length > 0);
  assertEquals(first.rejected > 0, true);
  await scene.clear();
  const gone = await scene.look();
  assertEquals([gone.fault, gone.trains.length, gone.standardVersion, gone.rejected], [null, 0, null, 0]);
});

Deno.test("another table at the same or a higher version is not taken for the one that was followed", async () => {
  await using scene = new Scene();
  await scene.process(trains(60));
  const first = await scene.look();
  await scene.clear();
  await scene.process(trains(10));
  const second = await scene.look();
  await using other = new Scene();
  await other.process(trains(10));
  const ids = (view: typeof first) => view.trains.map(({ id }) => id).sort();
  assertEquals(first.standardVersion, second.standardVersion);
  assertEquals(ids(second), ids(await other.look()));
  assert(ids(second).length < ids(first).length);
});

Deno.test("a table that was rewritten, and whose log was cleaned up, is followed on", async () => {
  await using scene = new Scene();
  await scene.process(trains(40));
  const first = await scene.look();
  const store = scene.storeOf(TABLE_PATHS.standard);
  const table = await openTable(store, { clock: () => NOW_MS, ids: () => crypto.randomUUID() });
  await optimizeTable(table, { sortBy: ["trainNumber"] });
  await checkpointTable(table);
  for (let version = 0; version < table.snapshot.version; version++) await store.remove(commitPath(version));
  const second = await scene.look();
  assertEquals(second.fault, null);
  assert((second.standardVersion ?? 0) > (first.standardVersion ?? 0));
});

Deno.test("one table that is broken is said, and the others go on", async () => {
  await using scene = new Scene();
  await scene.process(trains(40));
  assertEquals((await scene.look()).fault, null);
  const log = `${scene.folder}/${TABLE_PATHS.quarantine}/_delta_log`;
  await Deno.remove(log, { recursive: true });
  await Deno.mkdir(log);
  await Deno.writeTextFile(`${log}/00000000000000000007.json`, "{");
  const before = await scene.look();
  assertStringIncludes(before.fault ?? "", TABLE_PATHS.quarantine);
  await scene.process(trains(40, NOW_MS)).catch(() => {});
  const lake = await openTable(scene.storeOf(TABLE_PATHS.standard), { clock: () => 0, ids: () => "y" });
  const after = await scene.look();
  assertEquals([after.standardVersion, after.trains.length > 0], [lake.snapshot.version, true]);
});

Deno.test("looking again reads only data files that are new", async () => {
  await using scene = new Scene();
  await scene.process(trains(40));
  await scene.look();
  const first = scene.reads.length;
  assert(first > 0);
  await scene.look();
  await scene.look();
  assertEquals(scene.reads.length, first);
});
