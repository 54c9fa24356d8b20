/** `reset` deletes what is ours and nothing beside it. */
import { assertEquals, assertRejects } from "@std/assert";
import { holdLock } from "../../lib/follow/follower_lock.ts";
import { deleteLeftovers, findLeftovers, findRunning } from "../../lib/pipeline/reset_lake.ts";
import { ALL_TABLE_PATHS, TABLE_PATHS } from "../../lib/tables/table_paths.ts";

async function filesIn(folder: string, prefix = ""): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${prefix}`)) {
    if (isDirectory) found.push(...await filesIn(folder, `${prefix}${name}/`));
    else found.push(`${prefix}${name}`);
  }
  return found.sort();
}

async function filledFolder(): Promise<string> {
  const folder = await Deno.makeTempDir();
  const ours = [
    ...ALL_TABLE_PATHS.map((path) => `${path}/_delta_log/0.json`),
    "broker.db",
    "broker.db-wal",
    "followers/process.json",
    "publish_state.json.lock",
    "backfill_state.json.lock",
  ];
  const others = ["README.md", "landing_zone/mine/notes.txt", "publish_state.json", "broker.db.copy"];
  for (const file of [...ours, ...others]) {
    await Deno.mkdir(`${folder}/${file.slice(0, Math.max(0, file.lastIndexOf("/")))}`, { recursive: true });
    await Deno.writeTextFile(`${folder}/${file}`, "12345");
  }
  return folder;
}

function placesIn(folder: string, isEmbedded: boolean) {
  return {
    dataDir: folder,
    stateFile: `${folder}/publish_state.json`,
    brokerFile: isEmbedded ? `${folder}/broker.db` : null,
  };
}

Deno.test("the tables, the broker's files and the state go; everything else stays", async () => {
  const folder = await filledFolder();
  const places = placesIn(folder, true);
  const leftovers = await findLeftovers(places);
  assertEquals(leftovers.length, 20);
  assertEquals(leftovers.every(({ sizeBytes }) => sizeBytes === 5), true);
  await deleteLeftovers(leftovers, places);
  assertEquals(await filesIn(folder), ["README.md", "broker.db.copy", "landing_zone/mine/notes.txt"]);
  assertEquals(await findLeftovers(places), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("with Kafka a broker file that lies there is none of ours", async () => {
  const folder = await filledFolder();
  const places = placesIn(folder, false);
  await deleteLeftovers(await findLeftovers(places), places);
  assertEquals((await filesIn(folder)).includes("broker.db"), true);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("of a link in the place of a table the link goes, and what it leads to stays", async () => {
  const [folder, elsewhere] = [await Deno.makeTempDir(), await filledFolder()];
  await Deno.mkdir(`${folder}/landing_zone`);
  await Deno.symlink(elsewhere, `${folder}/${TABLE_PATHS.landing}`);
  const places = placesIn(folder, true);
  await deleteLeftovers(await findLeftovers(places), places);
  assertEquals([await filesIn(folder), (await filesIn(elsewhere)).length], [[], 23]);
  for (const each of [folder, elsewhere]) await Deno.remove(each, { recursive: true });
});

Deno.test("a folder is as large as all that lies in it, and a file where a folder should be is named", async () => {
  const folder = await Deno.makeTempDir();
  const places = placesIn(folder, true);
  const table = `${folder}/${TABLE_PATHS.landing}`;
  await Deno.mkdir(`${table}/_delta_log`, { recursive: true });
  await Deno.writeTextFile(`${table}/one`, "12345");
  await Deno.writeTextFile(`${table}/_delta_log/two`, "123");
  assertEquals(await findLeftovers(places), [{ path: table, sizeBytes: 8 }]);
  await deleteLeftovers(await findLeftovers(places), places);
  await Deno.writeTextFile(`${folder}/landing_zone`, "mine");
  await assertRejects(() => findLeftovers(places));
  await assertRejects(() => deleteLeftovers([], places));
  assertEquals(await Deno.readTextFile(`${folder}/landing_zone`), "mine");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("whoever follows or fills right now is named, and nobody who has ended", async () => {
  const folder = await Deno.makeTempDir();
  const places = placesIn(folder, true), holder = { pid: 41, host: "tampere", sinceMs: 0 };
  const hold = (path: string) =>
    holdLock(path, { holder, sleep: () => Promise.resolve(), signal: new AbortController().signal });
  assertEquals(await findRunning(places), []);
  {
    await using _process = await hold(`${folder}/followers/process.lock`);
    await using _fetch = await hold(`${folder}/publish_state.json.lock`);
    assertEquals(await findRunning(places), [
      { name: "fetch --follow", holder },
      { name: "process --follow", holder },
    ]);
    await Deno.truncate(`${folder}/followers/process.lock`);
    assertEquals((await findRunning(places)).at(-1), { name: "process --follow", holder: null });
  }
  assertEquals(await findRunning(places), []);
  await Deno.remove(folder, { recursive: true });
});
