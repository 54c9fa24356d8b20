/** `deno task table` as a real process with the rights that the launcher gives it; `table_script_verbs_test.ts` has the rest. */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { appendFile, createTable, LocalStore, tableSchema } from "../../lib/delta/mod.ts";

async function table(args: readonly string[]) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "table", ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

async function withTable(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    let ids = 0;
    const context = { clock: () => 1, ids: () => `${ids++}` };
    const numbers = await createTable(new LocalStore(`${folder}/numbers`), {
      schema: tableSchema({ n: "long" }),
    }, context);
    for (const n of [1n, 2n]) await appendFile(numbers, await numbers.stageRows([{ n }]), { rows: 1 });
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a table anywhere on the disk can be read", async () => {
  await withTable(async (folder) => {
    assertEquals(await table(["cat", `${folder}/numbers`, "--format=ndjson"]), {
      code: 0,
      out: '{"n":1}\n{"n":2}\n',
      err: "",
    });
    const older = await table(["cat", `${folder}/numbers`, "--format", "csv", "--version", "1"]);
    assertEquals(older, { code: 0, out: "n\r\n1\r\n", err: "" });
  });
});

Deno.test("a verb that changes a table may write it, and --out its file", async () => {
  await withTable(async (folder) => {
    const path = `${folder}/numbers`;
    const done = await table(["optimize", path, "--json"]);
    assertEquals([done.code, JSON.parse(done.out).version], [0, 3]);
    const file = `${folder}/rows.csv`;
    assertEquals((await table(["cat", path, "--format=csv", `--out=${file}`])).code, 0);
    assertEquals(await Deno.readTextFile(file), "n\r\n1\r\n2\r\n");
  });
});

Deno.test("a folder without a table is a failure, a wrong verb or flag a wrong use", async () => {
  const missing = await table(["show", "/nowhere"]);
  assertEquals([missing.code, missing.out], [1, ""]);
  assertMatch(missing.err, /^table: Cannot open the table "\/nowhere": found no log, expected _delta_log\//);
  const { code, err } = await table(["vakuum", "/nowhere"]);
  assertEquals(code, 2);
  assertStringIncludes(err, 'Cannot run "table vakuum": unknown verb');
});
