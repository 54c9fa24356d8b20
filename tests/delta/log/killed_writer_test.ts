import { assert, assertEquals } from "@std/assert";
import { createTable, LocalStore, openTable, tableSchema, vacuumTable } from "../../../lib/delta/mod.ts";
import { tableRows } from "../table_rows.ts";
import { testContext } from "../test_context.ts";

const WRITER = new URL("./concurrency/table_writer.ts", import.meta.url).pathname;
const PERMISSIONS = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-ffi"];
const schema = tableSchema({ kind: "string", key: "string", amount: "long" });

Deno.test({
  name: "a writer that is killed has lost nothing that it acknowledged, and nothing of it is in by half",
  permissions: { read: true, write: true, run: true, env: true, sys: true, ffi: true },
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await createTable(
        new LocalStore(folder),
        { schema, partitionColumns: ["kind"] },
        testContext("create"),
      );
      const acknowledged = await Promise.all([1, 3, 6].map((lines) => killAfter(folder, lines)));
      await checkBatches(folder, acknowledged.flat());
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Kills a writer as soon as it has acknowledged so many commits; gives all that it had said by then. */
async function killAfter(folder: string, lines: number): Promise<readonly string[]> {
  const args = ["run", "--quiet", "--no-prompt", "--no-check", ...PERMISSIONS, WRITER, folder, "append"];
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, `killed-${lines}`, "1000"],
    stdout: "piped",
    stderr: "null",
  });
  const child = command.spawn();
  let said = "";
  let isKilled = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (isKilled || said.split("\n").length <= lines) continue;
    isKilled = true;
    child.kill("SIGKILL");
  }
  const { success } = await child.status;
  assert(!success, "the writer was killed");
  return said.split("\n").slice(0, -1).map((line) => line.replace("committed ", ""));
}

async function checkBatches(folder: string, acknowledged: readonly string[]): Promise<void> {
  const context = { ...testContext("next"), clock: () => Date.UTC(2040, 0, 1) };
  const table = await openTable(new LocalStore(folder), context);
  const batches = Map.groupBy(await tableRows(table), ({ key }) => String(key).slice(0, -2));
  assertEquals(acknowledged.filter((batch) => batches.get(batch)?.length !== 3), []);
  assertEquals([...batches.values()].filter(({ length }) => length !== 3), []);
  // Each of the three may have had one more commit on its way.
  assert(
    batches.size - acknowledged.length <= 3,
    `${batches.size} batches, ${acknowledged.length} acknowledged`,
  );
  await vacuumTable(table, { retentionMs: 0, force: true });
  const left = [...Deno.readDirSync(`${folder}/kind=row`)].map(({ name }) => `kind=row/${name}`);
  assertEquals(left.toSorted(), [...table.snapshot.files.keys()].toSorted());
}
