/** `live` as real processes: whoever is killed comes back, the page too, and one end ends all. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isHeld } from "../../lib/follow/follower_lock.ts";
import { FollowLines } from "./follow_lines.ts";
import { DataFolder, endOf } from "./script_process.ts";

const ROOT = new URL("../../", import.meta.url);

function startLive(args: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-P=launch", "scripts/live.ts", ...args],
    cwd: ROOT,
    env: { NO_COLOR: "1", LOG_LEVEL: "warning", KAFKA_BROKER: "", DATA_DIR: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function until(lines: FollowLines, pattern: RegExp): Promise<string> {
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (pattern.test(line)) return line;
  }
  throw new Error(`Cannot find ${pattern}: found the end`);
}

/** Processes that last, as this system lists them by these arguments of `ps`, by the permission set of each. */
async function listed(...args: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "pid=,args=", ...args] }).output();
  const found = new Map<string, number>();
  for (const line of new TextDecoder().decode(stdout).split("\n")) {
    const [, pid, name] = /^ *(\d+) .*? -P=(\w+) /.exec(line) ?? [];
    if (name !== undefined && !line.includes(" --metadata")) found.set(name, Number(pid));
  }
  return found;
}

Deno.test({
  name: "each process that is killed is started again, the page answers again, and SIGTERM ends all of them",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using folder = new DataFolder();
    const [page, simulator] = [freePort(), freePort()];
    await using live = startLive([
      ...["--simulate", "--trains=30", `--simulator-port=${simulator}`, `--port=${page}`],
      ...[`--data-dir=${folder.path}`, "--max-age=100ms"],
    ]);
    const out = new FollowLines(live.stdout), err = new FollowLines(live.stderr);
    const url = `http://127.0.0.1:${page}/`;
    assertEquals(await until(out, /^serve /), `serve    | Trains now: ${url}`);
    assertStringIncludes(await (await fetch(url)).text(), "<h1>Trains now</h1>");
    const before = await listed("--ppid", String(live.pid));
    for (const name of ["simulate", "fetch", "process", "serve"]) {
      const pid = before.get(name);
      assert(pid !== undefined, `${name} in ${[...before.keys()].join(", ")}`);
      Deno.kill(pid, "SIGKILL");
      const line = await until(err, new RegExp(` ${name} ended with exit code`));
      assertMatch(line, /exit code 137; starting it again in 1 s$/);
    }
    await until(out, /^serve +\| Trains now/);
    assertEquals((await fetch(`${url}metrics`)).status, 200);
    live.kill("SIGTERM");
    await Promise.all([out.last(), err.last()]);
    assertEquals((await live.status).code, 143);
    assertEquals(await listed("-p", [...before.values()].join(",")), new Map());
    assertEquals(await isHeld(folder.file("followers/process.lock")), false);
  },
});

Deno.test("what is called wrongly starts nothing, and each fault is said once", async () => {
  const { code, out, err } = await endOf(startLive(["--bogus", "--port=99999", "--simulate"]));
  assertEquals([code, out], [2, ""]);
  assertEquals(err.split("\n").filter((line) => line.includes("Cannot")), [
    'live: Cannot use "--bogus": unknown flag, see --help',
    'live: Cannot use "--port": found "99999", expected a whole number from 0 to 65535',
  ]);
});

Deno.test("a port of another program ends all parts, with the flag that names another", async () => {
  await using folder = new DataFolder();
  for (const [flag, name] of [["--simulator-port", "simulate"], ["--port", "serve"]] as const) {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const ports = { "--simulator-port": freePort(), "--port": freePort(), [flag]: taken.addr.port };
    const args = Object.entries(ports).map(([key, port]) => `${key}=${port}`);
    const live = startLive(["--simulate", "--trains=30", ...args, `--data-dir=${folder.path}`]);
    const { code, out, err } = await endOf(live);
    assertEquals(code, 2);
    const [line = ""] = out.split("\n").filter((each) => each.startsWith(name) && each.includes("Cannot"));
    assertStringIncludes(line, `Cannot serve on "127.0.0.1:${taken.addr.port}"`);
    assertMatch(line, new RegExp(`${flag} `));
    assertMatch(err, /All are stopped, as one of them cannot run as it was called: its lines say why\n/);
  }
});
