/** Starts another program with the terminal of this one, or beside it; part of the host. */

/** What is started. */
interface ChildOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Its lines come through pipes, and it has no terminal. */
  readonly isBeside?: boolean;
}

/** Deno passes LD_* on only to those who may start everything, so they are emptied where they are refused. */
export function spawnChild(
  program: string,
  { args, env = {}, isBeside = false }: ChildOptions,
): Deno.ChildProcess {
  try {
    const streams = isBeside
      ? { stdin: "null", stdout: "piped", stderr: "piped" } as const
      : { stdin: "inherit" } as const;
    return new Deno.Command(program, { args: [...args], env, ...streams }).spawn();
  } catch (error) {
    const refused = error instanceof Error ? error.message.match(/\b(?:LD|DYLD)_\w+/g) ?? [] : [];
    if (refused.length === 0 || refused.some((name) => name in env)) throw error;
    return spawnChild(program, {
      args,
      isBeside,
      env: { ...env, ...Object.fromEntries(refused.map((name) => [name, ""])) },
    });
  }
}
