/** `deno task notebook`: opens the notebook in Jupyter, with a kernel of few rights. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { NOTEBOOK_OPTIONS } from "../lib/cli/notebook_options.ts";
import { absolutePath } from "../lib/cli/rights/paths.ts";
import { UsageError } from "../lib/errors.ts";
import project from "../deno.json" with { type: "json" };
import { runScript } from "./host.ts";
import { makeKernelFolder } from "./kernel/kernel_folder.ts";
import { spawnChild } from "./kernel/spawn_child.ts";

const NOTEBOOK = "scripts/data_analysis.ipynb";
const JUPYTERS = ["./.venv/bin/jupyter", "jupyter"];
/** When cells ran is nothing to keep. */
const EXECUTE = [
  ...["nbconvert", "--to=notebook", "--execute"],
  ...["--ExecutePreprocessor.record_timing=False", "--log-level=WARN"],
];

await runScript({
  name: "notebook",
  summary:
    "Opens scripts/data_analysis.ipynb in Jupyter, on the tables of a data folder. Its cells may read these tables\n" +
    "and the code of this project: they can write nothing, start nothing and reach no host.",
  example: "deno task demo && deno task notebook\ndeno task notebook --data-dir data_files",
  settings: ["tables"],
  options: NOTEBOOK_OPTIONS,
  positionals: { value: "notebook", summary: `another one than ${NOTEBOOK}`, least: 0, most: 1 },
  run: async ({ config: { dataDir }, flags: { execute, out }, positionals: [notebook = NOTEBOOK] }) => {
    const [jupyter, front] = await findJupyter(execute ? ["nbconvert"] : ["lab", "notebook"]);
    const options = { folder: "data_files/notebook", rights: project.permissions.notebook, dataDir };
    using kernel = await makeKernelFolder(options);
    const place = out === undefined ? "--inplace" : `--output=${absolutePath(out, Deno.cwd())}`;
    const args = execute ? [...EXECUTE, place, notebook] : [front, notebook];
    const child = spawnChild(jupyter, { args, env: { JUPYTER_PATH: kernel.path } });
    const { code } = await child.status;
    return code === 0 ? EXIT_CODES.done.code : EXIT_CODES.failed.code;
  },
});

/** The first Jupyter that is there, and the first of its parts. */
async function findJupyter(fronts: readonly string[]): Promise<readonly [string, string]> {
  for (const jupyter of JUPYTERS) {
    for (const front of fronts) if (await isThere(jupyter, front)) return [jupyter, front];
  }
  throw new UsageError([
    `Cannot open "${NOTEBOOK}": found no ${fronts.join(" or ")} of Jupyter in .venv or PATH, expected one; ` +
    "`python3 -m venv .venv && .venv/bin/pip install jupyterlab` brings it",
  ]);
}

async function isThere(jupyter: string, front: string): Promise<boolean> {
  try {
    const { code } = await new Deno.Command(jupyter, { args: [front, "--version"], stdin: "null" }).output();
    return code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
