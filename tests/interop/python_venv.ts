/**
 * The Python of the foreign readers: `.venv` in the repository, or the one that RATALAKE_PYTHON names. That of the
 * engines is `.venv-engines`, or RATALAKE_ENGINES_PYTHON: one of them calls its package pyspark as Spark does.
 */

const ROOT = new URL("../../", import.meta.url).pathname;
const SCRIPTS = new URL("./python/", import.meta.url).pathname;

/** Which of the two. */
export type Venv = "peers" | "engines";

const VENVS = {
  peers: { variable: "RATALAKE_PYTHON", folder: ".venv", requirements: "requirements.txt" },
  engines: {
    variable: "RATALAKE_ENGINES_PYTHON",
    folder: ".venv-engines",
    requirements: "requirements-engines.txt",
  },
} as const;

/** Where the Python is. */
export function pythonPath(venv: Venv = "peers"): string {
  const { variable, folder } = VENVS[venv];
  return Deno.env.get(variable) || `${ROOT}${folder}/bin/python`;
}

/** Why these modules cannot be used; undefined when they can. In CI they must be there. */
export async function whyNoPython(
  modules: readonly string[],
  venv: Venv = "peers",
): Promise<string | undefined> {
  const { folder, requirements } = VENVS[venv];
  const reason = await failureOf(pythonPath(venv), ["-c", `import ${modules.join(", ")}`]);
  if (reason === undefined) return undefined;
  const hint =
    `${reason}; "python3 -m venv ${folder} && ${folder}/bin/pip install -r tests/interop/${requirements}" helps`;
  if (Deno.env.get("CI") !== "true") return hint;
  throw new Error(`Tests with Python are required in CI, but ${hint}`);
}

/** Runs a script of tests/interop/python and gives the JSON object of its last line. */
export async function runPython<Result>(
  script: string,
  args: readonly string[],
  venv: Venv = "peers",
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(pythonPath(venv), {
    args: [`${SCRIPTS}run_script.py`, `${SCRIPTS}${script}`, ...args],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${text.decode(stderr).slice(-3000)}`);
  return JSON.parse(text.decode(stdout).trimEnd().split("\n").at(-1) ?? "");
}

async function failureOf(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { code, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" }).output();
    return code === 0 ? undefined : new TextDecoder().decode(stderr).trimEnd().split("\n").at(-1);
  } catch (cause) {
    return cause instanceof Deno.errors.NotFound ? `there is no ${command}` : String(cause);
  }
}
