/** The Python of the foreign readers: `.venv` in the repository, or the one that RATALAKE_PYTHON names. */

const ROOT = new URL("../../", import.meta.url).pathname;
const SCRIPTS = new URL("./python/", import.meta.url).pathname;

/** Where the Python is. */
export function pythonPath(): string {
  return Deno.env.get("RATALAKE_PYTHON") || `${ROOT}.venv/bin/python`;
}

/** Why these modules cannot be used; undefined when they can. In CI they must be there. */
export async function whyNoPython(modules: readonly string[]): Promise<string | undefined> {
  const reason = await failureOf(pythonPath(), ["-c", `import ${modules.join(", ")}`]);
  if (reason === undefined) return undefined;
  const hint =
    `${reason}; "python3 -m venv .venv && .venv/bin/pip install -r tests/interop/requirements.txt" helps`;
  if (Deno.env.get("CI") !== "true") return hint;
  throw new Error(`Tests with Python are required in CI, but ${hint}`);
}

/** Runs a script of tests/interop/python and gives the JSON object of its last line. */
export async function runPython<Result>(script: string, args: readonly string[]): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(pythonPath(), {
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
