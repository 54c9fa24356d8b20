/** Starts Deno in a process of its own and stays beside it: the host of the launcher, the pipeline and the compiler. */
import { planStart, type Start, type StartCall } from "../../lib/cli/rights/plan_start.ts";
import { PLACE_VARIABLES } from "../../lib/cli/rights/setting_names.ts";
import { spawnChild } from "../kernel/spawn_child.ts";
import { memoryEnvironment } from "./memory_environment.ts";
import project from "../../deno.json" with { type: "json" };

const FORWARDED = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const;
/** On Linux the very program that runs, elsewhere the one in PATH: nothing else may be started. */
const PROGRAMS = ["/proc/self/exe", "deno"];

/** Plans the start of a script in this environment. */
export function planHere(name: string, { args, packages }: Pick<StartCall, "args" | "packages">): Start {
  return planStart(name, {
    args,
    env: Object.fromEntries(PLACE_VARIABLES.map((variable) => [variable, Deno.env.get(variable)])),
    currentFolder: Deno.cwd(),
    isFolder: (path) => ifThere(() => Deno.statSync(path).isDirectory) ?? false,
    realPath: (path) => ifThere(() => Deno.realPathSync(path)),
    sets: project.permissions,
    ...(packages === undefined ? {} : { packages }),
  });
}

/** Runs Deno as planned; resolves to its exit code, which is 2 when it cannot be started as asked. */
export async function startDeno(name: string, { command, faults }: Start): Promise<number> {
  if (faults.length > 0) {
    await Deno.stderr.write(new TextEncoder().encode(faults.map((fault) => `${name}: ${fault}\n`).join("")));
    return 2;
  }
  const child = spawn(command);
  const forward = (signal: Deno.Signal) => () => child.kill(signal);
  const listeners = FORWARDED.map((signal) => [signal, forward(signal)] as const);
  if (Deno.build.os !== "windows") listeners.forEach((listener) => Deno.addSignalListener(...listener));
  const { code } = await child.status;
  if (Deno.build.os !== "windows") listeners.forEach((listener) => Deno.removeSignalListener(...listener));
  return code;
}

function spawn(args: readonly string[]): Deno.ChildProcess {
  return spawnChild(programToStart(), { args, env: memoryEnvironment() });
}

/** The Deno that may be started. */
export function programToStart(): string {
  const isAllowed = (command: string) =>
    Deno.permissions.querySync({ name: "run", command }).state === "granted";
  return PROGRAMS.find(isAllowed) ?? Deno.execPath();
}

// Not from node:fs, whose loading takes longer than all the rest.
function ifThere<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
