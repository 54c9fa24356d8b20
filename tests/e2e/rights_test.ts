/** Promise 5: each script has its own rights and no more; a reader of tables cannot write or reach the network. */

import { assert, assertEquals, assertFalse } from "@std/assert";
import { readProjectConfig } from "./script_process.ts";

const ROOT = new URL("../../", import.meta.url);
const SCRIPTS = ["demo", "fetch", "process", "replay", "report", "simulate"];

Deno.test("no task runs with all rights, and each script runs under the set of its own name", async () => {
  const { tasks, permissions } = await readProjectConfig();
  for (const [name, { command }] of Object.entries(tasks)) {
    assertFalse(/(?:^|\s)(?:-A|--allow-all)(?:\s|$)/.test(command), `${name}: ${command}`);
  }
  for (const name of SCRIPTS) {
    const { command } = tasks[name] ?? { command: "" };
    assert(command.includes(` -P=${name} `) && command.endsWith(`scripts/${name}.ts`), command);
    assert(command.includes(" --no-prompt "), command);
    assert(name in permissions);
  }
});

Deno.test("the sets name what they allow: nobody may run programs, and only readers of recordings read everywhere", async () => {
  const { permissions } = await readProjectConfig();
  for (const name of SCRIPTS) {
    const set = permissions[name] ?? {};
    const everything = Object.keys(set).filter((right) => set[right] === true);
    assertEquals([name, everything], [name, name === "replay" ? ["read"] : []]);
    assertEquals([name, set.run, set.all], [name, undefined, undefined]);
  }
  const { write, net } = permissions.report ?? {};
  assertEquals([write, net], [undefined, undefined]);
  assertEquals(permissions.simulate?.write, undefined);
  assertEquals(permissions.demo?.write, ["./data_files/demo"]);
});

Deno.test("under the rights of report nothing can be written, reached or started", async () => {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-P=report", "tests/e2e/probe_rights.ts"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  assertEquals(JSON.parse(new TextDecoder().decode(stdout)), []);
});
