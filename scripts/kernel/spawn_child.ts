/** Starts another program with the terminal of this one; part of the host. */

/** Deno passes LD_* on only to those who may start everything, so they are emptied where they are refused. */
export function spawnChild(
  program: string,
  { args, env = {} }: { readonly args: readonly string[]; readonly env?: Readonly<Record<string, string>> },
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, { args: [...args], env, stdin: "inherit" }).spawn();
  } catch (error) {
    const refused = error instanceof Error ? error.message.match(/\b(?:LD|DYLD)_\w+/g) ?? [] : [];
    if (refused.length === 0 || refused.some((name) => name in env)) throw error;
    return spawnChild(program, {
      args,
      env: { ...env, ...Object.fromEntries(refused.map((name) => [name, ""])) },
    });
  }
}
