/** The notebook runs from top to bottom in Jupyter, shows what is committed, and its cells have few rights. */
import { assertEquals, assertRejects } from "@std/assert";
import { dirname } from "node:path";
import { UsageError } from "../../lib/errors.ts";
import { findJupyter } from "../../scripts/kernel/find_jupyter.ts";
import { pythonPath, whyNoPython } from "./python_venv.ts";
import { testUnless } from "./test_unless.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const reason = await whyNoPython(["nbconvert", "nbclient"]);

interface Notebook {
  readonly cells: readonly Cell[];
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly {
    readonly output_type: string;
    readonly data: Readonly<Record<string, unknown>>;
  }[];
}

testUnless(reason, {
  name: "every cell of the notebook runs on the demo's tables and shows what is in git",
  fn: async () => {
    await runTask(["demo"]);
    const shown = await execute([]);
    const committed: Notebook = JSON.parse(await Deno.readTextFile(`${ROOT}scripts/data_analysis.ipynb`));
    assertEquals(shown.cells.map(withoutIds), committed.cells.map(withoutIds));
    const failed = shown.cells.flatMap(({ outputs = [] }) => outputs).filter(({ output_type }) =>
      output_type === "error"
    );
    assertEquals(failed, []);
  },
});

testUnless(reason, {
  name: "a cell can read the tables and the code, and nothing else; it can write, start and reach nothing",
  fn: async () => {
    const attempts = {
      tables: `Deno.readDirSync(Deno.env.get("DATA_DIR")).toArray().length >= 0`,
      code: `Deno.readTextFileSync("${ROOT}lib/delta/mod.ts").length > 0`,
      elsewhere: `Deno.readTextFileSync("/etc/hostname")`,
      above: `Deno.readTextFileSync("${ROOT}lib/../deno.json")`,
      relative: `Deno.readTextFileSync("notebook.ipynb")`,
      write: `Deno.writeTextFileSync(Deno.env.get("DATA_DIR") + "/file", "")`,
      start: `new Deno.Command("true").outputSync()`,
      listen: `Deno.listen({ port: 0, hostname: "127.0.0.1" })`,
      fetch: `await fetch("http://127.0.0.1:8088/")`,
      home: `Deno.env.get("HOME")`,
      // Whatever Deno says to that.
      asked: `await Deno.permissions.request({ name: "write" }); Deno.writeTextFileSync("${ROOT}file", "")`,
    };
    const lines = Object.entries(attempts).map(([name, code]) =>
      `try { ${code}; found.${name} = "done"; } catch (error) { found.${name} = error.name; }`
    );
    const show = `await Deno.jupyter.display({ "text/plain": JSON.stringify(found) }, { raw: true });
for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 5));`;
    const folder = await Deno.makeTempDir();
    const path = `${folder}/notebook.ipynb`;
    await Deno.writeTextFile(path, notebookOf(`const found = {};\n${lines.join("\n")}\n${show}`));
    const { cells: [cell] } = await execute([path]);
    await Deno.remove(folder, { recursive: true });
    assertEquals(JSON.parse(String(cell?.outputs?.[0]?.data["text/plain"])), {
      ...Object.fromEntries(Object.keys(attempts).map((name) => [name, "NotCapable"])),
      tables: "done",
      code: "done",
    });
  },
});

Deno.test({
  name: "without Jupyter it is said how it comes",
  permissions: { run: ["./no/such/jupyter"] },
  fn: async () => {
    await assertRejects(
      () => findJupyter(["./no/such/jupyter"], ["lab", "notebook"]),
      UsageError,
      "expected one; `python3 -m venv .venv && .venv/bin/pip install jupyterlab` brings it",
    );
  },
});

async function execute(notebook: readonly string[]): Promise<Notebook> {
  const out = await Deno.makeTempFile({ suffix: ".ipynb" });
  await runTask(["notebook", "--execute", "--data-dir", "data_files/demo", "--out", out, ...notebook]);
  const executed = JSON.parse(await Deno.readTextFile(out));
  await Deno.remove(out);
  return executed;
}

async function runTask(args: readonly string[]): Promise<void> {
  const { code, stderr } = await task(args, {
    PATH: `${dirname(pythonPath())}:${Deno.env.get("PATH") ?? ""}`,
  });
  assertEquals([code, code === 0 ? "" : stderr], [0, ""]);
}

async function task(args: readonly string[], env: Readonly<Record<string, string>>) {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", ...args],
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1", DATA_DIR: "" },
    stdin: "null",
  });
  const { code, stderr } = await command.output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

function notebookOf(source: string): string {
  return JSON.stringify({
    cells: [{ cell_type: "code", id: "one", source, outputs: [], metadata: {}, execution_count: null }],
    metadata: { kernelspec: { display_name: "Deno", language: "typescript", name: "deno" } },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

/** Which cell ran as the how manieth is the executor's. */
function withoutIds({ cell_type, source, outputs = [] }: Cell): unknown {
  return { cell_type, source, outputs };
}
