/** `deno task notebook`: opens the notebook in Jupyter, with a kernel of few rights. */
import { EXIT_CODES } from "../lib/cli/exit_code.ts";
import { NOTEBOOK_OPTIONS } from "../lib/cli/flags/notebook_options.ts";
import { absolutePath } from "../lib/cli/rights/paths.ts";
import project from "../deno.json" with { type: "json" };
import { runScript } from "./host/run_script.ts";
import { findJupyter } from "./kernel/find_jupyter.ts";
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
    const [jupyter, front] = await findJupyter(JUPYTERS, execute ? ["nbconvert"] : ["lab", "notebook"]);
    const options = { folder: "data_files/notebook", rights: project.permissions.notebook, dataDir };
    using kernel = await makeKernelFolder(options);
    const place = out === undefined ? "--inplace" : `--output=${absolutePath(out, Deno.cwd())}`;
    const args = execute ? [...EXECUTE, place, notebook] : [front, notebook];
    const child = spawnChild(jupyter, { args, env: { JUPYTER_PATH: kernel.path } });
    const { code } = await child.status;
    return code === 0 ? EXIT_CODES.done.code : EXIT_CODES.failed.code;
  },
});
