/** The example of `simulate --help` leads to a report that passes, as any example should. */
import { assertEquals, assertMatch } from "@std/assert";
import { DataFolder, runScript, startScript } from "./script_process.ts";

Deno.test("simulate's own example with a speed makes trains that the report accepts", async () => {
  const { out } = await runScript("simulate", ["--help"], {});
  const example = /deno task simulate (.*--speed 60.*)$/m.exec(out)?.[1]?.trim().split(" ") ?? [];
  assertEquals(example.length, 4);
  await using folder = new DataFolder();
  const simulator = await startScript("simulate", [...example, "--port", "0", "--trains", "20"], {});
  const reader = simulator.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("DIGITRAFFIC_URL=")) said += (await reader.read()).value ?? "";
  const url = /DIGITRAFFIC_URL=(\S+)/.exec(said)?.[1] ?? "";
  const env = { DATA_DIR: folder.path, DIGITRAFFIC_URL: url };
  for (const script of ["fetch", "process", "report"]) {
    const { code, err } = await runScript(script, [], env);
    assertEquals([script, code, err], [script, 0, ""]);
  }
  simulator.kill("SIGINT");
  await reader.cancel();
  assertEquals((await simulator.status).code, 130);
  assertMatch(await new Response(simulator.stderr).text(), /^$/);
});
